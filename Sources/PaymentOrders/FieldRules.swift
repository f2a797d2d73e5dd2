import LedgerCore

/// What the schema, and the banks with it, take in a field. Lengths count characters as XML does: Unicode scalars.
enum FieldRules {
    static let longestID = 35
    static let longestAccount = 34
    static let longestText = 140

    /// An identifier: 1 to 35 of the characters that every bank carries unchanged, `A-Z a-z 0-9 / - ? : ( ) . , ' +`
    /// and spaces inside. A slash neither begins nor ends it, and no two stand side by side: banks mark fields with
    /// them.
    static func checkID(_ text: String, _ field: String) throws(PaymentOrderError) {
        try checkSafe(text, field, longest: longestID)
        let bytes = Array(text.utf8)
        let slash = UInt8(ascii: "/")
        if bytes.first == slash || bytes.last == slash
            || zip(bytes, bytes.dropFirst()).contains(where: { $0 == (slash, slash) })
        {
            throw PaymentOrderError(
                .character, "\(field) begins or ends with a slash, or has two side by side", value: text,
                "write it without")
        }
    }

    /// The characters of an identifier, slashes anywhere.
    static func checkSafe(_ text: String, _ field: String, longest: Int) throws(PaymentOrderError) {
        try checkText(text, field, longest: longest)
        if let wrong = text.unicodeScalars.first(where: { !isSafe($0) }) {
            throw PaymentOrderError(
                .character, "\(field) has \(named(wrong)), which banks do not carry there", value: text,
                "only A-Z a-z 0-9 / - ? : ( ) . , ' + and spaces may stand in it")
        }
        if text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ") {
            throw PaymentOrderError(
                .character, "\(field) begins or ends with a space", value: text, "write it without: banks drop it")
        }
    }

    /// Any text of at least one visible and at most `longest` characters on one line.
    static func checkText(_ text: String, _ field: String, longest: Int = longestText) throws(PaymentOrderError) {
        if let wrong = text.unicodeScalars.first(where: { !isPrintable($0) }) {
            throw PaymentOrderError(
                .character, "\(field) has \(named(wrong)), which nobody could see", value: text, "take it out")
        }
        guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw PaymentOrderError(.missing, "\(field) is empty", value: text, "a bank needs it: fill it in")
        }
        let count = text.unicodeScalars.count
        guard count <= longest else {
            throw PaymentOrderError(
                .tooLong, "\(field) has \(count) characters, \(longest) may stand there", value: text, "shorten it")
        }
    }

    /// `YYYY-MM-DDThh:mm:ss`, perhaps a fraction, and `Z`.
    static func checkTime(_ text: String, _ field: String) throws(PaymentOrderError) {
        let bytes = Array(text.utf8)
        let isWhole =
            bytes.count >= 20 && bytes[10] == UInt8(ascii: "T") && bytes.last == UInt8(ascii: "Z")
            && Day(String(decoding: bytes[..<10], as: UTF8.self)) != nil && isClock(bytes[11..<19])
            && isFraction(bytes[19..<(bytes.count - 1)])
        guard isWhole else {
            throw PaymentOrderError(
                .value, "\(field) is no time in UTC", value: text, "write it as 2026-11-24T22:30:00Z")
        }
    }

    /// `hh:mm:ss`.
    private static func isClock(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        return parts.count == 3
            && zip(parts, ["23", "59", "59"]).allSatisfy { part, last in
                part.count == 2 && part.allSatisfy(isDigit) && !last.utf8.lexicographicallyPrecedes(part)
            }
    }

    /// Nothing, or a point and digits.
    private static func isFraction(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.isEmpty || (bytes.count > 1 && bytes.first == UInt8(ascii: ".") && bytes.dropFirst().allSatisfy(isDigit))
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "/", "-", "?", ":", "(", ")", ".", ",", "'", "+", " ": true
        default: false
        }
    }

    /// Not what moves a cursor, begins a line, turns the direction of writing or is no character in XML: a name must be
    /// paid as it reads.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: !scalar.properties.isNoncharacterCodePoint
        }
    }

    /// `the control character U+0007`, `"&"`.
    private static func named(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return isPrintable(scalar) ? "\"\(scalar)\" (\(code))" : "the control character \(code)"
    }
}
