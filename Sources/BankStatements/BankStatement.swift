package import LedgerCore

/// A bank statement that has been proven: its opening balance plus its lines is its closing balance, every amount is in
/// its currency, and every line was booked within its period.
package struct BankStatement: Sendable, Hashable {
    /// The account as the bank writes it, without spaces.
    package let account: String
    /// ISO 4217.
    package let currency: String
    /// What the bank calls the statement.
    package let id: String
    /// The electronic sequence number or, where there is none, the legal one.
    package let sequence: Int?
    package let from: Day
    package let to: Day
    /// Balances may be negative.
    package let opening: Amount
    package let closing: Amount
    package let lineCount: Int
    /// The sum of the lines that are credits; zero or more.
    package let credits: Amount
    /// The sum of the lines that are debits; zero or less.
    package let debits: Amount
    /// Entries that are not booked (pending, future, information), and so are no lines.
    package let skippedEntries: Int
    /// SHA-256 over all of the above and every line, in lowercase hex. Layout, comments and the time at which the bank
    /// wrote the file do not enter.
    package let digest: String
    /// The line of the file where the statement begins.
    package let line: Int

    package var identity: StatementIdentity { StatementIdentity(account: account, id: id, digest: digest) }

    /// What the next statement of this account is held against.
    package var place: StatementPlace { StatementPlace(id: id, sequence: sequence, to: to, closing: closing) }
}

/// What tells a statement from others, and from itself with other content.
package struct StatementIdentity: Sendable, Hashable {
    package let account: String
    package let id: String
    package let digest: String

    package init(account: String, id: String, digest: String) {
        self.account = account
        self.id = id
        self.digest = digest
    }

    package enum Relation: Sendable, Hashable {
        /// Seen before; nothing is to be done.
        case same
        /// The same account and id with other content: one of the two is wrong.
        case contradiction
        case other
    }

    package func relation(to seen: StatementIdentity) -> Relation {
        guard account == seen.account, id == seen.id else { return .other }
        return digest == seen.digest ? .same : .contradiction
    }
}

/// Where the statements of an account have come to.
package struct StatementPlace: Sendable, Hashable {
    package let id: String
    package let sequence: Int?
    /// The last day of the statement's period.
    package let to: Day
    package let closing: Amount

    package init(id: String, sequence: Int?, to: Day, closing: Amount) {
        self.id = id
        self.sequence = sequence
        self.to = to
        self.closing = closing
    }
}
