import LedgerCore

/// Books for hledger: an entry is a transaction, a transfer two postings, and an identifier stands as it is.
struct HledgerText: BookText {
    func head(tenant: String, from: Day?, to bytes: inout [UInt8]) {
        bytes.append(line: "; The books of \(tenant), written by grantledger export --format hledger.")
        bytes.append(line: "; An entry's name is its code. Check them with: hledger check -s ordereddates")
        bytes.append(line: "commodity 1000.00 CNY")
        for tag in JournalEntry.tagNames + ["closing"] { bytes.append(line: "tag \(tag)") }
        for kind in AccountPath.Kind.allCases {
            bytes.append(line: "account \(kind.rawValue)  ; type:\(kind.hledgerType)")
        }
    }

    func account(_ account: AccountPath, from: Day, to bytes: inout [UInt8]) {
        bytes.append(line: "account \(account.hledger)")
    }

    func entry(_ entry: JournalEntry, to bytes: inout [UInt8]) {
        let payee = entry.payee.map { "\($0) | " } ?? ""
        bytes.append(line: "\n\(entry.date) * (\(entry.name)) \(payee)\(entry.title)")
        for (name, value) in entry.tags { bytes.append(line: "    ; \(name):\(Self.tagValue(value))") }
        for transfer in entry.transfers {
            bytes.append(line: "    \(transfer.debit.hledger)  \(transfer.amount.yuan) CNY")
            bytes.append(line: "    \(transfer.credit.hledger)  \((-transfer.amount).yuan) CNY")
        }
    }

    func closing(on day: Day, to bytes: inout [UInt8]) {
        bytes.append(line: "\n\(day) * balances at the end of the day\n    ; closing:\(day)")
    }

    func balance(_ account: AccountPath, _ turnover: Turnover, on day: Day, to bytes: inout [UInt8]) {
        bytes.append(line: "    \(account.hledger)  0.00 CNY = \(turnover.balance.yuan) CNY")
    }

    /// A tag ends at a comma or the line's end, and outer space is no part of it: these are written as in a URL.
    private static func tagValue(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var value: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isOuterSpace = byte == UInt8(ascii: " ") && (index == 0 || index == bytes.count - 1)
            if byte < 0x20 || byte == 0x7F || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "%") || isOuterSpace {
                value.append(contentsOf: "%\(Hexadecimal.text([byte]).uppercased())".utf8)
            } else {
                value.append(byte)
            }
        }
        return String(decoding: value, as: UTF8.self)
    }
}
