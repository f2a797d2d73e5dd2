package import LedgerCore

/// How a bank's CSV files say what a statement says; read from a YAML file by ``init(yaml:)``.
package struct CSVMapping: Sendable, Hashable {
    enum Encoding: String, CaseIterable {
        case utf8 = "utf-8"
        /// Holds GBK and GB2312.
        case gb18030 = "gb18030"
    }

    enum Order: String, CaseIterable {
        case oldestFirst = "oldest-first"
        case newestFirst = "newest-first"
    }

    enum Field: String, CaseIterable {
        case date
        case valueDate = "value-date"
        /// A signed amount, or one whose side ``indicator`` tells.
        case amount
        case debit, credit, indicator
        /// The balance after the line.
        case balance
        case currency
        /// The account that the statement is of.
        case account
        case reference
        case endToEnd = "end-to-end"
        case counterpartyName = "counterparty-name"
        case counterpartyAccount = "counterparty-account"
        case text
    }

    enum Column: Hashable {
        case name(String)
        /// Counted from 0.
        case index(Int)
    }

    var delimiter = UInt8(ascii: ",")
    /// nil where no quotes are used.
    var quote: UInt8? = UInt8(ascii: "\"")
    var encoding = Encoding.utf8
    /// Lines before the header or, where there is none, before the first record.
    var linesToSkip = 0
    var hasHeader = true
    var order = Order.oldestFirst
    var dateFormat: DateFormat
    var amountFormat = AmountFormat()
    var account: String?
    /// What may stand in the currency column for the expected currency, beside its code: `人民币`.
    var currencyWords: Set<String> = []
    var debitWords: Set<String> = ["D", "DBIT", "借"]
    var creditWords: Set<String> = ["C", "CRDT", "贷"]
    /// Several columns make up the text; every other field has one.
    var columns: [Field: [Column]] = [:]
}

/// What the caller knows of a statement in CSV. Whatever the file tells as well must be the same.
package struct CSVFacts: Sendable, Hashable {
    package var account: String?
    /// The period stands for it where it is left out: `2026-11-01/2026-11-30`.
    package var id: String?
    package var sequence: Int?
    /// The days of the first and the last line stand for them where they are left out.
    package var from: Day?
    package var to: Day?
    /// Computed from the running balances where they are left out.
    package var opening: Amount?
    package var closing: Amount?

    package init(
        account: String? = nil, id: String? = nil, sequence: Int? = nil, from: Day? = nil, to: Day? = nil,
        opening: Amount? = nil, closing: Amount? = nil
    ) {
        self.account = account
        self.id = id
        self.sequence = sequence
        self.from = from
        self.to = to
        self.opening = opening
        self.closing = closing
    }
}
