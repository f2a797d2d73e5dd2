package import LedgerCore

/// Where a line stands: the account's statements are counted, and the lines of each.
package struct LineID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let statement: Int64
    package let number: Int

    package init(statement: Int64, number: Int) {
        self.statement = statement
        self.number = number
    }

    package static func < (left: LineID, right: LineID) -> Bool {
        (left.statement, left.number) < (right.statement, right.number)
    }

    package var description: String { "\(statement)/\(number)" }
}

/// A movement of the account as the bank has it.
package struct StatementLine: Sendable, Hashable {
    package let id: LineID
    package let booked: Day
    /// Credits are positive, debits negative.
    package let amount: Amount
    /// The bank's own reference, by which a return may name the line that it undoes.
    package let bankReference: String?
    package let endToEndID: String?
    /// The remittance text, as noisy as banks make it.
    package let text: String?
    /// The other side's account.
    package let account: String?
    /// The order whose payments the line stands for.
    package let batch: String?
    /// How many payments it stands for, where the bank says so; 1 otherwise.
    package let transactionCount: Int
    /// Of a return: the bank's reference of the line that it undoes.
    package let originalReference: String?
    /// The bank calls it a return or a reversal. The matcher sees one by the way that the money goes, marked or not.
    package let isReturn: Bool

    package init(
        id: LineID, booked: Day, amount: Amount, bankReference: String? = nil, endToEndID: String? = nil,
        text: String? = nil, account: String? = nil, batch: String? = nil, transactionCount: Int = 1,
        originalReference: String? = nil, isReturn: Bool = false
    ) {
        self.id = id
        self.booked = booked
        self.amount = amount
        self.bankReference = bankReference
        self.endToEndID = endToEndID
        self.text = text
        self.account = account
        self.batch = batch
        self.transactionCount = transactionCount
        self.originalReference = originalReference
        self.isReturn = isReturn
    }
}
