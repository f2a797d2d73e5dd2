/// JSON as it was written: members stay in their order, numbers stay text.
package enum JSONText: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(String)
    case text(String)
    case list([JSONText])
    case object([Member])

    package struct Member: Sendable, Hashable {
        package let name: String
        package let value: JSONText

        package init(_ name: String, _ value: JSONText) {
            self.name = name
            self.value = value
        }
    }

    /// The first member of that name; nil where there is none, or where this is no object.
    package subscript(name: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package init(_ text: some StringProtocol) throws(JSONTextError) {
        var reader = JSONReader(bytes: Array(text.utf8))
        self = try reader.document()
    }
}

package struct JSONTextError: Error, Sendable, Hashable {
    package let message: String
    /// The place in bytes.
    package let offset: Int
}

private struct JSONReader {
    private static let deepest = 64

    let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONTextError) -> JSONText {
        let value = try value()
        skipSpace()
        guard position == bytes.count else { throw fault("something stands after the value") }
        return value
    }

    private mutating func value() throws(JSONTextError) -> JSONText {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"): return try nested { reader throws(JSONTextError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { reader throws(JSONTextError) in try reader.list() }
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .flag(true))
        case UInt8(ascii: "f"): return try word("false", .flag(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONTextError) -> JSONText
    ) throws(JSONTextError) -> JSONText {
        guard depth < Self.deepest else { throw fault("values are nested deeper than \(Self.deepest)") }
        depth += 1
        position += 1
        let value = try read(&self)
        depth -= 1
        return value
    }

    private mutating func object() throws(JSONTextError) -> JSONText {
        var members: [JSONText.Member] = []
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
            let name = try string()
            guard take(":") else { throw fault("expected a colon") }
            members.append(JSONText.Member(name, try value()))
        } while take(",")
        guard take("}") else { throw fault("expected a comma or }") }
        return .object(members)
    }

    private mutating func list() throws(JSONTextError) -> JSONText {
        var values: [JSONText] = []
        if take("]") { return .list([]) }
        repeat { values.append(try value()) } while take(",")
        guard take("]") else { throw fault("expected a comma or ]") }
        return .list(values)
    }

    // MARK: - Numbers and words

    private mutating func number() throws(JSONTextError) -> String {
        let begin = position
        _ = takeHere("-")
        let integer = digits()
        guard integer > 0 else { throw fault("expected a value") }
        guard integer == 1 || bytes[position - integer] != UInt8(ascii: "0") else {
            throw fault("a number begins with a zero that it does not need")
        }
        if takeHere("."), digits() == 0 { throw fault("expected digits after the point") }
        if takeHere("e") || takeHere("E") {
            _ = takeHere("+") || takeHere("-")
            guard digits() > 0 else { throw fault("expected the digits of an exponent") }
        }
        return String(decoding: bytes[begin..<position], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let begin = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - begin
    }

    private mutating func word(_ word: String, _ value: JSONText) throws(JSONTextError) -> JSONText {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("expected a value") }
        position += word.utf8.count
        return value
    }

    // MARK: - Strings

    private mutating func string() throws(JSONTextError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
            case 0..<0x20: throw fault("a control character stands in a string")
            default: text.append(byte)
            }
        }
        throw fault("a string is not closed")
    }

    private mutating func escape() throws(JSONTextError) -> Unicode.Scalar {
        guard let byte = peek else { throw fault("a string is not closed") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            guard UTF16.isLeadSurrogate(UInt16(unit)), takeHere("\\"), takeHere("u") else {
                throw fault("half of a surrogate pair stands alone")
            }
            let trail = try codeUnit()
            guard UTF16.isTrailSurrogate(UInt16(trail)),
                let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) * 0x400 + (trail - 0xDC00))
            else { throw fault("half of a surrogate pair stands alone") }
            return scalar
        default: throw fault("an unknown escape")
        }
    }

    /// Four hexadecimal digits.
    private mutating func codeUnit() throws(JSONTextError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("expected four hexadecimal digits")
            }
            unit = unit * 16 + UInt32(digit)
            position += 1
        }
        return unit
    }

    // MARK: - Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        skipSpace()
        return takeHere(scalar)
    }

    private mutating func takeHere(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private func fault(_ message: String) -> JSONTextError { JSONTextError(message: message, offset: position) }
}
