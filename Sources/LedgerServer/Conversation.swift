package import LedgerCore
package import LineProtocol
import Logging

/// Answers the requests of one connection in their order.
///
/// Postings that follow each other go to the queue together, and so do queries; a query waits until the postings before
/// it are answered, and a posting until the queries before it are.
package struct Conversation: Sendable {
    /// Requests that are handed over together; each knows the place of its reply.
    private enum Run {
        case nothing
        /// Of several lanes where each is a root's: roots share nothing, and need not wait for each other.
        case posting([Line])
        case asking([Query], places: [Int])
    }

    private struct Line {
        let lane: Lane
        var jobs: [WriteJob]
        var places: [Int]
    }

    /// Of requests whose replies are held together; one of a list weighs 32, a line of help 1, others nothing.
    private static let mostWeight = 256

    private let ledger: Ledger
    private let status: @Sendable () async -> [Field]
    private let entrance: Entrance
    private let isConnected: @Sendable () -> Bool
    private var session: Session
    private var run = Run.nothing
    /// Requests that are not answered yet, and beside each of them its reply.
    private var requests: [Decoded] = []
    private var replies: [Reply?] = []
    /// What was handed over before them and is not answered yet, the oldest first.
    private var underWay: [HandedOver] = []
    private(set) var requestsUnderWay = 0
    private(set) var bytesUnderWay = 0
    /// Bytes that came with the requests which are not handed over.
    private var bytesTaken = 0
    /// Replies to what was handed over, which come before all others.
    private var settled: [Reply] = []

    /// Whether it is known who speaks.
    var hasSpeaker: Bool { session.speaker != nil }

    /// `isConnected` tells whether somebody still waits for the replies.
    package init(
        _ session: Session, ledger: Ledger, entrance: Entrance = Entrance(),
        status: @escaping @Sendable () async -> [Field], isConnected: @escaping @Sendable () -> Bool = { true }
    ) {
        self.session = session
        self.ledger = ledger
        self.entrance = entrance
        self.status = status
        self.isConnected = isConnected
    }

    /// Sends a reply for each request, most of them together; those after a request that closes the connection get
    /// none. Answers whether it is to be closed. Throws what `send` throws.
    package mutating func answer(
        _ group: some Sequence<Decoded>, send: ([Reply]) async throws -> Void
    ) async throws -> Bool {
        let closes = try await takeAll(group, send: send)
        try await send(await finish())
        return closes
    }

    /// Takes what nothing has to be waited for, which is mostly all where a group is of postings, and hands it over:
    /// `whenSettled` is called on any thread once it is answered, and ``takeSettled()`` is due. Answers what is left,
    /// to be begun; nil where nothing is. Not async, so that connections which do no more hold no room for more.
    mutating func beginAtOnce(_ group: [Decoded], whenSettled: @escaping @Sendable () -> Void) -> Rest? {
        for (index, request) in group.enumerated() {
            let reading = session.read(request)
            guard takeAtOnce(reading, of: request) else { return Rest(requests: group[index...], first: reading) }
        }
        _ = handOver(whenSettled: whenSettled)
        return nil
    }

    /// As ``answer(_:send:)``, but where the last requests are postings these are handed over, as by
    /// ``beginAtOnce(_:whenSettled:)``.
    @inline(never)
    mutating func begin(
        _ rest: Rest, whenSettled: @escaping @Sendable () -> Void, send: ([Reply]) async throws -> Void
    ) async throws -> Bool {
        if !underWay.isEmpty {
            // What is still to be taken may be slow: the replies before it do not wait with it.
            _ = handOver(whenSettled: whenSettled)
            await settleAll()
            try await send(takeSettled())
        }
        let closes = try await takeAll(rest.requests, first: rest.first, send: send)
        if !closes, handOver(whenSettled: whenSettled) { return false }
        try await send(await finish())
        return closes
    }

    /// Requests of a group, and how the first of them was read.
    struct Rest: Sendable {
        let requests: ArraySlice<Decoded>
        let first: Session.Reading
    }

    /// Answers whether the last requests were postings, and so all that was taken is under way.
    private mutating func handOver(whenSettled: @escaping @Sendable () -> Void) -> Bool {
        guard case .posting(let lines) = run else { return false }
        run = .nothing
        let parcels = parcels(of: lines)
        underWay.append(
            HandedOver(
                requests: requests, bytes: bytesTaken, replies: replies, places: lines.flatMap(\.places),
                lines: Dictionary(parcels.map { ($0.lane, $0.line) }) { first, _ in first },
                submission: ledger.handOver(parcels, whenDone: whenSettled), session: session))
        requestsUnderWay += requests.count
        bytesUnderWay += bytesTaken
        (requests, replies, bytesTaken) = ([], [], 0)
        return true
    }

    private func parcels(of lines: [Line]) -> [Ledger.Parcel] {
        lines.map { line in
            let earlier = underWay.lazy.compactMap { $0.lines[line.lane] }.first
            return Ledger.Parcel(line.lane, line.jobs, behind: earlier)
        }
    }

    /// So many bytes came with the requests that are taken next.
    mutating func noteRead(of bytes: Int) { bytesTaken += bytes }

    /// Replies to what was handed over, as far as all before it is answered.
    mutating func takeSettled() -> [Reply] {
        let count = underWay.prefix { $0.submission.isDone }.count
        for first in underWay.prefix(count) { settle(first, with: first.submission.verdictsSoFar) }
        underWay.removeFirst(count)
        defer { settled = [] }
        return settled
    }

    /// Waits for all that was taken, and answers the replies to it.
    @inline(never)
    mutating func finish() async -> [Reply] {
        await finishRun()
        note(replies, to: requests, session)
        (requests, replies, bytesTaken) = ([], [], 0)
        defer { settled = [] }
        return settled
    }

    /// `first` is how the first of them was read, where that was done. Answers whether the connection is to be closed.
    private mutating func takeAll(
        _ group: some Sequence<Decoded>, first: Session.Reading? = nil, send: ([Reply]) async throws -> Void
    ) async throws -> Bool {
        var first = first
        var weight = 0
        for request in group {
            let reading = first ?? session.read(request)
            first = nil
            if takeAtOnce(reading, of: request) { continue }
            let (added, isLast) = try await take(reading, of: request, send: send)
            if isLast { return true }
            weight += added
            // Replies that may be long wait for the client, a few at a time, and not for each other.
            if weight >= Self.mostWeight {
                try await send(await finish())
                weight = 0
            }
        }
        return false
    }

    /// Takes a command for a tenant whose place is known, where what came before need not be waited for; answers
    /// whether it was one.
    private mutating func takeAtOnce(_ reading: Session.Reading, of request: Decoded) -> Bool {
        guard case .request(let parsed) = reading, case .command(let command) = parsed, !command.createsTenant,
            let place = ledger.knownPlace(of: command.tenant), mayFollow(.root(place.root)),
            session.reaches(place, alone: command.tenant, of: parsed),
            case .post(let envelope) = session.take(parsed)
        else { return false }
        requests.append(request)
        append(.work(.single(envelope)), lane: .root(place.root))
        return true
    }

    /// Answers how much the reply weighs, and whether it is the connection's last. A function of its own, because the
    /// room that it needs must not be held by each of ten thousand connections that wait for their replies.
    @inline(never)
    private mutating func take(
        _ reading: Session.Reading, of request: Decoded, send: ([Reply]) async throws -> Void
    ) async throws -> (weight: Int, isLast: Bool) {
        requests.append(request)
        let step = await step(reading)
        switch step {
        case .reply(let reply): replies.append(reply)
        case .close(let reply):
            replies.append(reply)
            return (step.weight, true)
        case .authenticate(let credentials, let greeting): await authenticate(credentials, then: greeting)
        case .use(let tenant): await use(tenant)
        case .status:
            await finishRun()
            replies.append(.outcome(.answered(await status())))
        case .post(let envelope): await post(envelope)
        case .ask(let query, nil): await ask(query)
        case .ask(let query, let wait?):
            // The replies before it do not wait with it.
            requests.removeLast()
            try await send(await finish())
            requests.append(request)
            replies.append(await answer(query, waiting: wait))
        case .bank(let request): await bank(request)
        case .exec(let voucher): await exec(voucher)
        case .create(let principal): await create(principal)
        case .rotate(let name): await rotate(name)
        case .revoke(let name): await revoke(name)
        case .principals: await listPrincipals()
        case .seal(let tenant): await seal(tenant)
        }
        return (step.weight, false)
    }

    /// What a request asks to be done, if the speaker reaches its tenant: one that is not there is as much out of reach
    /// as another's.
    private mutating func step(_ reading: Session.Reading) async -> Session.Step {
        switch reading {
        case .step(let step): return step
        case .request(let parsed):
            // Where the speaker was revoked this very moment, the session says so.
            if session.isBounded, let refusal = await refusal(toReachTenantsOf: parsed), session.speaker != nil {
                return session.refuse(refusal)
            }
            return session.take(parsed)
        }
    }

    private mutating func refusal(toReachTenantsOf request: ParsedRequest) async -> Refusal? {
        for tenant in session.tenantsToReach(request) {
            if let refusal = await refusal(toReach: tenant) { return refusal }
        }
        // The name of a tenant that is there may be taken only by whoever reaches it.
        guard let created = request.createdTenant, (try? await place(of: created)) != nil else { return nil }
        return await refusal(toReach: created)
    }

    private mutating func refusal(toReach tenant: String) async -> Refusal? {
        do {
            guard let speaker = session.speaker, speaker.reaches(try await place(of: tenant)) else {
                return .outOfReach
            }
            return nil
        } catch {
            return error.code == .notFound ? .outOfReach : error
        }
    }

    /// Nothing is to be added to them any more.
    private mutating func note(_ replies: [Reply?], to requests: [Decoded], _ session: Session) {
        for (request, reply) in zip(requests, replies) {
            if let refusal = reply?.refusal { ledger.log(refusal, of: request, from: session) }
        }
        settled += replies.lazy.compactMap(\.self)
    }

    private mutating func settleAll() async {
        while let first = underWay.first {
            settle(first, with: await first.submission.verdicts())
            underWay.removeFirst()
        }
    }

    private mutating func settle(_ handedOver: HandedOver, with verdicts: [Verdict]) {
        requestsUnderWay -= handedOver.requests.count
        bytesUnderWay -= handedOver.bytes
        note(handedOver.finished(with: verdicts), to: handedOver.requests, handedOver.session)
    }

    // MARK: - Runs

    /// Waits for all that came before.
    private mutating func finishRun() async {
        let finished = run
        run = .nothing
        switch finished {
        case .nothing: await settleAll()
        case .posting(let lines):
            let submission = ledger.handOver(parcels(of: lines))
            await settleAll()
            let verdicts = await submission.verdicts()
            for (place, verdict) in zip(lines.flatMap(\.places), verdicts) { replies[place] = .verdict(verdict) }
        case .asking(let queries, let places):
            await settleAll()
            let answers = await ledger.answer(queries)
            for (place, answer) in zip(places, answers) { replies[place] = answer }
        }
    }

    private mutating func add(_ job: WriteJob, lane: Lane) async {
        if !mayFollow(lane) { await finishRun() }
        append(job, lane: lane)
    }

    /// What came before may be followed by it.
    private mutating func append(_ job: WriteJob, lane: Lane) {
        if case .posting(var lines) = run {
            run = .nothing
            if let line = lines.firstIndex(where: { $0.lane == lane }) {
                lines[line].jobs.append(job)
                lines[line].places.append(replies.count)
            } else {
                lines.append(Line(lane: lane, jobs: [job], places: [replies.count]))
            }
            run = .posting(lines)
        } else {
            run = .posting([Line(lane: lane, jobs: [job], places: [replies.count])])
        }
        replies.append(nil)
    }

    /// Whether postings of the lane need not wait for what came before: it is their own lane's, or another root's.
    private func mayFollow(_ lane: Lane) -> Bool {
        func mayFollow(_ other: Lane) -> Bool { other == lane || other.isRoot && lane.isRoot }
        switch run {
        case .asking: return false
        // What one may follow, all that may follow that one may.
        case .posting(let lines): return lines.last.map { mayFollow($0.lane) } ?? true
        case .nothing: return underWay.last?.lines.keys.allSatisfy(mayFollow) ?? true
        }
    }

    private mutating func ask(_ query: Query) async {
        if case .asking(var queries, var places) = run {
            run = .nothing
            queries.append(query)
            places.append(replies.count)
            run = .asking(queries, places: places)
        } else {
            await finishRun()
            run = .asking([query], places: [replies.count])
        }
        replies.append(nil)
    }

    private mutating func post(_ envelope: Envelope) async {
        if envelope.command.createsTenant { return await add(.tenant(envelope), lane: .installation) }
        do {
            let root = try await place(of: envelope.command.tenant).root
            await add(.work(.single(envelope)), lane: .root(root))
        } catch {
            replies.append(.refused(error))
        }
    }

    /// What is not known yet is looked up after the requests before it, which may have made it.
    private mutating func place(of tenant: String) async throws(Refusal) -> TenantPlace {
        if let place = ledger.knownPlace(of: tenant) { return place }
        await finishRun()
        return try await ledger.place(of: tenant)
    }

    private mutating func use(_ tenant: String) async {
        do {
            _ = try await place(of: tenant)
            session.tenant = tenant
            replies.append(.outcome(.answered([Field("tenant", .text(tenant))])))
        } catch {
            replies.append(.refused(error))
        }
    }

    private mutating func bank(_ request: BankRequest) async {
        do {
            let root = try await place(of: request.tenant).root
            // A line is one of many; what may ask for postings is answered by itself.
            guard request.action.mayPost else { return await add(.bank(request), lane: .bank(root)) }
            await finishRun()
            replies.append(.outcome(await ledger.reconcile(request, root: root)))
        } catch {
            replies.append(.refused(error))
        }
    }

    // MARK: - Vouchers

    private mutating func exec(_ voucher: Voucher) async {
        switch await root(of: voucher) {
        case .success(let root): await add(voucher.job, lane: .root(root))
        case .failure(.aborted(let index, let refusal)):
            replies.append(.verdict(.aborted(index: index, refusal)))
        case .failure(.refused(let refusal)): replies.append(.refused(refusal))
        }
    }

    private enum VoucherFailure: Error {
        case aborted(index: Int, Refusal)
        case refused(Refusal)
    }

    /// The one root of all tenants in the voucher. A tenant that is not there is left for the books to refuse in its
    /// turn, because a request before it may have to be refused first.
    private mutating func root(of voucher: Voucher) async -> Result<Int32, VoucherFailure> {
        var found: (root: Int32, tenant: String)?
        var firstUnknown: (index: Int, refusal: Refusal)?
        var created: Set<String> = []
        for (index, part) in voucher.parts.enumerated() {
            guard let tenant = part.existingTenant else {
                return .failure(.aborted(index: index, .rootInVoucher))
            }
            if let new = part.createdTenant { created.insert(new) }
            if created.contains(tenant) { continue }
            do {
                let root = try await place(of: tenant).root
                if let found, found.root != root {
                    return .failure(.aborted(index: index, .twoRoots(found.tenant, tenant)))
                }
                found = found ?? (root, tenant)
            } catch {
                guard error.code == .notFound else { return .failure(.refused(error)) }
                firstUnknown = firstUnknown ?? (index, error)
            }
        }
        if let found { return .success(found.root) }
        let (index, refusal) = firstUnknown ?? (0, .rootInVoucher)
        return .failure(.aborted(index: index, refusal))
    }

    // MARK: - Who speaks

    private mutating func authenticate(_ credentials: Credentials, then greeting: Session.Greeting?) async {
        await finishRun()
        var found = ledger.principals.find(credentials)
        if found == nil {
            // Another daemon may have created it just now.
            try? await ledger.refreshPrincipals()
            found = ledger.principals.find(credentials)
        }
        guard let principal = found else {
            ledger.logger.notice("a sign-in failed", metadata: ["principal": "\(shown(credentials))"] + from)
            try? await Task.sleep(for: entrance.throttle.delay(for: entrance.address))
            return replies.append(.refused(.wrongToken))
        }
        if let refusal = entrance.admit(principal) { return replies.append(.refused(refusal)) }
        ledger.logger.info(
            "signed in", metadata: ["principal": "\(principal.name)", "role": "\(principal.role)"] + from)
        session.enter(principal)
        guard let greeting, case .reply(let reply) = session.greet(greeting) else {
            return replies.append(.simple(.ok))
        }
        replies.append(reply)
    }

    /// A certificate names the principal, and the handshake has proved that it is the client's. One that names nobody
    /// gives no right; the client may still say AUTH. Answers why a principal may not come in on this connection.
    package mutating func signIn(byCertificate name: String) async -> Refusal? {
        if ledger.principals[name] == nil { try? await ledger.refreshPrincipals() }
        let record = ledger.principals[name]
        let metadata: Logger.Metadata = ["principal": "\(record?.principal.name ?? "unknown")"]
        guard let record, !record.isRevoked else {
            ledger.logger.notice("a certificate names nobody who may speak", metadata: metadata + from)
            return nil
        }
        if let refusal = entrance.admit(record.principal) {
            ledger.logger.notice(
                "a sign-in by certificate was refused", metadata: metadata + ["code": "\(refusal.code.name)"] + from)
            return refusal
        }
        ledger.logger.info("signed in by certificate", metadata: metadata + from)
        session.enter(record.principal)
        return nil
    }

    /// The name of a principal that there is: any other word may be a token that stands in the wrong place.
    private func shown(_ credentials: Credentials) -> String {
        credentials.principal.flatMap { ledger.principals[$0]?.principal.name } ?? "unknown"
    }

    private var from: Logger.Metadata { ["from": "\(entrance.address)"] }

    private mutating func create(_ principal: Principal) async {
        await finishRun()
        // What stands under the name is told only to whoever may manage it.
        if ledger.principals[principal.name] != nil, await refusal(toManage: principal.name) != nil {
            return replies.append(.refused(.nameTaken(principal.name)))
        }
        if let tenant = principal.tenant {
            do {
                _ = try await place(of: tenant)
            } catch {
                return replies.append(.refused(error))
            }
        }
        await change { .create(principal, tokenHash: $0) }
    }

    private mutating func rotate(_ name: String) async {
        await finishRun()
        if let refusal = await refusal(toManage: name) { return replies.append(.refused(refusal)) }
        await change { .rotate(name, tokenHash: $0) }
    }

    private mutating func revoke(_ name: String) async {
        await finishRun()
        if let refusal = await refusal(toManage: name) { return replies.append(.refused(refusal)) }
        let outcome = await ledger.change(PrincipalChange(.revoke(name), by: session.speaker?.name ?? ""))
        replies.append(.outcome(outcome))
    }

    /// Makes a token, and shows it where it is kept now.
    private mutating func change(_ action: ([UInt8]) -> PrincipalChange.Action) async {
        let token = Token.make()
        let hash = Array(Token.hash(token))
        let outcome = await ledger.change(PrincipalChange(action(hash), by: session.speaker?.name ?? ""))
        guard case .answered(let fields) = outcome, case .text(let name)? = fields.first?.value else {
            return replies.append(.outcome(outcome))
        }
        let isKept = ledger.principals[name]?.tokenHash == hash
        replies.append(.outcome(.answered(fields + [Field("token", isKept ? .text(token) : .null)])))
    }

    /// A principal over all tenants is beyond one over some.
    private mutating func refusal(toManage name: String) async -> Refusal? {
        guard session.speaker?.tenant != nil else { return nil }
        guard let tenant = ledger.principals[name]?.principal.tenant else { return .outOfReach }
        return await refusal(toReach: tenant)
    }

    private mutating func listPrincipals() async {
        await finishRun()
        do {
            try await ledger.refreshPrincipals()
        } catch {
            return replies.append(.refused(error))
        }
        var listed: [JSONValue] = []
        for record in ledger.principals.all.sorted(by: { $0.principal.name < $1.principal.name })
        where await refusal(toManage: record.principal.name) == nil {
            listed.append(.object(record.fields))
        }
        replies.append(.outcome(.answered([Field("principals", .list(listed))])))
    }

    private mutating func seal(_ tenant: String) async {
        do {
            await add(.seal(tenant: tenant), lane: .root(try await place(of: tenant).root))
        } catch {
            replies.append(.refused(error))
        }
    }

    // MARK: - Waiting for entries

    /// Answers a JOURNAL once it has an entry, or when the time is over.
    private func answer(_ query: Query, waiting limit: Duration) async -> Reply {
        let deadline = ContinuousClock.now + limit
        while true {
            let position = ledger.signal.position
            let reply = await ledger.answer([query]).first ?? .refused(.notAnswered)
            guard reply.isEmptyJournal, isConnected(), !ledger.signal.isClosed, ContinuousClock.now < deadline else {
                return reply
            }
            await ledger.signal.wait(for: query.tenant, after: position)
        }
    }
}

