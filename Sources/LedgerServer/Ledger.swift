package import LedgerCore
package import Logging
import Synchronization

/// The daemon between its connections and its database: what connections call, and the threads that serve them.
package final class Ledger: Sendable {
    struct WriteTicket: Sendable {
        let submission: Submission
        let index: Int
    }

    typealias ReadTicket = Asking

    package let limits: Limits
    private let time: any Timekeeper
    package let logger: Logger
    private let writes: Bench<BatchQueue<WriteTicket>>
    private let reads: Bench<QueryQueue<ReadTicket>>
    private let threads = Threads()
    /// Of each lane the last batch that was taken up, while it is under way.
    private let turns = Mutex<[Lane: Turn]>([:])
    /// Tenants never move, so a place that was found once holds for ever.
    private let places = Mutex<[String: TenantPlace]>([:])
    /// Who may speak.
    package let principals = Principals()
    let signal = JournalSignal()

    package init(limits: Limits = Limits(), time: any Timekeeper = SystemTime(), logger: Logger) {
        let contradictions = limits.contradictions
        precondition(contradictions.isEmpty, "the limits contradict each other: \(contradictions)")
        self.limits = limits
        self.time = time
        self.logger = logger
        writes = Bench(BatchQueue(limits: limits))
        reads = Bench(QueryQueue(limits: limits))
    }

    // MARK: - Threads

    /// Starts the threads; each makes a store of its own and keeps it to its end. Throws where the system has none
    /// left.
    package func start<
        Posting: PostingStore & SendableMetatype & ~Copyable, Answering: AnsweringStore & SendableMetatype & ~Copyable
    >(
        posting makePosting: @escaping @Sendable () -> Posting,
        answering makeAnswering: @escaping @Sendable () -> Answering
    ) throws {
        for _ in 0..<limits.writers {
            try threads.start { [self] in
                var poster = Poster(makePosting(), time: time, limits: limits, logger: logger)
                writes.serve { batch, letFollow in
                    let turn = takeTurn(in: batch.lane, mayFollow: letFollow)
                    finish(batch, verdicts: poster.post(batch, turn))
                    end(turn, in: batch.lane)
                } afterwards: {
                    poster.tidy()
                }
            }
        }
        for _ in 0..<limits.readers {
            try threads.start { [self] in
                var answerer = Answerer(makeAnswering(), time: time, limits: limits, logger: logger)
                reads.serve { batch, _ in
                    let answers = answerer.answer(batch.jobs.map(\.job))
                    for (job, answer) in zip(batch.jobs, answers) { job.ticket.answer(.success(answer)) }
                }
            }
        }
    }

    /// The lanes are in the order in which their batches are taken up: one is only once the one before lets it.
    private func takeTurn(in lane: Lane, mayFollow: @escaping @Sendable () -> Void) -> Turn {
        turns.withLock { turns in
            let turn = Turn(after: turns[lane], mayFollow: mayFollow)
            turns[lane] = turn
            return turn
        }
    }

    private func end(_ turn: Turn, in lane: Lane) {
        turn.finish()
        turns.withLock { if $0[lane] === turn { $0[lane] = nil } }
    }

    /// Whoever waits is told only when all is answered: so those who wait on one event loop are woken together.
    private func finish(_ batch: BatchQueue<WriteTicket>.Batch, verdicts: [Verdict]) {
        var tenants: Set<String> = []
        var done: [Submission] = []
        for (job, verdict) in zip(batch.jobs, verdicts) {
            if job.ticket.submission.settle(job.ticket.index, verdict) { done.append(job.ticket.submission) }
            if verdict.mayHavePosted { job.job.addTenantsPosting(to: &tenants) }
        }
        for submission in done { submission.tell() }
        signal.posted(by: tenants)
    }

    /// Accepts nothing more, and waits for what was accepted; answers whether all of it was done in time.
    package func stop() async -> Bool {
        signal.close()
        writes.close()
        reads.close()
        return await threads.ended.wait(atMost: limits.finishTime)
    }

    /// Accepts nothing more, and answers at once whoever still waits: the database was too slow for them. Of what was
    /// being posted nobody knows; its keys will tell.
    package func giveUp() {
        signal.close()
        let commands = writes.giveUp()
        for job in commands.waiting { job.ticket.submission.answer(job.ticket.index, .one(.refused(.ending))) }
        for job in commands.inHand {
            job.ticket.submission.answer(job.ticket.index, .one(.refused(.endingWhilePosting)))
        }
        let queries = reads.giveUp()
        for job in queries.waiting + queries.inHand { job.ticket.answer(.failure(.ending)) }
    }

    // MARK: - What connections ask

    /// Posts the jobs in order; answers once all of them are answered.
    package func post(_ jobs: [WriteJob], lane: Lane) async -> [Verdict] { await post([(lane, jobs)]) }

    /// Posts each lane's jobs in order; answers once all of them are answered, one lane's after the other's.
    package func post(_ lines: [(lane: Lane, jobs: [WriteJob])]) async -> [Verdict] {
        lines.allSatisfy(\.jobs.isEmpty) ? [] : await handOver(lines.map { Parcel($0.lane, $0.jobs) }).verdicts()
    }

    /// Jobs of one lane that are handed over together.
    struct Parcel: Sendable {
        let lane: Lane
        let jobs: [WriteJob]
        /// The tenant in whose line they stand.
        let line: String

        /// `line` is that of earlier jobs that may still wait there, and behind which these have to stay.
        init(_ lane: Lane, _ jobs: [WriteJob], behind line: String? = nil) {
            self.lane = lane
            self.jobs = jobs
            self.line = line ?? jobs.first?.tenant ?? ""
        }
    }

    /// Has each parcel's jobs posted in order, after those of its lane and line that were handed over before.
    /// `whenDone` is called once, on any thread, when all of them are answered; there must be one.
    func handOver(_ parcels: [Parcel], whenDone: (@Sendable () -> Void)? = nil) -> Submission {
        let submission = Submission(count: parcels.reduce(0) { $0 + $1.jobs.count }, whenDone: whenDone)
        var first = 0
        for parcel in parcels {
            let indices = first..<first + parcel.jobs.count
            first = indices.endIndex
            let tickets = zip(parcel.jobs, indices).map { job, index in
                BatchQueue.Job(job, WriteTicket(submission: submission, index: index))
            }
            let refusal: Refusal
            switch writes.put({ $0.enqueue(tickets, lane: parcel.lane, behind: parcel.line) }) {
            case .accepted: continue
            case .full: refusal = .tooManyCommands
            case .closed: refusal = .ending
            }
            for index in indices { submission.answer(index, .one(.refused(refusal))) }
        }
        return submission
    }

    /// Answers queries as of one instant.
    package func answer(_ queries: [Query]) async -> [Reply] {
        guard !queries.isEmpty else { return [] }
        let refusal: Refusal
        switch await ask(.queries(queries)) {
        case .success(.replies(let replies)): return replies
        case .success: refusal = .notAnswered
        case .failure(let error): refusal = error
        }
        return queries.map { _ in .refused(refusal) }
    }

    /// Where a tenant stands, if that is already known.
    func knownPlace(of tenant: String) -> TenantPlace? { places.withLock { $0[tenant] } }

    /// Where a tenant stands. Throws NOT_FOUND, or what keeps the database from answering.
    package func place(of tenant: String) async throws(Refusal) -> TenantPlace {
        if let place = knownPlace(of: tenant) { return place }
        let answer = try await ask(.place(of: tenant)).get()
        guard case .place(let found) = answer else { throw .notAnswered }
        guard let place = found else { throw .unknownTenant(tenant) }
        places.withLock { places in
            if places.count >= limits.rememberedTenants { places.removeAll() }
            places[tenant] = place
        }
        return place
    }

    /// Learns who may speak, where another daemon has changed it since. Throws what keeps the database from answering.
    package func refreshPrincipals() async throws(Refusal) {
        guard case .principals(let list) = try await ask(.principals(since: principals.version)).get() else {
            throw .notAnswered
        }
        if let list { principals.replace(by: list) }
    }

    /// Makes a change of who may speak; when this returns, it holds on this daemon.
    package func change(_ change: PrincipalChange) async -> Outcome {
        let verdicts = await post([.principal(change)], lane: .installation)
        guard case .one(let outcome)? = verdicts.first else { return .refused(.cannotTell) }
        guard outcome.refusal == nil else { return outcome }
        do {
            try await refreshPrincipals()
            return outcome
        } catch {
            return .refused(error)
        }
    }

    /// Signs what no seal covers yet. Throws what keeps it from doing so for all.
    package func sealAll() async throws(Refusal) {
        guard case .tenants(let tenants) = try await ask(.unsealed).get() else { throw .notAnswered }
        for tenant in tenants {
            let verdicts = await post([.seal(tenant: tenant)], lane: .root(try await place(of: tenant).root))
            if case .one(.refused(let refusal))? = verdicts.first { throw refusal }
        }
    }

    /// Whether the database answers now.
    func isDatabaseReachable() async -> Bool {
        // No tenant has an empty identifier.
        if case .success(.place) = await ask(.place(of: "")) { true } else { false }
    }

    /// Commands and queries that wait.
    package var queueLengths: (writes: Int, reads: Int) { (writes.read(\.count), reads.read(\.count)) }

    private func ask(_ job: ReadJob) async -> Result<ReadAnswer, Refusal> {
        await withCheckedContinuation { continuation in
            let ticket = Asking(continuation)
            switch reads.put({ $0.enqueue(QueryQueue.Job(job, ticket)) }) {
            case .accepted: return
            case .full: ticket.answer(.failure(.tooManyQueries))
            case .closed: ticket.answer(.failure(.ending))
            }
        }
    }
}

