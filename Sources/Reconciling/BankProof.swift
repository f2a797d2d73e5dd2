/// The proof of an account on a day: the ledger's balance is the bank's and the breaks, to the fen.
///
/// Every sum is signed as the bank shows it and counts what is dated, or booked, up to that day.
package struct BankProof: Sendable, Hashable {
    /// The account's balance before its first statement, from which both sides count.
    package let opening: Total
    /// The closing balance of the last statement.
    package let bank: Total
    /// All movements that the ledger has, returns among them.
    package let payments: Total
    /// Those of them that no line is matched with on that day.
    package let openPayments: Total
    /// The lines that no payment is matched with on that day.
    package let openLines: Total
    /// Of the matches: the lines' sum less the payments'.
    package let differences: Total

    package init(
        opening: Total, bank: Total, payments: Total, openPayments: Total, openLines: Total, differences: Total
    ) {
        self.opening = opening
        self.bank = bank
        self.payments = payments
        self.openPayments = openPayments
        self.openLines = openLines
        self.differences = differences
    }

    /// What the account holds by the books.
    package var ledger: Total { opening + payments }
    /// What the ledger has and the bank has not, less what the bank has and the ledger has not.
    package var breaks: Total { openPayments - openLines - differences }
    /// What neither a match nor a break explains; zero where the proof holds.
    package var unexplained: Total { ledger - bank - breaks }
    package var holds: Bool { unexplained == .zero }
}
