import LedgerCore
import LineProtocol

/// A reply to one request: what was answered, or a refusal.
struct Reply: Sendable, Equatable {
    /// Of a refusal: `CAP_EXCEEDED`; nil where the request was answered.
    let code: String?
    /// As it came, without the code: a JSON object, or a word such as PONG.
    let text: String
    /// Of the object, in its order; empty where the reply is no object.
    let members: [JSONText.Member]
    /// What the tool has to add to the message of a refusal.
    var advice: String?

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

    /// As one JSON object: the daemon's, a refusal's with its code before the rest.
    var json: String {
        let isWord = members.isEmpty && text != "{}"
        guard let code else { return isWord ? jsonLine([Field("reply", .text(text))]) : text }
        guard !members.isEmpty else { return jsonLine([Field("code", .text(code)), Field("message", .text(text))]) }
        return jsonLine([Field("code", .text(code))]).dropLast() + "," + text.dropFirst()
    }

    /// Of a refusal: what is wrong, and what to do.
    var message: String { (self["message"]?.string ?? text) + (advice.map { " (\($0))" } ?? "") }
}

extension JSONText {
    /// The text that this is; nil where it is anything else.
    var string: String? { if case .text(let text) = self { text } else { nil } }
}
