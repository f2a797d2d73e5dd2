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

    let ledger: Ledger
    private let status: @Sendable () async -> [Field]
    let entrance: Entrance
    private let isConnected: @Sendable () -> Bool
    var session: Session
    private var run = Run.nothing
    /// Requests that are not answered yet, and beside each of them its reply.
    private var requests: [Decoded] = []
    var replies: [Reply?] = []
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

    mutating func refusal(toReachTenantsOf request: ParsedRequest) async -> Refusal? {
        for tenant in session.tenantsToReach(request) {
            if let refusal = await refusal(toReach: tenant) { return refusal }
        }
        // The name of a tenant that is there may be taken only by whoever reaches it.
        guard let created = request.createdTenant, (try? await place(of: created)) != nil else { return nil }
        return await refusal(toReach: created)
    }

    mutating func refusal(toReach tenant: String) async -> Refusal? {
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
    mutating func finishRun() async {
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

    mutating func add(_ job: WriteJob, lane: Lane) async {
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
    mutating func place(of tenant: String) async throws(Refusal) -> TenantPlace {
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
