import LedgerCore

/// Books as a table (RFC 4180, UTF-8): a row for each account, posting and balance; `row` says which it is.
struct CSVText: BookText {
    private static let columns = [
        "row", "date", "seq", "entry", "verb", "key", "ref", "award", "relation", "target", "scheme", "subject",
        "period",
        "incurred", "principal", "posted-at", "amount", "account", "debit", "credit", "balance",
    ]

    func head(tenant: String, from: Day?, to bytes: inout [UInt8]) { Self.append(Self.columns, to: &bytes) }

    func account(_ account: AccountPath, from: Day, to bytes: inout [UInt8]) {
        Self.append(Self.row("account", from, account: account.name), to: &bytes)
    }

    /// An entry without transfers has a row of its own kind, so that no sequence number is missing.
    func entry(_ entry: JournalEntry, to bytes: inout [UInt8]) {
        let date = entry.date.description
        let begin = [
            date, String(entry.sequence), entry.name, entry.verb, entry.key, entry.reference ?? "", entry.award ?? "",
            entry.relation?.name ?? "", entry.relation?.target ?? "", entry.scheme ?? "", entry.subject ?? "",
            entry.period.map { String($0) } ?? "", entry.incurred?.description ?? "", entry.principal, entry.postedAt,
            entry.amount.yuan,
        ]
        if entry.transfers.isEmpty { Self.append(["entry"] + begin + ["", "", "", ""], to: &bytes) }
        for transfer in entry.transfers {
            Self.append(["posting"] + begin + [transfer.debit.name, transfer.amount.yuan, "", ""], to: &bytes)
            Self.append(["posting"] + begin + [transfer.credit.name, "", transfer.amount.yuan, ""], to: &bytes)
        }
    }

    func balance(_ account: AccountPath, _ turnover: Turnover, on day: Day, to bytes: inout [UInt8]) {
        let row = Self.row(
            "balance", day, account: account.name,
            figures: [turnover.debits.yuan, turnover.credits.yuan, turnover.balance.yuan])
        Self.append(row, to: &bytes)
    }

    private static func row(_ kind: String, _ day: Day, account: String, figures: [String] = ["", "", ""]) -> [String] {
        [kind, day.description] + Array(repeating: "", count: columns.count - 6) + [account] + figures
    }

    private static func append(_ cells: [String], to bytes: inout [UInt8]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            let mustQuote = cell.utf8.contains { [0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "\"")].contains($0) }
            bytes.append(mustQuote ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell)
        }
        bytes.append("\r\n")
    }
}
