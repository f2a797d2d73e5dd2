/// One request as it stands on the wire, already split into words: the verb and its `name=value` pairs in order.
/// A request with a non-empty `group` stands for MULTI, the group's requests and EXEC; its verb is `EXEC`.
struct ModelRequest: Equatable, Sendable {
    struct Argument: Equatable, Sendable {
        var name: String
        var value: String
    }

    var verb: String
    var arguments: [Argument]
    var group: [ModelRequest] = []

    init(_ verb: String, _ arguments: [(String, String)] = []) {
        self.verb = verb
        self.arguments = arguments.map { Argument(name: $0.0, value: $0.1) }
    }

    init(group: [ModelRequest]) {
        self.verb = "EXEC"
        self.arguments = []
        self.group = group
    }

    /// The first value given under `name`, or nil.
    subscript(name: String) -> String? {
        arguments.first { $0.name == name }?.value
    }

    /// The request as a line, to be read in a failure's message.
    var line: String {
        if !group.isEmpty {
            return (["MULTI"] + group.map(\.line) + ["EXEC"]).joined(separator: "\n")
        }
        func quoted(_ text: String) -> String {
            "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        }
        return ([verb] + arguments.map { "\($0.name)=\(quoted($0.value))" }).joined(separator: " ")
    }
}

/// What the model answers. It holds only the fields whose content is defined; a real reply may have more.
/// `.group` is EXEC's list of replies; a group that was not posted is `.refused("EXECABORT", …)`.
enum ModelReply: Equatable, Sendable {
    case accepted([String: ModelJSON])
    case refused(String, [String: ModelJSON])
    case group([ModelReply])

    /// `+` for an accepted request, else the error code.
    var code: String {
        switch self {
        case .accepted, .group: "+"
        case .refused(let code, _): code
        }
    }
}

/// A JSON value of a reply. Amounts are strings with two decimals.
enum ModelJSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([ModelJSON])
    case object([String: ModelJSON])

    /// Fen as the wire writes them: `12.05`, and `-12.05` for what lies below zero.
    static func money(_ fen: Int64) -> ModelJSON {
        let size = fen.magnitude
        let cents = String(size % 100)
        return .string((fen < 0 ? "-" : "") + "\(size / 100)." + (cents.count == 1 ? "0" + cents : cents))
    }
}

/// Why a request is refused: its code and the fields that go with it (without `message`).
struct ModelRefusal: Error, Equatable {
    var code: String
    var fields: [String: ModelJSON] = [:]

    static func invalid(_ argument: String) -> ModelRefusal {
        ModelRefusal(code: "INVALID_ARGUMENT", fields: ["argument": .string(argument)])
    }

    static func missing(_ argument: String) -> ModelRefusal {
        ModelRefusal(code: "MISSING_ARGUMENT", fields: ["argument": .string(argument)])
    }

    static let notFound = ModelRefusal(code: "NOT_FOUND")
    static let exists = ModelRefusal(code: "EXISTS")
    static let notAPayer = ModelRefusal(code: "NOT_A_PAYER")
    static let windowClosed = ModelRefusal(code: "WINDOW_CLOSED")
}
