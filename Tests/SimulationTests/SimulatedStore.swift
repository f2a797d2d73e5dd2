import LedgerCore
import LedgerServer

/// A connection of one poster to the simulated database, and what befalls it.
///
/// While a call waits, everybody else goes on: other posters too, as long as it holds no lock. So waits nest; a lock is
/// never waited for, because its holder is either done or has left its transaction behind on the server.
struct SimulatedStore: PostingStore, ~Copyable {
    typealias Failure = PostingFailure<SimulatedAttempt>

    private unowned let daemon: SimulatedDaemon
    /// Which life of the database the connection belongs to; nil where there is none.
    private var session: Int?

    private var world: SimulatedWorld { daemon.world }

    init(_ daemon: SimulatedDaemon) {
        self.daemon = daemon
    }

    mutating func connect() throws(Failure) {
        world.pass(.anybody)
        guard daemon.isAlive, !world.isDatabaseAway else { throw .unavailable(reason: "away") }
        session = world.databaseSession
    }

    mutating func post(
        _ work: [Work], root: Int32, at moment: Moment, after attempt: SimulatedAttempt?, _ turn: Turn
    ) throws(Failure) -> [Verdict] {
        try begin([root])
        var books = world.database.load(work, root: root)
        if let attempt, attempt.stands(in: world.database) {
            world.note("\(daemon.name) finds its lost commit")
            world.tally.count(.lostCommitFound)
            return attempt.verdicts
        }
        try keep(losingAt: .lossAfterLoading)
        let verdicts = decide(work, over: &books, at: moment)
        if verdicts != world.database.verdicts(on: work, root: root, at: moment) {
            world.violate("with all rows loaded, it is decided in another way: \(verdicts.map(\.summary))")
        }
        if !books.changes.isEmpty { try commit(books, verdicts) }
        return verdicts
    }

    mutating func createTenant(_ envelope: Envelope, at moment: Moment) throws(Failure) -> Outcome {
        try begin(nil)
        guard case .registration(let registration) = envelope.command,
            case .createTenant(let parent, _) = registration.action
        else { throw .rejectedByGuard(reason: "not the creation of a tenant") }
        var books = world.database.load(creating: registration.tenant, below: parent)
        let verdicts = decide([.single(envelope)], over: &books, at: moment)
        if !books.changes.isEmpty { try commit(books, verdicts) }
        guard case .one(let outcome)? = verdicts.first else { throw .rejectedByGuard(reason: "no verdict") }
        return outcome
    }

    /// Who may speak, and what is signed, is no part of the simulation.
    mutating func change(_ change: PrincipalChange, at moment: Moment) throws(Failure) -> Outcome {
        throw .rejectedByGuard(reason: "principals are not simulated")
    }

    mutating func answer(_ requests: [BankRequest], root: Int32, at moment: Moment) throws(Failure) -> [Verdict] {
        requests.map { .one(.answered([Field("tenant", .text($0.tenant))])) }
    }

    mutating func seal(tenant: String, at moment: Moment) throws(Failure) -> Outcome {
        throw .rejectedByGuard(reason: "seals are not simulated")
    }

    /// Queries are not simulated: each is answered with nothing.
    mutating func run(
        voucher: [VoucherPart], root: Int32, at moment: Moment, after attempt: SimulatedAttempt?
    ) throws(Failure) -> Verdict {
        let work = Work.group(WriteJob.voucher(voucher).envelopes)
        guard let verdict = try post([work], root: root, at: moment, after: attempt, Turn()).first else {
            throw .rejectedByGuard(reason: "no verdict")
        }
        guard case .all(var outcomes) = verdict, outcomes.count < voucher.count else { return verdict }
        for (index, part) in voucher.enumerated() {
            if case .query = part { outcomes.insert(.answered([]), at: index) }
        }
        return .all(outcomes)
    }

    // MARK: The course of a transaction

    /// Begins, and takes the locks of the roots; nil is the lock of all.
    private mutating func begin(_ roots: [Int32]?) throws(Failure) {
        try keep(losingAt: .lossBefore, while: .anybody)
        // Whoever lost its connection while it committed may still hold the lock on the server, until that is done.
        world.finishLeftCommits(of: roots)
    }

    /// Lets time pass, and throws where the connection does not survive it.
    private mutating func keep(
        losingAt fault: SimulatedFault, while passers: SimulatedWorld.Passers = .nobodyWhoPosts
    ) throws(Failure) {
        world.pass(passers)
        if world.befalls(fault) { session = nil }
        guard isConnected else {
            session = nil
            throw .unavailable(reason: "lost")
        }
    }

    private var isConnected: Bool { daemon.isAlive && !world.isDatabaseAway && session == world.databaseSession }

    private mutating func commit(_ books: Books, _ verdicts: [Verdict]) throws(Failure) {
        try keep(losingAt: .lossAfterLoading)
        if let key = world.guardedKey(in: books) {
            world.note("the guard stops \(key)")
            throw .rejectedByGuard(reason: "\(key)")
        }
        let attempt = SimulatedAttempt(lastEntry: books.changes.entries.last, verdicts: verdicts)
        if world.befalls(.lossBeforeCommit) {
            lose()
            throw .outcomeUnknown(attempt, reason: "COMMIT never arrived")
        }
        if world.befalls(.lossWhileCommitting) {
            lose()
            world.leaveCommit(of: books)
            if world.befalls(.deathWhileCommitting) { world.kill(daemon) }
            throw .outcomeUnknown(attempt, reason: "COMMIT is on its way")
        }
        world.commit(books, by: daemon)
        let isAnswerLost = world.befalls(.lossAfterCommit)
        world.pass(.anybody)
        guard !isAnswerLost, isConnected else {
            lose()
            throw .outcomeUnknown(attempt, reason: "COMMIT's answer was lost")
        }
    }

    /// Loses the connection, and with it perhaps the whole database for a while.
    private mutating func lose() {
        session = nil
        if world.befalls(.outage) { world.takeDatabaseAway() }
    }
}

/// A batch whose COMMIT was sent and not answered: it stands where its last entry does.
struct SimulatedAttempt: Sendable {
    let lastEntry: Entry?
    let verdicts: [Verdict]

    func stands(in database: SimulatedDatabase) -> Bool {
        guard let lastEntry else { return false }
        return database.roots.values.contains { $0.entries[lastEntry.name] == lastEntry }
    }
}
