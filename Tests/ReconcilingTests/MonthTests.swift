import LedgerCore
import Testing

@testable import Reconciling

/// A month of 20,000 payments, as banks book them: a third with the reference in its field, a third with it in a noisy
/// text, a third with nothing but the account.
@Suite struct MonthTests {
    @Test func findsExactlyTheBreaksThatAreThere() {
        let month = Month(count: 20_000)
        let findings = month.desk.run()

        #expect(findings.matches.count == 20_000 - month.wrong.count - month.unpaid.count)
        #expect(findings.matches.allSatisfy { $0.payments.count == 1 && $0.lines.count == 1 })
        #expect(Set(findings.returns.map(\.payment)) == Set(month.returned))
        #expect(findings.returns.count == 200)

        let kinds = Dictionary(grouping: findings.breaks, by: \.kind).mapValues { Set($0.map(\.item)) }
        #expect(kinds[.amount] == Set(month.wrong.flatMap { [.payment($0), .line(month.lineOf($0))] }))
        #expect(kinds[.missingInBank] == Set(month.unpaid.map { .payment($0) }))
        #expect(kinds[.missingInLedger] == Set(month.strangers.map { .line($0) }))
        #expect(kinds[.duplicate] == Set(month.doubles.map { .line($0) }))
        #expect(kinds.count == 4)
        #expect(findings.breaks.count == 2 * 200 + 100 + 100 + 40)
        checkProperties(of: findings, from: month.desk, #_sourceLocation)
    }
}

private struct Month {
    private(set) var desk = Desk(today: 60)
    /// Entries.
    private(set) var returned: [Int64] = []
    private(set) var wrong: [Int64] = []
    private(set) var unpaid: [Int64] = []
    /// Lines.
    private(set) var doubles: [LineID] = []
    private(set) var strangers: [LineID] = []

    init(count: Int64) {
        var random = SplitMix64(state: 2026)
        for entry in 1...count {
            let date = 1 + Int(entry * 28 / count)
            let fen = -Int64.random(in: 10_000...900_000_000, using: &random)
            let account = "6222 0200 \(10_000 + entry % 700)"
            desk.payments.append(payment(entry, fen, on: date, account: account))
            let style = entry % 3
            var field: String? { style == 0 ? reference(entry) : "NOTPROVIDED" }
            var text: String? {
                style == 1 ? "拨款 \(reference(entry).replacing("-", with: " ").lowercased())/RF" : "grant"
            }
            func add(_ fen: Int64, on booked: Int, statement: Int64 = 1, named: Bool = false) -> LineID {
                let line = line(
                    Int(entry), fen, on: booked, reference: named ? reference(entry) : field, text: text, to: account,
                    statement: statement)
                desk.lines.append(line)
                return line.id
            }
            switch entry % 1_000 {
            case 0, 100, 200, 300, 400, 500, 600, 700, 800, 900:
                returned.append(entry)
                _ = add(fen, on: date + 1)
                _ = add(-fen, on: date + 3, statement: 2, named: true)
            case 1, 101, 201, 301, 401, 501, 601, 701, 801, 901:
                wrong.append(entry)
                _ = add(fen + 9, on: date + 1, named: true)
            case 2, 202, 402, 602, 802: unpaid.append(entry)
            case 3, 203, 403, 603, 803:
                _ = add(fen, on: date + 1)
                let charge = line(Int(entry), -Int64(entry % 997) - 1, on: date, text: "fee", to: "bank", statement: 3)
                desk.lines.append(charge)
                strangers.append(charge.id)
            case 4, 504:
                _ = add(fen, on: date + 1, named: true)
                doubles.append(add(fen, on: date + 2, statement: 2, named: true))
            default: _ = add(fen, on: date + 1)
            }
        }
    }

    func lineOf(_ entry: Int64) -> LineID { LineID(statement: 1, number: Int(entry)) }
}
