/// Texts as banks send them, made fit for comparison.
enum FieldText {
    /// Without space at its ends; line ends, tabs, other controls and runs of spaces become one space each. nil for
    /// what is then empty.
    static func normalized(_ text: String) -> String? {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        var isPending = false
        for scalar in text.unicodeScalars {
            if isSpace(scalar) {
                isPending = !result.isEmpty
            } else {
                if isPending { result.append(" ") }
                isPending = false
                result.unicodeScalars.append(scalar)
            }
        }
        return result.isEmpty ? nil : result
    }

    /// The controls, and what Unicode calls white space; its own table is slow to ask for every character of a file.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x20, 0x7F...0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// An account's number: printed in groups or not, it is the same account.
    static func account(_ text: String) -> String? {
        normalized(text)?.filter { $0 != " " }
    }

    /// What is there of the parts, joined by spaces.
    static func joined(_ parts: [String?]) -> String? {
        let present = parts.compactMap(\.self)
        return present.isEmpty ? nil : present.joined(separator: " ")
    }
}
