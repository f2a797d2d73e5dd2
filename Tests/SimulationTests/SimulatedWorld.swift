import LedgerCore
import LedgerServer

/// Two daemons on one database, their clients, the time, and all that goes wrong: everything is drawn from one seed,
/// and happens on one thread.
final class SimulatedWorld {
    enum Passers {
        case anybody
        /// While a lock is held.
        case nobodyWhoPosts
    }

    let limits: Limits
    let program: SimulatedProgram
    var random: SplitMix64
    /// Since the simulation began.
    var now = Duration.zero
    private(set) var database = SimulatedDatabase()
    private(set) var audits: [Int32: SimulatedAudit] = [:]
    var promises = SimulatedPromises()
    /// nil where a daemon is dead.
    var daemons: [SimulatedDaemon?] = []
    /// Dead ones too: a batch of theirs may still wait somewhere.
    private var everyDaemon: [SimulatedDaemon] = []
    var clients: [SimulatedClient] = []
    /// Nothing goes wrong any more.
    private(set) var isCalm = true
    private(set) var violation: String?
    var tally = SimulatedTally()
    private(set) var trace: [String] = []
    private let isTraced: Bool

    private let faults: SimulatedFaults
    private var guarded: Set<SimulatedKey> = []
    private var isGuardChosen: Set<SimulatedKey> = []
    private(set) var databaseSession = 0
    private var awayUntil = Duration.zero
    /// Commits whose client is gone, by root: they hold its lock until the server has done them, or has not.
    private var leftCommits: [Int32: (books: Books, isDone: Bool)] = [:]
    private var depth = 0

    init(seed: UInt64, program: SimulatedProgram, isTraced: Bool) {
        self.program = program
        self.isTraced = isTraced
        random = SplitMix64(seed: seed)
        faults = SimulatedFaults(&random)
        var limits = Limits()
        limits.batchLength = 1 + random.below(random.chance(50) ? 5 : 40)
        limits.writeQueueLength = SimulatedProgram.longestVoucher + random.below(40)
        limits.writers = 1 + random.below(2)
        limits.outagePatience = .milliseconds(600 + random.below(5_000))
        self.limits = limits
        daemons = (0..<2).map { _ in nil }
        for index in daemons.indices { start(index) }
    }

    // MARK: Time and chance

    func befalls(_ fault: SimulatedFault) -> Bool {
        guard !isCalm, faults.befalls(fault, &random) else { return false }
        tally.count(fault)
        return true
    }

    /// The clocks of two daemons differ by less than a second, and never show the same microsecond.
    func moment(of daemon: SimulatedDaemon) -> Moment {
        let isFirst = daemon.name.hasPrefix("A")
        let passed = now.components.seconds * 1_000_000 + now.components.attoseconds / 1_000_000_000_000
        return Moment(microseconds: 1_714_500_000_000_000 + passed * 2 + (isFirst ? 0 : 700_001))
    }

    /// Lets others go on while somebody waits.
    func pass(_ passers: Passers) {
        guard depth < 6 else { return }
        depth += 1
        for _ in 0..<random.below(12) { step(passers) }
        depth -= 1
    }

    func beginStorm() { isCalm = false }

    func endStorm() {
        isCalm = true
        guarded = []
        awayUntil = now
        finishLeftCommits(of: nil)
        for index in daemons.indices where daemons[index] == nil { start(index) }
    }

    // MARK: Daemons

    var anyDaemon: SimulatedDaemon? { random.pick(daemons.compactMap(\.self)) }

    func start(_ index: Int) {
        let daemon = SimulatedDaemon("\(["A", "B"][index])\(everyDaemon.count)", in: self)
        everyDaemon.append(daemon)
        daemons[index] = daemon
        note("\(daemon.name) starts")
    }

    func kill(_ daemon: SimulatedDaemon) {
        guard let index = daemons.firstIndex(where: { $0 === daemon }) else { return }
        note("\(daemon.name) is killed")
        daemons[index] = nil
        daemon.die()
    }

    // MARK: The database

    var isDatabaseAway: Bool { now < awayUntil }

    /// Often for less than a poster's patience, and often for more.
    func takeDatabaseAway() {
        guard !isDatabaseAway else { return }
        let time = random.chance(60) ? 10 + random.below(1_000) : 2_000 + random.below(6_000)
        note("the database is away for \(time) ms")
        databaseSession += 1
        awayUntil = now + .milliseconds(time)
    }

    func commit(_ books: Books, by daemon: SimulatedDaemon?) {
        let entries = books.changes.entries
        note("\(daemon?.name ?? "the server") commits \(entries.map(\.name.text))")
        database.commit(books)
        promises.committed(entries, in: books.registry)
        audits[books.registry.root, default: SimulatedAudit()].follow(books.changes, in: database, books.registry.root)
        find(promises.difference ?? audits[books.registry.root]?.difference)
    }

    /// A COMMIT that has arrived, and whose client is gone: fate has decided, and nobody knows yet.
    func leaveCommit(of books: Books) {
        note("a commit is left to the server")
        leftCommits[books.registry.root] = (books, random.chance(50))
    }

    /// Of these roots, or of all.
    func finishLeftCommits(of roots: [Int32]?) {
        for root in (roots ?? Array(leftCommits.keys)).sorted() {
            guard let left = leftCommits.removeValue(forKey: root) else { continue }
            tally.count(left.isDone ? .leftCommitDone : .leftCommitUndone)
            if left.isDone { commit(left.books, by: nil) } else { note("the server rolls back") }
        }
    }

    /// The first key among the new entries that the guard refuses.
    func guardedKey(in books: Books) -> SimulatedKey? {
        let keys = books.changes.entries.map {
            SimulatedKey(tenant: books.registry.tenants[$0.tenant]?.id ?? "", key: $0.key)
        }
        for key in keys where isGuardChosen.insert(key).inserted {
            if befalls(.guardedKey) { guarded.insert(key) }
        }
        return keys.first(where: guarded.contains)
    }

    // MARK: Requests

    /// A request as a job. It names an entry as its client knows it from an earlier reply.
    func job(of request: SimulatedRequest) -> WriteJob? {
        request.job { [program, promises] name in
            let key = program.keys[name]
            return key.flatMap { promises.receipts[$0]?.entry?.text } ?? name
        }
    }

    /// The lane of a request; nil where nobody knows its tenant.
    func lane(of request: SimulatedRequest) -> Lane? {
        switch job(of: request) {
        case .tenant, .principal: .installation
        case .work, .voucher, .seal, .bank, nil:
            job(of: request)?.envelopes.lazy.compactMap { self.database.root(of: $0.command.tenant) }.first
                .map(Lane.root)
        }
    }

    func judge(_ verdict: Verdict, of job: WriteJob) {
        promises.answered(verdict, to: job, in: database)
        if verdict.refusal?.isGuards == true, guarded.isDisjoint(with: job.keys) {
            violate("the guard's refusal of others is answered to \(job.keys)")
        }
        verdict.events.forEach { tally.count($0) }
        if !isCalm, verdict.events == [.posted] { tally.count(.postedInStorm) }
        find(promises.difference)
    }

    // MARK: What is seen

    func note(_ text: @autoclosure () -> String) {
        if isTraced { trace.append("\(now) \(text())") }
    }

    func violate(_ text: String) { find(text) }

    func find(_ text: String?) {
        guard let text, violation == nil else { return }
        violation = text
        note("WRONG: \(text)")
    }
}
