import LedgerCore

/// Books for beancount: an entry is a transaction, a transfer two postings, and accounts are spelled as it demands.
struct BeancountText: BookText {
    func head(tenant: String, from: Day?, to bytes: inout [UInt8]) {
        bytes.append(line: "; The books of \(tenant), written by grantledger export --format beancount.")
        bytes.append(line: "; An entry's name is its link. Check them with: bean-check")
        bytes.append(line: "option \"title\" \"\(tenant)\"")
        bytes.append(line: "option \"operating_currency\" \"CNY\"")
        bytes.append(line: "\(from ?? .first) commodity CNY")
    }

    func account(_ account: AccountPath, from: Day, to bytes: inout [UInt8]) {
        bytes.append(line: "\(from) open \(account.beancount) CNY\n  ledger: \"\(account.name)\"")
    }

    func entry(_ entry: JournalEntry, to bytes: inout [UInt8]) {
        let payee = entry.payee.map { "\"\($0)\" " } ?? ""
        let target = entry.relation.map { " ^\($0.target)" } ?? ""
        bytes.append(
            line: "\n\(entry.date) * \(payee)\"\(Self.escaped(entry.title))\" #\(entry.verb) ^\(entry.name)\(target)")
        for (name, value) in entry.tags { bytes.append(line: "  \(name): \"\(Self.escaped(value))\"") }
        for transfer in entry.transfers {
            bytes.append(line: "  \(transfer.debit.beancount)  \(transfer.amount.yuan) CNY")
            bytes.append(line: "  \(transfer.credit.beancount)  \((-transfer.amount).yuan) CNY")
        }
    }

    func closing(on day: Day, to bytes: inout [UInt8]) {
        bytes.append(line: "\n; balances at the end of \(day): beancount looks at the beginning of the day after")
        if day == .last { bytes.append(line: "; beancount knows no day after it, so none can stand here") }
    }

    /// Exact to the fen: where no tolerance is named, beancount lets one fen pass.
    func balance(_ account: AccountPath, _ turnover: Turnover, on day: Day, to bytes: inout [UInt8]) {
        guard day < .last else { return }
        bytes.append(line: "\(day.next) balance \(account.beancount)  \(turnover.balance.yuan) ~ 0.00 CNY")
    }

    /// For a string in quotes. No text of a request has a control character; one that came all the same is made
    /// visible, since it could end the line.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": escaped += "\\\(scalar)"
            case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
