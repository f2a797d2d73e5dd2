import LedgerCore
import Testing

@testable import Reconciling

/// Small worlds in which everything collides: few references, amounts, accounts, batches and days.
@Suite struct PropertyTests {
    @Test(arguments: 0..<40) func whateverComes(seed: UInt64) {
        for part in 0..<25 {
            var world = World(seed: seed * 1_000 + UInt64(part))
            let desk = world.desk()
            checkProperties(of: desk.run(), from: desk, #_sourceLocation)
        }
    }
}

private struct World {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(state: seed) }

    mutating func desk() -> Desk {
        let entries = Int64.random(in: 1...12, using: &random)
        var payments = (1...entries).map { payment($0, among: entries) }
        let lineCount = Int.random(in: 0...14, using: &random)
        let lines = (0..<lineCount).map { line($0 + 1, among: entries) }
        var matched: [MatchedPayment] = []
        for entry in 1...entries where Int.random(in: 0..<4, using: &random) == 0 {
            guard let place = payments.firstIndex(where: { $0.entry == entry }) else { continue }
            let before = payments.remove(at: place)
            let paid = StatementLine(
                id: LineID(statement: 0, number: Int(entry)), booked: before.date, amount: before.amount,
                bankReference: bank())
            matched.append(MatchedPayment(payment: before, lines: [paid], returned: chance(5)))
        }
        let undone = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            Pairing(
                entry: Int64.random(in: 1...entries, using: &random),
                line: LineID(statement: 1, number: Int.random(in: 1...14, using: &random)))
        }
        return Desk(
            payments: payments, lines: lines, matched: matched,
            rules: MatchRules(tolerance: Amount(fen: chance(2) ? 0 : 100), window: 2, grace: 3), today: 8,
            undone: chance(3) ? Set(undone) : [])
    }

    private mutating func payment(_ entry: Int64, among entries: Int64) -> Payment {
        let named = chance(6) ? Int64.random(in: 1...entries, using: &random) : entry
        let givesBack = chance(8) ? Int64.random(in: 1...entries, using: &random) : nil
        return Payment(
            entry: entry, date: day(Int.random(in: 1...7, using: &random)), amount: amount(),
            reference: chance(8) ? nil : reference(givesBack ?? named), account: chance(4) ? nil : account(),
            batch: chance(3) ? batch() : nil, givesBack: givesBack)
    }

    private mutating func line(_ number: Int, among entries: Int64) -> StatementLine {
        let named = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            reference(Int64.random(in: 1...(entries + 1), using: &random))
        }
        let isInField = chance(2)
        return StatementLine(
            id: LineID(statement: 1, number: number), booked: day(Int.random(in: 1...7, using: &random)),
            amount: amount(), bankReference: chance(2) ? bank() : nil, endToEndID: isInField ? named.first : nil,
            text: named.joined(separator: " and "), account: chance(4) ? nil : account(),
            batch: chance(5) ? batch() : nil, transactionCount: chance(6) ? 2 : 1,
            originalReference: chance(4) ? bank() : nil, isReturn: chance(4))
    }

    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &random) == 0 }
    private mutating func account() -> String { ["6222 0001", "6222 0002"].randomElement(using: &random) ?? "" }
    private mutating func batch() -> String { ["B-1", "B-2"].randomElement(using: &random) ?? "" }
    private mutating func bank() -> String { ["X1", "X2", "X3", "X4", "X5"].randomElement(using: &random) ?? "" }
    private mutating func amount() -> Amount {
        Amount(
            fen: [-10_000, -10_000, -10_050, -20_000, -30_000, 10_000, 10_000, 0].randomElement(using: &random) ?? 1)
    }
}
