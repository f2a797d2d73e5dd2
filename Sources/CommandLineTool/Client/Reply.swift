import LineProtocol

/// A reply to one request: what was answered, or a refusal.
struct Reply: Sendable, Equatable {
    /// Of a refusal: `CAP_EXCEEDED`; nil where the request was answered.
    let code: String?
    /// As it came, without the code: a JSON object, or a word such as PONG.
    let text: String
    /// Of the object, in its order; empty where the reply is no object.
    let members: [JSONText.Member]

    init(_ value: RespValue) {
        switch value {
        case .error(let line):
            let word = line.prefix { $0 != " " }
            self.init(code: String(word), text: String(line.dropFirst(word.count + 1)))
        case .simple(let line), .verbatim(let line):
            self.init(code: nil, text: line)
        case .bulk(let bytes):
            self.init(code: nil, text: String(decoding: bytes, as: UTF8.self))
        default:
            self.init(code: nil, text: String(describing: value))
        }
    }

    private init(code: String?, text: String) {
        self.code = code
        self.text = text
        if case .object(let members)? = try? JSONText(text) { self.members = members } else { members = [] }
    }

    /// The first member of that name.
    subscript(name: String) -> JSONText? { members.first { $0.name == name }?.value }

    /// Of a refusal: what is wrong, and what to do.
    var message: String { self["message"]?.string ?? text }
}

extension JSONText {
    /// The text that this is; nil where it is anything else.
    var string: String? { if case .text(let text) = self { text } else { nil } }
}
