// What is asked of the bank's side: statements, payments, matches and breaks. None of it is in the books; what a match
// posts is.

/// One request. `principal` is in whose name matches post and whom histories name.
package struct BankRequest: Sendable, Hashable {
    package var tenant: String
    package var action: BankAction
    package var principal: String
    /// What came of the postings that an earlier answer to this request asked for.
    package var progress: BankProgress

    package init(
        tenant: String, action: BankAction, principal: String = "", progress: BankProgress = BankProgress()
    ) {
        self.tenant = tenant
        self.action = action
        self.principal = principal
        self.progress = progress
    }
}

/// Each may be sent again, and then changes nothing and answers the same.
package enum BankAction: Sendable, Hashable {
    case putFund(fund: String, bank: String, account: String)
    case putStatement(StatementHead)
    case putLine(account: String, statement: String, StatementEntry)
    case closeStatement(account: String, statement: String)
    /// Statements after a number, of one account or of all.
    case statements(account: String?, Page)
    /// Puts what is to be paid from a fund into an order: each payment into one order alone.
    case orderPayments(order: String, fund: String, until: Day)
    case payments(order: String, Page)
    case reconcile(ReconcileTerms, isDryRun: Bool)
    case breaks(BreakFilter, Page)
    case breakHistory(Int64)
    case assignBreak(Int64, owner: String)
    case resolveBreak(Int64, BreakResolution, reason: String)
    case matches(Page)
    case undoMatch(Int64, reason: String)
    case reconciliation(on: Day?)

    /// Whether it may need entries to be posted before it is done.
    package var mayPost: Bool {
        switch self {
        case .reconcile, .resolveBreak, .undoMatch: true
        default: false
        }
    }
}

/// A bank statement as `STATEMENT.PUT` names it. Balances may be below zero.
package struct StatementHead: Sendable, Hashable {
    package var account: String
    /// What the bank calls it.
    package var statement: String
    package var sequence: Int?
    /// ISO 4217.
    package var currency: String
    package var from: Day
    package var to: Day
    package var opening: Amount
    package var closing: Amount
    /// Tells a statement from itself with other content.
    package var digest: String?

    package init(
        account: String, statement: String, sequence: Int? = nil, currency: String = "CNY", from: Day, to: Day,
        opening: Amount, closing: Amount, digest: String? = nil
    ) {
        self.account = account
        self.statement = statement
        self.sequence = sequence
        self.currency = currency
        self.from = from
        self.to = to
        self.opening = opening
        self.closing = closing
        self.digest = digest
    }
}

/// A line of a statement. `amount` is below zero where money left the account.
package struct StatementEntry: Sendable, Hashable {
    /// From 1.
    package var line: Int32
    package var booked: Day
    package var value: Day?
    package var amount: Amount
    package var reference: String?
    package var endToEnd: String?
    package var text: String?
    package var counterparty: String?
    package var counterpartyAccount: String?
    package var batch: String?
    /// How many payments the line stands for.
    package var transactions: Int32
    package var isReturn: Bool
    /// Of a return: the bank's reference of the line that it undoes.
    package var returns: String?

    package init(line: Int32, booked: Day, amount: Amount) {
        self.line = line
        self.booked = booked
        self.amount = amount
        transactions = 1
        isReturn = false
    }
}

package struct ReconcileTerms: Sendable, Hashable {
    /// The most by which a line may differ from its payment where the reference agrees.
    package var tolerance: Amount
    /// Days between payment and booking where no reference agrees.
    package var window: Int
    /// Days in which a payment that the bank has not made is a matter of timing.
    package var grace: Int

    package init(tolerance: Amount = .zero, window: Int = 5, grace: Int = 5) {
        self.tolerance = tolerance
        self.window = window
        self.grace = grace
    }
}

package struct BreakFilter: Sendable, Hashable {
    /// As `BREAKS` names it; nil: all.
    package var kind: String?
    /// Days.
    package var olderThan: Int?

    package init(kind: String? = nil, olderThan: Int? = nil) {
        self.kind = kind
        self.olderThan = olderThan
    }
}

package enum BreakResolution: Sendable, Hashable {
    /// It is explained, and stays a difference.
    case note
    /// The note was a mistake: it is open again.
    case reopen
    /// It matches the other breaks.
    case match([Int64])
    /// It matches an entry of the books.
    case entry(String)
}

// MARK: - What a match posts

/// A posting that a match asks for.
package struct MatchPosting: Sendable, Hashable {
    package enum Kind: Sendable, Hashable { case settle, giveBack, reverse }

    package var match: Int64
    package var kind: Kind
    package var entry: SequenceName
    package var date: Day
    package var reference: String?

    package init(match: Int64, kind: Kind, entry: SequenceName, date: Day, reference: String?) {
        self.match = match
        self.kind = kind
        self.entry = entry
        self.date = date
        self.reference = reference
    }

    /// Whether a key may be a match's: no client may take one.
    package static func isKey(_ key: String) -> Bool {
        guard key.hasPrefix("match:") else { return false }
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count == 4 && ["settle", "return", "undo"].contains(parts[2])
    }

    /// The same for the same match and entry, so that what a lost connection has left in doubt is posted once.
    package var key: String {
        switch kind {
        case .settle: "match:\(match):settle:\(entry.sequence)"
        case .giveBack: "match:\(match):return:\(entry.sequence)"
        case .reverse: "match:\(match):undo:\(entry.sequence)"
        }
    }
}

/// How far a request has come that asks for postings between its steps.
package struct BankProgress: Sendable, Hashable {
    /// Matches made so far.
    package var made = 0
    /// Entries posted so far.
    package var posted = 0
    /// What is to be posted next.
    package var postings: [MatchPosting] = []
    /// Why the books refuse what a match asks for, by the match.
    package var refused: [Int64: Refusal] = [:]

    package init() {}
}
