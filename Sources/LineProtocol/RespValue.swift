package import LedgerCore

/// The version of RESP that a connection has asked for.
package enum RespVersion: Int, Sendable, Hashable {
    case two = 2
    case three = 3
}

/// A value of RESP. The server writes those that Redis clients demand of themselves; the command line reads them all.
package enum RespValue: Sendable, Hashable {
    case simple(String)
    /// `CODE {…}`
    case error(String)
    case integer(Int64)
    case bulk([UInt8])
    case null
    case array([RespValue])
    /// In RESP2 an array of keys and values by turns.
    case map([Pair])
    /// In RESP2 an array.
    case set([RespValue])
    /// Plain text for people; in RESP2 a bulk string.
    case verbatim(String)

    package struct Pair: Sendable, Hashable {
        package let key: RespValue
        package let value: RespValue

        package init(_ key: RespValue, _ value: RespValue) {
            self.key = key
            self.value = value
        }
    }

    package static let ok = RespValue.simple("OK")
    package static let pong = RespValue.simple("PONG")
    package static let queued = RespValue.simple("QUEUED")

    package static func text(_ text: String) -> RespValue { .bulk(Array(text.utf8)) }
    package static func refused(_ refusal: Refusal) -> RespValue { .error(ReplyEncoder.text(of: refusal)) }

    static func map(_ fields: KeyValuePairs<String, RespValue>) -> RespValue {
        .map(fields.map { Pair(.text($0.key), $0.value) })
    }
}

extension RespValue {
    package func encode(_ version: RespVersion, into bytes: inout [UInt8]) {
        switch self {
        case .simple(let text): RespValue.line("+", text, to: &bytes)
        case .error(let text): RespValue.line("-", text, to: &bytes)
        case .integer(let number): RespValue.header(":", number, to: &bytes)
        case .bulk(let content):
            RespValue.header("$", Int64(content.count), to: &bytes)
            bytes.append(contentsOf: content)
            bytes.append(contentsOf: "\r\n".utf8)
        case .null: bytes.append(contentsOf: (version == .two ? "$-1\r\n" : "_\r\n").utf8)
        case .array(let values): RespValue.values("*", values, version, to: &bytes)
        case .set(let values): RespValue.values(version == .two ? "*" : "~", values, version, to: &bytes)
        case .map(let pairs):
            switch version {
            case .two: RespValue.header("*", Int64(2 * pairs.count), to: &bytes)
            case .three: RespValue.header("%", Int64(pairs.count), to: &bytes)
            }
            for pair in pairs {
                pair.key.encode(version, into: &bytes)
                pair.value.encode(version, into: &bytes)
            }
        case .verbatim(let text) where version == .two: RespValue.text(text).encode(version, into: &bytes)
        case .verbatim(let text):
            RespValue.header("=", Int64(text.utf8.count + 4), to: &bytes)
            bytes.append(contentsOf: "txt:\(text)\r\n".utf8)
        }
    }

    private static func values(
        _ type: Unicode.Scalar, _ values: [RespValue], _ version: RespVersion, to bytes: inout [UInt8]
    ) {
        header(type, Int64(values.count), to: &bytes)
        for value in values { value.encode(version, into: &bytes) }
    }

    private static func header(_ type: Unicode.Scalar, _ number: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: type))
        DecimalText.append(number, to: &bytes)
        bytes.append(contentsOf: "\r\n".utf8)
    }

    /// A line cannot hold what would end it; a space stands for it.
    private static func line(_ type: Unicode.Scalar, _ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: type))
        bytes.append(contentsOf: text.utf8.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        bytes.append(contentsOf: "\r\n".utf8)
    }
}
