package import LedgerCore
package import LineProtocol

/// Who speaks on a connection.
package struct Principal: Sendable, Hashable {
    package let name: String
    package let role: PrincipalRole

    /// Whoever reaches the daemon, until there are principals.
    package static let local = Principal(name: "operator", role: .operator)
}

/// What a connection has said so far, and what its next request asks to be done. A value without I/O.
package struct Session: Sendable {
    package enum Step: Sendable, Hashable {
        case reply(Reply)
        /// The tenant holds for the requests that follow, if there is one of that name.
        case use(tenant: String)
        case status
        case post(Envelope)
        case ask(Query, wait: Duration?)
        case exec(Voucher)
        /// After the reply the connection ends.
        case close(Reply)
    }

    private let limits: Limits
    private let server: @Sendable () -> ServerFacts
    private var connection: ConnectionFacts
    package private(set) var principal = Principal.local
    /// What USE has set.
    package var tenant: String?
    private var voucher: Voucher?

    package init(_ connection: ConnectionFacts, server: @escaping @Sendable () -> ServerFacts, limits: Limits) {
        self.connection = connection
        self.server = server
        self.limits = limits
    }

    package mutating func take(_ decoded: Decoded) -> Step {
        switch decoded {
        case .malformed(let refusal, closes: true): return .close(.refused(refusal))
        case .malformed(let refusal, closes: false): return refuse(refusal)
        case .request(let raw):
            switch RequestParser.parse(raw, tenant: tenant) {
            case .failure(let refusal): return refuse(refusal)
            case .success(let request):
                if let refusal = authorize(request) { return refuse(refusal) }
                return take(request)
            }
        }
    }

    /// Why the speaker may not ask for this; nil where it may. Whoever reaches the daemon may do everything for now.
    private func authorize(_ request: ParsedRequest) -> Refusal? {
        nil
    }

    private mutating func take(_ request: ParsedRequest) -> Step {
        switch request {
        case .command(let command):
            let envelope = Envelope(command: command, principal: principal.name)
            return voucher == nil ? .post(envelope) : queue(.command(envelope))
        case .query(let query, let wait):
            let wait = wait.flatMap { $0 > 0 ? min(.milliseconds($0), limits.longestWait) : nil }
            return voucher == nil ? .ask(query, wait: wait) : queue(.query(query))
        case .session(let request):
            return voucher == nil ? take(request) : takeInsideVoucher(request)
        }
    }

    /// A refused request between MULTI and EXEC spoils the voucher.
    private mutating func refuse(_ refusal: Refusal) -> Step {
        voucher?.refuse(refusal)
        return .reply(.refused(refusal))
    }

    // MARK: - Vouchers

    private mutating func queue(_ part: VoucherPart) -> Step {
        do {
            try voucher?.add(part, limits: limits)
            return .reply(.simple(.queued))
        } catch {
            return refuse(error)
        }
    }

    private mutating func takeInsideVoucher(_ request: SessionRequest) -> Step {
        switch request {
        case .exec:
            let finished = voucher ?? Voucher()
            voucher = nil
            return finished.verdict.map { .reply(.verdict($0)) } ?? .exec(finished)
        case .discard:
            voucher = nil
            return .reply(.simple(.ok))
        case .reset, .quit: return take(request)
        case .use, .ping, .help, .status, .whoami, .multi, .authenticate, .hello, .echo, .select, .client,
            .commandTable, .commandDocs, .info, .configGet, .createPrincipal, .revokePrincipal:
            return refuse(
                Refusal(
                    .badRequest,
                    "\(request.verb.rawValue) may not stand between MULTI and EXEC: only postings, registrations and "
                        + "queries may"))
        }
    }

    // MARK: - The session itself

    private mutating func take(_ request: SessionRequest) -> Step {
        switch request {
        case .use(let tenant): return .use(tenant: tenant)
        case .status: return .status
        case .whoami: return .reply(.outcome(.answered(whoami)))
        case .help(let verb): return .reply(.outcome(.answered(HelpText.help(verb: verb))))
        case .multi:
            voucher = Voucher()
            return .reply(.simple(.ok))
        case .exec: return .reply(.refused(Refusal(.badRequest, "EXEC without MULTI")))
        case .discard: return .reply(.refused(Refusal(.badRequest, "DISCARD without MULTI")))
        case .authenticate: return .reply(.refused(.noPrincipals))
        case .hello(let version, let credentials, let name): return hello(version, credentials, name)
        case .reset:
            voucher = nil
            tenant = nil
            connection.version = .two
            connection.name = nil
            return .reply(.simple(ClientReplies.reset))
        case .quit: return .close(.simple(.ok))
        case .createPrincipal: return .reply(.refused(.notYet(.principalCreate)))
        case .revokePrincipal: return .reply(.refused(.notYet(.principalRevoke)))
        case .ping(let message): return reply(ClientReplies.ping(message))
        case .echo(let message): return reply(.bulk(message))
        case .select: return reply(.ok)
        case .client(let subcommand, let words):
            return reply(ClientReplies.client(subcommand, words, &connection))
        case .commandTable: return reply(ClientReplies.commandTable)
        case .commandDocs(let names): return reply(ClientReplies.commandDocs(names))
        case .info: return reply(ClientReplies.info(server()))
        case .configGet(let names): return reply(ClientReplies.configGet(names, requestLimit: limits.lineLength))
        }
    }

    private mutating func hello(_ version: Int?, _ credentials: Credentials?, _ name: String?) -> Step {
        guard credentials == nil else { return .reply(.refused(.noPrincipals)) }
        if let name {
            let renamed = ClientReplies.client("SETNAME", [name], &connection)
            guard renamed == .ok else { return reply(renamed) }
        }
        if let version = version.flatMap(RespVersion.init) { connection.version = version }
        return reply(ClientReplies.hello(server(), connection))
    }

    private func reply(_ value: RespValue) -> Step { .reply(.value(value, connection.version)) }

    private var whoami: [Field] {
        [
            Field("principal", .text(principal.name)), Field("role", .text(principal.role.rawValue)),
            Field("tenant", .optional(tenant)),
        ]
    }
}

extension Refusal {
    static let noPrincipals = Refusal(
        .wrongPassword, "no principal has that token: this daemon knows none yet, and answers without AUTH")

    static func notYet(_ verb: Verb) -> Refusal {
        Refusal(.unknownCommand, "\(verb.rawValue) is not served by this daemon yet")
    }
}
