import LedgerCore
import Testing

@testable import Reconciling

/// One tenant's account in March 2026. Amounts are fen, signed as the bank shows them; days are those of March.
let tenant = "jinan-science-fund"

func day(_ number: Int) -> Day { Day(year: 2026, month: 3, day: 1).adding(days: Int32(number - 1)) }

/// The reference under which the bank was asked to make a payment.
func reference(_ entry: Int64, of owner: String = tenant) -> String {
    PaymentReference(tenant: owner, entry: entry)?.description ?? "no reference"
}

func payment(
    _ entry: Int64, _ fen: Int64, on date: Int = 1, reference text: String? = nil, account: String? = nil,
    batch: String? = nil, givesBack: Int64? = nil
) -> Payment {
    Payment(
        entry: entry, date: day(date), amount: Amount(fen: fen), reference: text ?? reference(givesBack ?? entry),
        account: account, batch: batch, givesBack: givesBack)
}

/// Lines of statement 1 by default; `to` is the other side's account, `bank` the bank's own reference of the line.
func line(
    _ number: Int, _ fen: Int64, on booked: Int = 2, reference: String? = nil, text: String? = nil,
    to account: String? = nil, batch: String? = nil, count: Int = 1, bank: String? = nil, undoes: String? = nil,
    isReturn: Bool = false, statement: Int64 = 1
) -> StatementLine {
    StatementLine(
        id: LineID(statement: statement, number: number), booked: day(booked), amount: Amount(fen: fen),
        bankReference: bank, endToEndID: reference, text: text, account: account, batch: batch, transactionCount: count,
        originalReference: undoes, isReturn: isReturn)
}

func matched(_ payment: Payment, _ lines: StatementLine..., returned: Bool = false) -> MatchedPayment {
    MatchedPayment(payment: payment, lines: lines, returned: returned)
}

/// What a run is given.
struct Desk {
    var payments: [Payment] = []
    var lines: [StatementLine] = []
    var matched: [MatchedPayment] = []
    var rules = MatchRules()
    var today = 3
    var undone: Set<Pairing> = []

    func run() -> Findings {
        Matcher(tenant: tenant, rules: rules, on: day(today), undone: undone)
            .run(payments: payments, lines: lines, matched: matched)
    }
}

/// Runs the matcher, and holds whatever it found to the properties that every run has.
func reconcile(
    _ payments: [Payment], _ lines: [StatementLine], matched: [MatchedPayment] = [], rules: MatchRules = MatchRules(),
    today: Int = 3, undone: [(Int64, Int)] = [], location: SourceLocation = #_sourceLocation
) -> Findings {
    let undone = undone.map { Pairing(entry: $0.0, line: LineID(statement: 1, number: $0.1)) }
    let desk = Desk(
        payments: payments, lines: lines, matched: matched, rules: rules, today: today, undone: Set(undone))
    let findings = desk.run()
    checkProperties(of: findings, from: desk, location)
    return findings
}

extension Findings {
    /// `reference: 1+2 = 1/1`, with the difference where there is one.
    var matchWords: [String] {
        matches.map { match in
            let payments = match.payments.map(String.init).joined(separator: "+")
            let lines = match.lines.map { "\($0.number)" }.joined(separator: "+")
            let difference = match.difference == .zero ? "" : " by \(match.difference)"
            return "\(match.rule.word): payment \(payments) is line \(lines)\(difference)"
        }
    }

    var returnWords: [String] { returns.map { "line \($0.line.number) returns payment \($0.payment)" } }

    /// `payment 1: amount, line 2`.
    var breakWords: [String] {
        breaks.map { (["\(word($0.item)): \($0.kind.word)"] + $0.related.map(word)).joined(separator: ", ") }
    }

    private func word(_ item: BreakItem) -> String {
        switch item {
        case .payment(let entry): "payment \(entry)"
        case .line(let line): "line \(line.number)"
        }
    }
}
