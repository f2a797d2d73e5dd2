package import LedgerCore
package import LineProtocol

/// What a connection has said so far, and what its next request asks to be done. A value without I/O.
package struct Session: Sendable {
    package enum Step: Sendable, Hashable {
        case reply(Reply)
        /// Whose token this is has to be found out; HELLO asks for more than that.
        case authenticate(Credentials, then: Greeting?)
        /// The tenant holds for the requests that follow, if there is one of that name.
        case use(tenant: String)
        case status
        case post(Envelope)
        case ask(Query, wait: Duration?)
        case bank(BankRequest)
        case exec(Voucher)
        case create(Principal)
        case rotate(principal: String)
        case revoke(principal: String)
        case principals
        case seal(tenant: String)
        /// After the reply the connection ends.
        case close(Reply)
    }

    /// A request that is understood, or what is done about one that is not.
    package enum Reading: Sendable, Hashable {
        case request(ParsedRequest)
        case step(Step)
    }

    /// What HELLO sets.
    package struct Greeting: Sendable, Hashable {
        let version: Int?
        let name: String?
    }

    private let limits: Limits
    private let server: @Sendable () -> ServerFacts
    private let principals: Principals
    /// Who speaks without AUTH: the daemon's own system user on the Unix socket, or nobody.
    private let native: Principal?
    private var connection: ConnectionFacts
    /// Who AUTH has named.
    private var named: Principal?
    /// What USE has set.
    package var tenant: String?
    private var voucher: Voucher?

    package init(
        _ connection: ConnectionFacts, native: Principal?, principals: Principals,
        server: @escaping @Sendable () -> ServerFacts, limits: Limits
    ) {
        self.connection = connection
        self.native = native
        self.principals = principals
        self.server = server
        self.limits = limits
    }

    /// Who speaks now; nil for nobody, as for one who was revoked.
    package var speaker: Principal? {
        guard let named else { return native }
        return principals.stands(named) ? named : nil
    }

    package mutating func read(_ decoded: Decoded) -> Reading {
        switch decoded {
        case .malformed(let refusal, closes: true): return .step(.close(.refused(refusal)))
        case .malformed(let refusal, closes: false): return .step(refuse(refusal))
        case .request(let raw):
            let speaker = speaker
            guard speaker != nil || Session.isOpenToAll(raw) else {
                voucher = nil
                return .step(.reply(.refused(named.map { .revoked($0) } ?? .noAuthentication)))
            }
            switch RequestParser.parse(raw, tenant: tenant) {
            case .failure(let refusal): return .step(refuse(refusal))
            case .success(let request):
                if let speaker, !speaker.may(request) { return .step(refuse(.outOfReach)) }
                return .request(request)
            }
        }
    }

    /// What a request that was read, and whose tenant is in reach, asks to be done.
    package mutating func take(_ request: ParsedRequest) -> Step {
        if case .session(let request) = request { return voucher == nil ? take(request) : takeInsideVoucher(request) }
        // Looked up once: somebody may be revoked at any moment.
        guard let speaker else { return refuse(named.map { .revoked($0) } ?? .noAuthentication) }
        switch request {
        case .command(let command):
            if case .posting(let posting) = command, MatchPosting.isKey(posting.key) {
                return refuse(
                    .invalid("key", "the keys match:N:… are those of matches, which the daemon posts; take another key")
                )
            }
            let envelope = Envelope(command: command, principal: speaker.name, schemes: speaker.schemes)
            return voucher == nil ? .post(envelope) : queue(.command(envelope))
        case .query(var query, let wait):
            query.schemes = speaker.schemes
            let wait = wait.flatMap { $0 > 0 ? min(.milliseconds($0), limits.longestWait) : nil }
            return voucher == nil ? .ask(query, wait: wait) : queue(.query(query))
        case .bank(var request):
            guard voucher == nil else { return refuse(.notInVoucher("a request of the bank's side")) }
            request.principal = speaker.name
            return .bank(request)
        case .session(let request): return take(request)
        }
    }

    /// A refused request between MULTI and EXEC spoils the voucher.
    package mutating func refuse(_ refusal: Refusal) -> Step {
        voucher?.refuse(refusal)
        return .reply(.refused(refusal))
    }

    // MARK: - Who speaks

    private static func isOpenToAll(_ raw: RawRequest) -> Bool {
        switch Verb(name: raw.verb) {
        case .ping, .hello, .auth, .help, .quit: true
        default: false
        }
    }

    /// Whether the speaker reaches some tenants alone, or some schemes of them.
    package var isBounded: Bool { speaker.map { $0.tenant != nil || $0.schemes != nil } ?? true }

    /// Whether a request outside any voucher is about this tenant alone, and the speaker reaches it.
    func reaches(_ place: TenantPlace, alone tenant: String, of request: ParsedRequest) -> Bool {
        guard voucher == nil else { return false }
        return !isBounded || request.tenants.allSatisfy { $0 == tenant } && speaker?.reaches(place) == true
    }

    /// The tenants that a request is about and that stand outside its voucher.
    package func tenantsToReach(_ request: ParsedRequest) -> [String] {
        request.tenants.filter { voucher?.creates($0) != true }
    }

    /// The token was right: `principal` speaks from now on.
    package mutating func enter(_ principal: Principal) {
        named = principal
        tenant = nil
        voucher = nil
    }

    /// HELLO, once who speaks is settled.
    package mutating func greet(_ greeting: Greeting) -> Step {
        guard speaker != nil else { return .reply(.refused(.noAuthentication)) }
        if let name = greeting.name {
            let renamed = ClientReplies.client("SETNAME", [name], &connection)
            guard renamed == .ok else { return reply(renamed) }
        }
        if let version = greeting.version.flatMap(RespVersion.init) { connection.version = version }
        return reply(ClientReplies.hello(server(), connection))
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
            .commandTable, .commandDocs, .info, .configGet, .createPrincipal, .rotatePrincipal, .revokePrincipal,
            .principals, .seal:
            return refuse(.notInVoucher(request.verb.rawValue))
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
        case .authenticate(let credentials): return .authenticate(credentials, then: nil)
        case .hello(let version, let credentials, let name):
            let greeting = Greeting(version: version, name: name)
            return credentials.map { .authenticate($0, then: greeting) } ?? greet(greeting)
        case .reset:
            (voucher, tenant, named) = (nil, nil, nil)
            connection.version = .two
            connection.name = nil
            return .reply(.simple(ClientReplies.reset))
        case .quit: return .close(.simple(.ok))
        case .createPrincipal(let principal): return .create(principal)
        case .rotatePrincipal(let name): return .rotate(principal: name)
        case .revokePrincipal(let name): return .revoke(principal: name)
        case .principals: return .principals
        case .seal(let tenant): return .seal(tenant: tenant)
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

    private func reply(_ value: RespValue) -> Step { .reply(.value(value, connection.version)) }

    private var whoami: [Field] {
        [
            Field("principal", .optional(speaker?.name)), Field("role", .optional(speaker?.role.rawValue)),
            Field("tenant", .optional(speaker?.tenant)),
            Field("schemes", speaker?.schemes.map { .texts($0.sorted()) } ?? .null), Field("using", .optional(tenant)),
        ]
    }
}

extension Refusal {
    fileprivate static func notInVoucher(_ what: String) -> Refusal {
        Refusal(
            .badRequest,
            "\(what) may not stand between MULTI and EXEC: only postings, registrations and queries may")
    }

    static let noAuthentication = Refusal(
        .noAuthentication, "say who you are first: AUTH PRINCIPAL TOKEN, as PRINCIPAL.CREATE has shown it")

    static func revoked(_ principal: Principal) -> Refusal {
        Refusal(.noAuthentication, "principal \"\(principal.name)\" was revoked; ask an operator for another token")
    }

    static let wrongToken = Refusal(
        .wrongPassword, "no principal that may speak has this name and token; PRINCIPAL.ROTATE gives a new token")
}
