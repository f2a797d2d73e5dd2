package import LineProtocol

/// One reply as a program outside sees it.
package struct WireReply: Sendable, CustomStringConvertible {
    /// `+` where it was accepted, else the error's code.
    package let code: String
    /// The JSON object; null where the reply has none (`+PONG`).
    package let body: JSONText
    /// The replies in EXEC's array.
    package let parts: [WireReply]
    /// As it was sent, without its line's end.
    package let description: String

    package var isAccepted: Bool { code == "+" }

    package init(_ value: RespValue) throws {
        switch value {
        case .simple(let text):
            (code, parts, description) = ("+", [], "+" + text)
            body = text.hasPrefix("{") ? try JSONText(text) : .null
        case .error(let text):
            guard let space = text.firstIndex(of: " ") else { throw PlayFailure("an error without an object: \(text)") }
            (code, parts, description) = (String(text[..<space]), [], "-" + text)
            body = try JSONText(text[space...].dropFirst())
            guard case .text? = body["message"] else { throw PlayFailure("an error without a message: \(text)") }
        case .array(let values):
            parts = try values.map(WireReply.init)
            (code, body, description) = ("+", .null, "\(parts)")
        default: throw PlayFailure("a reply that is neither a simple string, an error nor an array: \(value)")
        }
    }

    /// The field as text: an amount, a number or a flag as it stands, `null` for null, a list's elements with commas;
    /// nil where there is none of that name.
    package subscript(name: String) -> String? { body[name].map(\.plainText) }

    /// The elements of the field; none where it is no list, or is not there.
    package func list(_ name: String) -> [JSONText] { body[name]?.elements ?? [] }
}

extension JSONText {
    /// Without quotes and brackets, as tests write what they expect.
    package var plainText: String {
        switch self {
        case .null: "null"
        case .flag(let value): "\(value)"
        case .number(let text), .text(let text): text
        case .list(let values): values.map(\.plainText).joined(separator: ",")
        case .object(let members): members.map { "\($0.name):\($0.value.plainText)" }.joined(separator: ",")
        }
    }

    package var elements: [JSONText] {
        if case .list(let values) = self { values } else { [] }
    }
}
