/// How a bank is named to another: by the code that its text is, or by the text.
///
/// A name of eight or eleven capital letters is taken for a BIC; names are better not written so.
enum BankCode: Hashable {
    case bic(String)
    /// China's CNAPS: twelve digits.
    case cnaps(String)
    case name(String)

    init(_ text: String, _ field: String, in version: PaymentOrderVersion) throws(PaymentOrderError) {
        if version.isBIC(text) {
            self = .bic(text)
        } else if text.utf8.count == 12, text.utf8.allSatisfy(FieldRules.isDigit) {
            self = .cnaps(text)
        } else {
            try FieldRules.checkText(text, field)
            self = .name(text)
        }
    }
}

/// How an account is named: as an IBAN where it is one, and as its bank does otherwise.
enum AccountCode: Hashable {
    case iban(String)
    case other(String)

    init(_ text: String, _ field: String) throws(PaymentOrderError) {
        if Self.isIBAN(text) {
            self = .iban(text)
        } else {
            try FieldRules.checkSafe(text, field, longest: FieldRules.longestAccount)
            self = .other(text)
        }
    }

    /// Two letters of the country, two check digits, and 11 to 30 more (no country has fewer); and the check digits are
    /// right, for an account number of a bank without IBAN may look like one.
    static func isIBAN(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard (15...34).contains(bytes.count), bytes[..<2].allSatisfy({ (65...90).contains($0) }),
            bytes[2..<4].allSatisfy(FieldRules.isDigit)
        else { return false }
        var rest = 0
        for byte in bytes[4...] + bytes[..<4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): rest = (rest * 10 + Int(byte) - 48) % 97
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): rest = (rest * 100 + Int(byte) - 55) % 97
            case UInt8(ascii: "a")...UInt8(ascii: "z"): rest = (rest * 100 + Int(byte) - 87) % 97
            default: return false
            }
        }
        return rest == 1
    }
}
