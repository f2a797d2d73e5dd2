import LedgerCore

/// Books as JSON, an object on each line: the head, accounts, entries as JOURNAL shows them, balances, the end.
struct JSONLinesText: BookText {
    static let format = "grantledger-books-1"

    func head(tenant: String, from: Day?, to bytes: inout [UInt8]) {
        bytes += jsonLine([
            Field("format", .text(Self.format)), Field("tenant", .text(tenant)), Field("commodity", .text("CNY")),
        ])
    }

    func account(_ account: AccountPath, from: Day, to bytes: inout [UInt8]) {
        let fields = [Field("name", .text(account.name)), Field("from", .day(from))]
        bytes += jsonLine([Field("account", .object(fields))])
    }

    func entry(_ entry: JournalEntry, to bytes: inout [UInt8]) { bytes += jsonLine([Field("entry", entry.json)]) }

    func balance(_ account: AccountPath, _ turnover: Turnover, on day: Day, to bytes: inout [UInt8]) {
        let fields = [
            Field("date", .day(day)), Field("account", .text(account.name)),
            Field("debits", .text(turnover.debits.yuan)), Field("credits", .text(turnover.credits.yuan)),
            Field("balance", .text(turnover.balance.yuan)),
        ]
        bytes += jsonLine([Field("balance", .object(fields))])
    }

    /// Tells whole books from such as were cut.
    func end(entries: Int64, to bytes: inout [UInt8]) {
        bytes += jsonLine([Field("end", .object([Field("entries", .number(entries))]))])
    }
}
