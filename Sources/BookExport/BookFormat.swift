import LedgerCore

/// What books can be written as.
package enum BookFormat: String, Sendable, CaseIterable {
    case hledger, beancount, csv, jsonl

    var text: any BookText {
        switch self {
        case .hledger: HledgerText()
        case .beancount: BeancountText()
        case .csv: CSVText()
        case .jsonl: JSONLinesText()
        }
    }
}

/// Books in the language of a tool, appended piece by piece in the order of these functions.
protocol BookText: Sendable {
    /// `from` is the earliest day of the books; nil where they are empty.
    func head(tenant: String, from: Day?, to bytes: inout [UInt8])
    /// Declares an account; `from` is the earliest day on which something was posted to it.
    func account(_ account: AccountPath, from: Day, to bytes: inout [UInt8])
    func entry(_ entry: JournalEntry, to bytes: inout [UInt8])
    /// Stands before the balances of all accounts at the end of a day.
    func closing(on day: Day, to bytes: inout [UInt8])
    /// What stood on an account at the end of `day`, of all entries dated on or before it.
    func balance(_ account: AccountPath, _ turnover: Turnover, on day: Day, to bytes: inout [UInt8])
    func end(entries: Int64, to bytes: inout [UInt8])
}

extension BookText {
    func closing(on day: Day, to bytes: inout [UInt8]) {}
    func end(entries: Int64, to bytes: inout [UInt8]) {}
}

extension [UInt8] {
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    mutating func append(line text: String) {
        append(contentsOf: text.utf8)
        append(UInt8(ascii: "\n"))
    }
}
