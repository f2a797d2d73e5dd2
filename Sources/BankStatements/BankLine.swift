package import LedgerCore

/// One movement on the account: a booked entry, or one transaction of a batch whose transactions add up to it.
package struct BankLine: Sendable, Hashable {
    /// Counted from 1 within the statement, in the order of the file.
    package internal(set) var number: Int
    /// The line of the file where it begins.
    package let line: Int
    package let booked: Day
    /// The day from which interest counts.
    package let value: Day?
    /// Credits are positive, debits negative.
    package let amount: Amount
    /// The bank's own reference.
    package let reference: String?
    /// What the payer wrote into the payment so as to find it again.
    package let endToEndID: String?
    /// The remittance text, its parts joined by spaces.
    package let text: String?
    /// The other side.
    package let counterparty: Counterparty
    /// The bank has undone an earlier booking.
    package let isReversal: Bool
    /// A payment has come back.
    package let isReturn: Bool
    /// The code of the reason (`AC04`), or the bank's own words for it.
    package let returnReason: String?
    /// How many transactions the line stands for. More than one is a batch that the file does not divide.
    package let transactionCount: Int

    package struct Counterparty: Sendable, Hashable {
        package let name: String?
        /// Without spaces.
        package let account: String?
    }
}
