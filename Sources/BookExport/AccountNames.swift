// How other tools spell an account. Both spellings can be read back.

extension AccountPath {
    /// `budget:general:2024:available`: the ledger's own name, in which a colon within an identifier is `%3A`. No
    /// identifier holds a per cent sign.
    var hledger: String {
        let identifiers = parts.map { $0.text.replacing(":", with: "%3A") }
        let owner: String
        switch kind {
        case .cap:
            // The day of a rolling window stands behind the cap's name.
            let hasDay = parts.last?.label == "Day"
            var cap = identifiers.prefix(3).joined(separator: "|")
            if let payer = text("Payer") { cap += "|" + payer.replacing(":", with: "%3A") }
            if let year = text("Year") { cap += text("Payer") == nil ? "||\(year)" : "|\(year)" }
            owner = hasDay ? "\(cap):\(identifiers[identifiers.count - 1])" : cap
        case .payable, .receivable: owner = identifiers.joined(separator: "|")
        case .award, .budget, .cash, .expense: owner = identifiers.joined(separator: ":")
        }
        return ([kind.rawValue, owner] + (word.map { [$0] } ?? [])).joined(separator: ":")
    }

    /// `Equity:Budget:Fund-general:Year-2024:Available`
    ///
    /// A part may hold letters, digits and hyphens, and begins with a capital or a digit. So it begins with what it
    /// names; behind that a hyphen within an identifier is doubled, and every other sign is a hyphen and two
    /// hexadecimal digits.
    var beancount: String {
        let labelled = parts.map { "\($0.label)-\(Self.escaped($0.text))" }
        return (kind.beancountRoot + labelled + (word.map { [$0.capitalisedWord] } ?? [])).joined(separator: ":")
    }

    private func text(_ label: String) -> String? { parts.first { $0.label == label }?.text }

    private static func escaped(_ identifier: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in identifier.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case UInt8(ascii: "-"): bytes += [byte, byte]
            default: bytes += [UInt8(ascii: "-"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension AccountPath.Kind {
    /// Budgets, awards and caps count promises, not possessions; each of them comes to nothing in sum.
    fileprivate var beancountRoot: [String] {
        switch self {
        case .award: ["Equity", "Award"]
        case .budget: ["Equity", "Budget"]
        case .cap: ["Equity", "Cap"]
        case .cash: ["Assets", "Cash"]
        case .expense: ["Expenses", "Grants"]
        case .payable: ["Liabilities", "Payable"]
        case .receivable: ["Assets", "Receivable"]
        }
    }

    /// hledger's letter for the type of an account.
    var hledgerType: String {
        switch self {
        case .award, .budget, .cap: "E"
        case .cash: "C"
        case .expense: "X"
        case .payable: "L"
        case .receivable: "A"
        }
    }
}

extension String {
    fileprivate var capitalisedWord: String { prefix(1).uppercased() + dropFirst() }
}
