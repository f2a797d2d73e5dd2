package import LedgerCore

/// What a run found. Every open payment is in one match or one break, every open line in one match, return or break.
package struct Findings: Sendable, Equatable {
    /// Ascending by their first payment.
    package let matches: [Match]
    /// Ascending by line.
    package let returns: [ReturnedPayment]
    /// Ascending by item: the payments, then the lines.
    package let breaks: [Break]

    package init(matches: [Match], returns: [ReturnedPayment], breaks: [Break]) {
        self.matches = matches
        self.returns = returns
        self.breaks = breaks
    }
}

/// Payments and the lines that are them: one and one, many payments and one line, or one payment and many lines.
package struct Match: Sendable, Hashable {
    package let rule: MatchRule
    /// Entries, ascending.
    package let payments: [Int64]
    /// Ascending.
    package let lines: [LineID]
    /// The lines' sum less the payments': zero but under the rules of tolerance and by hand.
    package let difference: Total

    package init(rule: MatchRule, payments: [Int64], lines: [LineID], difference: Total) {
        self.rule = rule
        self.payments = payments
        self.lines = lines
        self.difference = difference
    }
}

/// By this line the bank gave back, whole, a payment that it had made: one matched earlier or in the same run.
package struct ReturnedPayment: Sendable, Hashable {
    package let line: LineID
    /// Its entry.
    package let payment: Int64

    package init(line: LineID, payment: Int64) {
        self.line = line
        self.payment = payment
    }
}

/// A payment without its line, or a line without its payment.
package struct Break: Sendable, Hashable {
    package let item: BreakItem
    package let kind: BreakKind
    /// Of the item, signed as the bank shows it.
    package let amount: Total
    /// The payment's date or the line's booking.
    package let since: Day
    /// What a person looks at next to it: the payment whose amount is another, the candidates of an ambiguous one. At
    /// most ``mostRelated``, ascending.
    package let related: [BreakItem]

    package static let mostRelated = 10

    package init(item: BreakItem, kind: BreakKind, amount: Total, since: Day, related: [BreakItem]) {
        self.item = item
        self.kind = kind
        self.amount = amount
        self.since = since
        self.related = related
    }
}

/// Why something is open. The raw values are stored.
package enum BreakKind: Int16, Sendable, CaseIterable {
    /// The ledger has the payment, no line is it, and the days of grace are over.
    case missingInBank = 1
    /// The bank has the line, and no payment is it.
    case missingInLedger = 2
    /// The reference agrees, the amount does not.
    case amount = 3
    /// The payment that the line names has its line already.
    case duplicate = 4
    /// More than one could be it.
    case ambiguous = 5
    /// As missing in the bank, within the days of grace.
    case timing = 6

    package var word: String {
        switch self {
        case .missingInBank: "missing-in-bank"
        case .missingInLedger: "missing-in-ledger"
        case .amount: "amount"
        case .duplicate: "duplicate"
        case .ambiguous: "ambiguous"
        case .timing: "timing"
        }
    }
}

package enum BreakItem: Hashable, Sendable {
    /// Its entry.
    case payment(Int64)
    case line(LineID)
}

extension BreakItem: Comparable {
    /// Payments come before lines.
    package static func < (left: BreakItem, right: BreakItem) -> Bool {
        switch (left, right) {
        case (.payment(let left), .payment(let right)): left < right
        case (.line(let left), .line(let right)): left < right
        case (.payment, .line): true
        case (.line, .payment): false
        }
    }
}