extension Verdict {
    fileprivate var mayHavePosted: Bool {
        switch self {
        case .one(.posted), .all: true
        case .one, .aborted, .unfinished: false
        }
    }
}

extension WriteJob {
    /// The tenants in whose journals it may have made entries.
    fileprivate func addTenantsPosting(to tenants: inout Set<String>) {
        func add(_ command: Command) {
            if case .posting(let posting) = command { tenants.insert(posting.tenant) }
        }
        switch self {
        case .work(.single(let envelope)): add(envelope.command)
        case .work(.group(let envelopes)): for envelope in envelopes { add(envelope.command) }
        case .voucher(let parts):
            for case .command(let envelope) in parts { add(envelope.command) }
        case .tenant, .principal, .seal, .bank: break
        }
    }
}

extension Refusal {
    static let tooManyCommands = Refusal(
        .overloaded, "too many commands wait to be posted; nothing was posted: send the request again a little later")
    static let tooManyQueries = Refusal(
        .overloaded, "too many queries wait to be answered; send the request again a little later")
    static let ending = Refusal(.unavailable, "the daemon is ending; nothing was posted: send the request again later")
    static let endingWhilePosting = Refusal(
        .unavailable,
        "the daemon ended before the database had answered, and whether this was posted is not known; send the same "
            + "again later: a key that was posted answers its first reply")
}
