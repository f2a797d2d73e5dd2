import LedgerCore

/// Writes JSON into bytes. No control character ever stands raw, so that an object is always one line.
enum JSONWriter {
    static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .flag(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .number(let number): DecimalText.append(number, to: &bytes)
        case .text(let text): append(text, to: &bytes)
        case .amount(let amount): append(amount, to: &bytes)
        case .list(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let fields): append(fields, to: &bytes)
        }
    }

    static func append(_ fields: [Field], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (index, field) in fields.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            append(field.value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    /// Yuan with two decimals, in quotes.
    static func append(_ amount: Amount, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        DecimalText.append(amount, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// `YYYY-MM-DD`, in quotes.
    static func append(_ day: Day, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        DecimalText.append(day, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    // MARK: - Text

    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { appendEscaped($0, to: &bytes) }
        if isDone == nil { Array(text.utf8).withUnsafeBufferPointer { appendEscaped($0, to: &bytes) } }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func appendEscaped(_ text: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
        var plainStart = 0
        var position = 0
        while position < text.count {
            let byte = text[position]
            // C1 controls are two bytes in UTF-8: C2, and the control's own number.
            let isC1 = byte == 0xC2 && position + 1 < text.count && (0x80...0x9F).contains(text[position + 1])
            guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F || isC1 else {
                position += 1
                continue
            }
            bytes.append(contentsOf: text[plainStart..<position])
            appendEscape(of: isC1 ? text[position + 1] : byte, to: &bytes)
            position += isC1 ? 2 : 1
            plainStart = position
        }
        bytes.append(contentsOf: text[plainStart...])
    }

    private static func appendEscape(of byte: UInt8, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case UInt8(ascii: "\n"): bytes.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r"): bytes.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t"): bytes.append(UInt8(ascii: "t"))
        default:
            let hexadecimal = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "u00".utf8)
            bytes.append(hexadecimal[Int(byte >> 4)])
            bytes.append(hexadecimal[Int(byte & 15)])
        }
    }
}
