/// Texts as banks send them, made fit for comparison.
enum FieldText {
    /// Without space at its ends; line ends, tabs, other controls and runs of spaces become one space each. nil for
    /// what is then empty.
    static func normalized(_ text: String) -> String? {
        var result = ""
        var isPending = false
        for scalar in text.unicodeScalars {
            if scalar.value <= 0x20 || scalar.value == 0x7F || scalar.properties.isWhitespace {
                isPending = !result.isEmpty
            } else {
                if isPending { result.append(" ") }
                isPending = false
                result.unicodeScalars.append(scalar)
            }
        }
        return result.isEmpty ? nil : result
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
