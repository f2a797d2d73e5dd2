import LedgerCore

/// Reads the verbs of the session, whose words mostly stand without names, as Redis clients send them.
enum SessionParser {
    /// Those with named arguments.
    static func request(_ arguments: Arguments) throws(Refusal) -> SessionRequest {
        switch arguments.spec.verb {
        case .use: .use(tenant: try arguments.text(.tenant))
        case .multi: .multi
        case .exec: .exec
        case .discard: .discard
        case .whoami: .whoami
        case .status: .status
        case .principalCreate: .createPrincipal(try principal(arguments))
        case .principalRotate: .rotatePrincipal(try arguments.text(.principal))
        case .principalRevoke: .revokePrincipal(try arguments.text(.principal))
        case .principals: .principals
        case .seal: .seal(tenant: try arguments.text(.tenant))
        default: throw .unknownCommand(arguments.spec.name)
        }
    }

    /// Names that mean somebody already: who speaks on the Unix socket, and whom Redis clients name by default.
    private static let reservedNames: Set = ["operator", "default"]

    private static func principal(_ arguments: Arguments) throws(Refusal) -> Principal {
        let name = try arguments.text(.principal)
        guard !reservedNames.contains(name.lowercasedASCII) else {
            throw .invalid("principal", "the name \(name.quoted) is the daemon's own; choose another")
        }
        return Principal(
            name: name, role: try arguments.required(.role, arguments.optionalChoice),
            tenant: arguments.optionalText(.tenant), schemes: arguments.optionalList(.schemes).map(Set.init))
    }

    /// Those with positional words.
    static func request(_ spec: VerbSpec, words: [String]) throws(Refusal) -> SessionRequest {
        switch spec.verb {
        case .ping:
            try judge(words, of: spec, count: 0...1)
            return .ping(words.first)
        case .help:
            try judge(words, of: spec, count: 0...1)
            guard let name = words.first else { return .help(verb: nil) }
            guard let verb = Verb(name: name) else { throw .unknownCommand(name) }
            return .help(verb: verb)
        case .auth:
            try judge(words, of: spec, count: 1...2)
            let principal = words.count == 2 ? words[0] : nil
            return .authenticate(Credentials(principal: principal, token: words[words.count - 1]))
        case .hello: return try hello(words)
        case .echo:
            try judge(words, of: spec, count: 1...1)
            return .echo(Array(words[0].utf8))
        case .reset: return try alone(.reset, spec, words)
        case .quit: return try alone(.quit, spec, words)
        case .info: return .info
        case .select:
            try judge(words, of: spec, count: 1...1)
            guard words[0] == "0" else {
                throw .invalid("database", "there is no database \(words[0].quoted), only 0")
            }
            return .select(words[0])
        case .client:
            try judge(words, of: spec, count: 1...Int.max)
            return .client(words[0].uppercased(), Array(words.dropFirst()))
        case .command:
            guard let subcommand = words.first else { return .commandTable }
            guard subcommand.uppercased() == "DOCS" else { throw unknown(subcommand, of: spec) }
            return .commandDocs(Array(words.dropFirst()))
        case .config:
            try judge(words, of: spec, count: 1...Int.max)
            guard words[0].uppercased() == "GET" else { throw unknown(words[0], of: spec) }
            try judge(words, of: spec, count: 2...Int.max)
            return .configGet(Array(words.dropFirst()))
        default: throw .unknownCommand(spec.name)
        }
    }

    private static func hello(_ words: [String]) throws(Refusal) -> SessionRequest {
        var rest = words[...]
        guard let first = rest.popFirst() else { return .hello(version: nil, credentials: nil, name: nil) }
        guard first == "2" || first == "3" else {
            throw .invalid("protocol", "RESP version \(first.quoted) is not spoken here: expected 2 or 3")
        }
        var credentials: Credentials?
        var name: String?
        while let option = rest.popFirst() {
            switch option.uppercased() {
            case "AUTH":
                guard let principal = rest.popFirst(), let token = rest.popFirst() else {
                    throw .missing("token", "AUTH in HELLO needs a principal and a token")
                }
                guard credentials == nil else { throw .invalid("auth", "AUTH is given twice") }
                credentials = Credentials(principal: principal, token: token)
            case "SETNAME":
                guard let value = rest.popFirst() else { throw .missing("setname", "SETNAME in HELLO needs a name") }
                guard name == nil else { throw .invalid("setname", "SETNAME is given twice") }
                name = value
            default:
                throw .invalid(
                    option.lowercasedASCII.shortened(to: PlainText.longest),
                    "HELLO has no option \(option.quoted): expected AUTH or SETNAME")
            }
        }
        return .hello(version: first == "2" ? 2 : 3, credentials: credentials, name: name)
    }

    // MARK: - What words are wrong

    private static func judge(_ words: [String], of spec: VerbSpec, count: ClosedRange<Int>) throws(Refusal) {
        guard words.count >= count.lowerBound else {
            let missing = spec.arguments.filter(\.isRequired).dropFirst(words.count).first?.name ?? "word"
            throw .missing(missing, "\(spec.name) needs \(missing): \(spec.usage)")
        }
        guard words.count <= count.upperBound else {
            let word = words[count.upperBound]
            throw .invalid(word.shortened(to: PlainText.longest), "\(word.quoted) is too much: \(spec.usage)")
        }
    }

    private static func alone(
        _ request: SessionRequest, _ spec: VerbSpec, _ words: [String]
    ) throws(Refusal) -> SessionRequest {
        try judge(words, of: spec, count: 0...0)
        return request
    }

    private static func unknown(_ subcommand: String, of spec: VerbSpec) -> Refusal {
        .invalid("subcommand", "\(spec.name) has no \(subcommand.quoted) here: \(spec.usage)")
    }
}