extension Reply {
    fileprivate var isEmptyJournal: Bool {
        if case .outcome(.answered(let fields)) = self { fields.contains(Field("entries", .list([]))) } else { false }
    }
}

extension VoucherPart {
    /// The tenant whose root it belongs to: its own, or the parent of the one that it creates; nil where it creates a
    /// root.
    fileprivate var existingTenant: String? {
        switch self {
        case .query(let query): query.tenant
        case .command(let envelope):
            if case .registration(let registration) = envelope.command,
                case .createTenant(let parent, _) = registration.action
            {
                parent
            } else {
                envelope.command.tenant
            }
        }
    }

    var createdTenant: String? {
        if case .command(let envelope) = self, envelope.command.createsTenant { envelope.command.tenant } else { nil }
    }
}

extension Refusal {
    static let rootInVoucher = invalid(
        "parent", "a voucher cannot create a root tenant; send this TENANT.CREATE before MULTI")

    static func twoRoots(_ first: String, _ second: String) -> Refusal {
        invalid(
            "tenant", "\"\(second)\" belongs to another root tenant than \"\(first)\"; a voucher stays within one")
    }
}

extension Refusal {
    static func nameTaken(_ name: String) -> Refusal {
        Refusal(
            .exists, "the name \"\(name)\" is taken by a principal out of your reach; choose another",
            [Field("argument", .text("principal"))])
    }
}

extension Session.Step {
    /// How long its reply may be, where it is held until others are answered.
    fileprivate var weight: Int {
        switch self {
        case .ask(let query, _): query.question.isOfMany ? 32 : 0
        case .reply(.outcome): 1
        default: 0
        }
    }
}

extension Question {
    /// Whether the reply is as long as what it lists.
    fileprivate var isOfMany: Bool {
        switch self {
        case .remaining, .award, .budget, .entry, .entryByKey: false
        case .history, .schemes, .subjects, .awards, .parties, .party, .journal, .trialBalance, .check, .seals,
            .excess, .outstanding, .summary:
            true
        }
    }
}

extension Logger.Metadata {
    fileprivate static func + (left: Self, right: Self) -> Self { left.merging(right) { $1 } }
}
