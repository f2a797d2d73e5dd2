package import LedgerCore
package import Reconciling

/// What a tenant's books and its banks had of each other on a day: all that the page shows.
package struct ReconciliationReport: Sendable, Hashable {
    package let tenant: String
    package let day: Day
    /// When the report was made, as it is shown.
    package let madeAt: String
    package let accounts: [AccountProof]
    /// In the order in which the rules are tried.
    package let matches: [MatchTally]
    /// At most one for each kind and age; what is left out has no breaks.
    package let breaks: [BreakTally]
    /// Some of the open breaks, the oldest first.
    package let oldest: [OpenBreak]

    package init(
        tenant: String, day: Day, madeAt: String, accounts: [AccountProof], matches: [MatchTally],
        breaks: [BreakTally], oldest: [OpenBreak]
    ) {
        self.tenant = tenant
        self.day = day
        self.madeAt = madeAt
        self.accounts = accounts
        self.matches = matches
        self.breaks = breaks
        self.oldest = oldest
    }
}

/// One bank account: the ledger's balance is the bank's, with what either side has alone.
package struct AccountProof: Sendable, Hashable {
    package let bank: String
    package let account: String
    package let ledgerBalance: Total
    package let bankBalance: Total
    /// Of the ledger's payments that no line of the bank shows, what goes out being negative.
    package let openPayments: Total
    /// Of the bank's lines that no payment explains, with the bank's signs.
    package let openLines: Total
    /// By how much the ledger is above the bank in what was matched although it differs.
    package let acceptedDifferences: Total

    package init(
        bank: String, account: String, ledgerBalance: Total, bankBalance: Total, openPayments: Total,
        openLines: Total, acceptedDifferences: Total
    ) {
        self.bank = bank
        self.account = account
        self.ledgerBalance = ledgerBalance
        self.bankBalance = bankBalance
        self.openPayments = openPayments
        self.openLines = openLines
        self.acceptedDifferences = acceptedDifferences
    }

    /// What nothing explains: zero where the proof holds.
    package var unexplained: Total { ledgerBalance - (bankBalance + openPayments - openLines + acceptedDifferences) }
    package var holds: Bool { unexplained == .zero }
}

/// What one rule matched.
package struct MatchTally: Sendable, Hashable {
    package let rule: String
    package let matches: Int
    package let lines: Int
    /// Of the lines, with the bank's signs.
    package let sum: Total

    package init(rule: String, matches: Int, lines: Int, sum: Total) {
        self.rule = rule
        self.matches = matches
        self.lines = lines
        self.sum = sum
    }
}

/// The open breaks of one kind and age.
package struct BreakTally: Sendable, Hashable {
    package let kind: BreakKind
    package let age: BreakAge
    package let count: Int
    /// Of their amounts without signs, lest they hide each other.
    package let sum: Total

    package init(kind: BreakKind, age: BreakAge, count: Int, sum: Total) {
        self.kind = kind
        self.age = age
        self.count = count
        self.sum = sum
    }
}

/// One break that nobody has resolved.
package struct OpenBreak: Sendable, Hashable {
    package let number: Int64
    package let kind: BreakKind
    /// Days since it appeared.
    package let age: Int
    package let amount: Total
    /// nil where nobody has taken it.
    package let owner: String?
    package let text: String

    package init(number: Int64, kind: BreakKind, age: Int, amount: Total, owner: String?, text: String) {
        self.number = number
        self.kind = kind
        self.age = age
        self.amount = amount
        self.owner = owner
        self.text = text
    }
}
