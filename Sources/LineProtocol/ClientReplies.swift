import LedgerCore

/// What the server knows of itself, for clients that ask.
package struct ServerFacts: Sendable, Hashable {
    package var version: String
    package var processID: Int64
    /// nil where it listens on the Unix socket alone.
    package var tcpPort: Int?
    package var uptimeSeconds: Int64

    package init(version: String, processID: Int64, tcpPort: Int?, uptimeSeconds: Int64) {
        self.version = version
        self.processID = processID
        self.tcpPort = tcpPort
        self.uptimeSeconds = uptimeSeconds
    }
}

/// What a client may ask of its own connection.
package struct ConnectionFacts: Sendable, Hashable {
    /// Counts from 1.
    package let id: Int64
    package var version: RespVersion
    package var name: String?
    package let address: String

    package init(id: Int64, version: RespVersion = .two, name: String? = nil, address: String) {
        self.id = id
        self.version = version
        self.name = name
        self.address = address
    }
}

/// The replies to what Redis clients send of themselves, in the types that they demand.
package enum ClientReplies {
    package static let reset = RespValue.simple("RESET")

    package static func ping(_ message: String?) -> RespValue { message.map(RespValue.text) ?? .pong }

    package static func hello(_ server: ServerFacts, _ connection: ConnectionFacts) -> RespValue {
        .map([
            "server": .text("grantledger"),
            "version": .text(server.version),
            "proto": .integer(Int64(connection.version.rawValue)),
            "id": .integer(connection.id),
            "mode": .text("standalone"),
            "role": .text("master"),
            "modules": .array([]),
        ])
    }

    package static func info(_ server: ServerFacts) -> RespValue {
        .verbatim(
            """
            # Server\r
            server_name:grantledger\r
            grantledger_version:\(server.version)\r
            redis_mode:standalone\r
            process_id:\(server.processID)\r
            tcp_port:\(server.tcpPort ?? 0)\r
            uptime_in_seconds:\(server.uptimeSeconds)\r
            \r
            # Persistence\r
            loading:0\r
            \r
            # Replication\r
            role:master\r
            connected_slaves:0\r

            """)
    }

    /// `requestLimit` in bytes. `*` asks for all settings; unknown ones are left out, as Redis does.
    package static func configGet(_ names: [String], requestLimit: Int = 65_536) -> RespValue {
        let settings = [
            ("appendonly", "yes"), ("databases", "1"), ("maxmemory", "0"),
            ("proto-max-bulk-len", String(requestLimit)), ("save", ""), ("timeout", "0"),
        ]
        let asked = Set(names.map(\.lowercasedASCII))
        return .map(
            settings.filter { asked.contains("*") || asked.contains($0.0) }
                .map { RespValue.Pair(.text($0.0), .text($0.1)) })
    }

    // MARK: - CLIENT

    /// SETNAME changes `connection`; nothing else does.
    package static func client(
        _ subcommand: String, _ words: [String], _ connection: inout ConnectionFacts
    ) -> RespValue {
        switch (subcommand, words.count) {
        case ("SETNAME", 1):
            guard PlainText.isValid(words[0]), !words[0].utf8.contains(UInt8(ascii: " ")) else {
                return .refused(
                    .invalid(
                        "connection-name",
                        "\(words[0].quoted) is no name for a connection: expected at most 200 characters without spaces"
                    ))
            }
            connection.name = words[0].isEmpty ? nil : words[0]
            return .ok
        case ("GETNAME", 0): return connection.name.map(RespValue.text) ?? .null
        case ("ID", 0): return .integer(connection.id)
        case ("INFO", 0), ("LIST", _): return .verbatim(line(connection))
        case ("SETINFO", 2), ("NO-EVICT", 1), ("NO-TOUCH", 1): return .ok
        case ("REPLY", 1) where words[0].lowercasedASCII == "on": return .ok
        case ("TRACKING", 1) where words[0].lowercasedASCII == "off": return .ok
        default:
            return .refused(
                .invalid(
                    "subcommand", "CLIENT \(subcommand.shortened(to: 64)) with \(words.count) words is not spoken here")
            )
        }
    }

    private static func line(_ connection: ConnectionFacts) -> String {
        "id=\(connection.id) addr=\(connection.address) name=\(connection.name ?? "") db=0"
            + " resp=\(connection.version.rawValue)\n"
    }

    // MARK: - COMMAND

    package static let commandTable = RespValue.array(VerbTable.all.map(entry))

    /// `names` may be verbs in any case; unknown ones are left out, none is all.
    package static func commandDocs(_ names: [String]) -> RespValue {
        let verbs = names.isEmpty ? VerbTable.all : names.compactMap { Verb(name: $0)?.spec }
        return .map(verbs.map { RespValue.Pair(.text($0.name.lowercasedASCII), documentation(of: $0)) })
    }

    /// Name, count of words (negative: at least so many), flags, first and last key and step (there are no keys), and
    /// the categories, tips, key specifications and subcommands of Redis 7.
    private static func entry(_ spec: VerbSpec) -> RespValue {
        let required = spec.arguments.count(where: \.isRequired)
        let isFixed = required == spec.arguments.count && spec.verb != .client && spec.verb != .config
        let flag = spec.kind == .posting || spec.kind == .registration || spec.kind == .bank ? "write" : "readonly"
        return .array([
            .text(spec.name.lowercasedASCII), .integer(Int64(isFixed ? required + 1 : -required - 1)),
            .set([.simple(flag)]), .integer(0), .integer(0), .integer(0), .set([]), .array([]), .array([]), .array([]),
        ])
    }

    private static func documentation(of spec: VerbSpec) -> RespValue {
        .map([
            "summary": .text(spec.summary),
            "since": .text("1.0.0"),
            "group": .text(spec.kind.rawValue),
            "arguments": .array(
                spec.arguments.map { argument in
                    // redis-cli 7.0 hints with the name, later ones with the text.
                    let shown = spec.isPositional ? argument.name : "\(argument.name)=\(argument.kind.label)"
                    return .map([
                        "name": .text(shown),
                        "type": .text("string"),
                        "display_text": .text(shown),
                        "flags": .set(argument.isRequired ? [] : [.simple("optional")]),
                    ])
                }),
        ])
    }
}
