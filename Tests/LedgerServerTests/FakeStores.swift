import LedgerCore
import LedgerServer
import Synchronization

/// Books that know tenants, keys and journals, and nothing about money: enough to see what a server does with them.
final class FakeBooks: Sendable {
    struct State {
        var roots: [String: Int32] = ["shanghai": 1, "lingang": 1, "zhangjiang": 1, "beijing": 2]
        /// Keys in the order in which they were posted, by tenant.
        var journals: [String: [String]] = [:]
        /// Sizes of the batches posted.
        var batches: [Int] = []
        /// Numbers of queries answered together.
        var questions: [Int] = []
        var commits = 0
        var isAway = false
        /// Keys that no try may post: the fake's guard.
        var guarded: Set<String> = []
        /// What befalls the next calls of post, one after the other; nil is nothing.
        var faults: [Fault?] = []
        var attempts: Set<Int> = []
        var principals: [String: PrincipalRecord] = [:]
        var principalsVersion: Int64 = 0
    }

    enum Fault {
        case lostBefore, lostAfterCommit, lostWithoutCommit
    }

    let state = Mutex(State())
    /// While it is shut, nothing is posted.
    let door = Door()

    func keys(_ tenant: String) -> [String] { state.withLock { $0.journals[tenant] ?? [] } }
}

/// Blocks threads until it is opened.
final class Door: Sendable {
    private let isShut = Mutex(false)
    private let somebodyWaits = Mutex(false)

    func shut() { isShut.withLock { $0 = true } }
    func open() { isShut.withLock { $0 = false } }

    func pass() {
        while isShut.withLock(\.self) {
            somebodyWaits.withLock { $0 = true }
            SystemTime().sleep(for: .milliseconds(1))
        }
        somebodyWaits.withLock { $0 = false }
    }

    /// Waits until somebody stands before it.
    func untilSomebodyWaits() async throws {
        while !somebodyWaits.withLock(\.self) { try await Task.sleep(for: .milliseconds(1)) }
    }
}

struct FakeWriter: PostingStore, ~Copyable {
    typealias Failure = PostingFailure<Int>

    let books: FakeBooks

    mutating func post(
        _ work: [Work], root: Int32, at moment: Moment, after attempt: Int?, _ turn: Turn
    ) throws(Failure) -> [Verdict] {
        books.door.pass()
        let result: Result<[Verdict], Failure> = books.state.withLock { state in
            if state.isAway { return .failure(.unavailable(reason: "away")) }
            let fault = state.faults.isEmpty ? nil : state.faults.removeFirst()
            if fault == .lostBefore { return .failure(.unavailable(reason: "lost")) }
            var trial = state
            let verdicts = work.map { trial.decide($0) }
            let newKeys = Set(trial.journals.values.joined()).subtracting(state.journals.values.joined())
            guard newKeys.isDisjoint(with: state.guarded) else {
                return .failure(.rejectedByGuard(reason: "guarded"))
            }
            if fault == .lostWithoutCommit { return .failure(.outcomeUnknown(-1, reason: "lost")) }
            if let attempt, state.attempts.contains(attempt) {
                // The earlier try was committed: its keys are there, and answer as they did first.
                return .success(verdicts.map(\.withoutReplay))
            }
            trial.batches.append(work.count)
            trial.commits += 1
            let commits = trial.commits
            if fault == .lostAfterCommit { trial.attempts.insert(commits) }
            state = trial
            return fault == .lostAfterCommit ? .failure(.outcomeUnknown(commits, reason: "lost")) : .success(verdicts)
        }
        return try result.get()
    }

    mutating func createTenant(_ envelope: Envelope, at moment: Moment) throws(Failure) -> Outcome {
        books.state.withLock { state in
            let root = Int32(state.roots.count + 1)
            state.roots[envelope.command.tenant] = state.roots[envelope.command.tenant] ?? root
            return .answered([Field("tenant", .text(envelope.command.tenant))])
        }
    }

    mutating func change(_ change: PrincipalChange, at moment: Moment) throws(Failure) -> Outcome {
        books.state.withLock { state in
            do throws(Refusal) {
                let standing = state.principals[change.name]
                guard let record = try change.record(after: standing, at: moment) else {
                    return .answered(standing?.fields ?? [])
                }
                state.principals[change.name] = record
                state.principalsVersion += 1
                return .answered(record.fields)
            } catch {
                return .refused(error)
            }
        }
    }

    mutating func answer(_ requests: [BankRequest], root: Int32, at moment: Moment) throws(Failure) -> [Verdict] {
        requests.map { .one(.answered([Field("tenant", .text($0.tenant))])) }
    }

    mutating func seal(tenant: String, at moment: Moment) throws(Failure) -> Outcome {
        .answered([Field("tenant", .text(tenant))])
    }

    mutating func run(
        voucher: [VoucherPart], root: Int32, at moment: Moment, after attempt: Int?
    ) throws(Failure) -> Verdict {
        books.state.withLock { state in
            var trial = state
            var outcomes: [Outcome] = []
            for (index, part) in voucher.enumerated() {
                let outcome =
                    switch part {
                    case .command(let envelope): trial.decide(envelope.command)
                    case .query(let query): trial.answer(query)
                    }
                if let refusal = outcome.refusal { return .aborted(index: index, refusal) }
                outcomes.append(outcome)
            }
            state = trial
            return .all(outcomes)
        }
    }

    mutating func connect() throws(Failure) {
        if books.state.withLock(\.isAway) { throw .unavailable(reason: "still away") }
    }
}

struct FakeReader: AnsweringStore, ~Copyable {
    let books: FakeBooks

    mutating func answer(_ queries: [Query], at moment: Moment) throws(AnsweringFailure) -> [Reply] {
        let outcomes: [Outcome]? = books.state.withLock { state in
            if state.isAway { return nil }
            state.questions.append(queries.count)
            return queries.map { state.answer($0) }
        }
        guard let outcomes else { throw .unavailable(reason: "away") }
        return outcomes.map(Reply.outcome)
    }

    mutating func place(of tenant: String) throws(AnsweringFailure) -> TenantPlace? {
        if books.state.withLock(\.isAway) { throw .unavailable(reason: "away") }
        return books.state.withLock { state in
            state.roots[tenant].map { root in
                let parents = root == 1 && tenant != "shanghai" ? ["shanghai"] : []
                return TenantPlace(root: root, lineage: [tenant] + parents)
            }
        }
    }

    mutating func principals(since version: Int64) throws(AnsweringFailure) -> PrincipalList? {
        books.state.withLock { state in
            version == state.principalsVersion
                ? nil : PrincipalList(version: state.principalsVersion, records: Array(state.principals.values))
        }
    }

    mutating func unsealedTenants() throws(AnsweringFailure) -> [String] { [] }

    mutating func connect() throws(AnsweringFailure) {
        if books.state.withLock(\.isAway) { throw .unavailable(reason: "still away") }
    }
}

extension FakeBooks.State {
    mutating func decide(_ work: Work) -> Verdict {
        switch work {
        case .single(let envelope): return .one(decide(envelope.command))
        case .group(let envelopes):
            let before = self
            var outcomes: [Outcome] = []
            for (index, envelope) in envelopes.enumerated() {
                let outcome = decide(envelope.command)
                if let refusal = outcome.refusal {
                    self = before
                    return .aborted(index: index, refusal)
                }
                outcomes.append(outcome)
            }
            return .all(outcomes)
        }
    }

    /// A key that begins with `bad` is refused; one that came before is answered again.
    mutating func decide(_ command: Command) -> Outcome {
        guard case .posting(let posting) = command else { return .answered([Field("tenant", .text(command.tenant))]) }
        if posting.key.hasPrefix("bad") { return .refused(Refusal(.capExceeded, "no room", [])) }
        let found = journals[posting.tenant]?.firstIndex(of: posting.key)
        if found == nil { journals[posting.tenant, default: []].append(posting.key) }
        let sequence = (found ?? (journals[posting.tenant]?.count ?? 0) - 1) + 1
        return .posted(
            Receipt(
                entry: SequenceName(tenant: 1, sequence: Int64(sequence)), amount: Amount(fen: 100), date: posting.date,
                award: nil,
                isReplay: found != nil))
    }

    func answer(_ query: Query) -> Outcome {
        guard roots[query.tenant] != nil else { return .refused(.unknownTenant(query.tenant)) }
        let keys = journals[query.tenant] ?? []
        guard case .journal(let after, let limit) = query.question else {
            return .answered([Field("count", .number(Int64(keys.count)))])
        }
        return .answered([Field("entries", .texts(keys.dropFirst(Int(after)).prefix(limit)))])
    }
}

extension Verdict {
    fileprivate var withoutReplay: Verdict {
        guard case .one(.posted(var receipt)) = self else { return self }
        receipt.isReplay = false
        return .one(.posted(receipt))
    }
}

func posting(_ key: String, tenant: String = "lingang") -> Envelope {
    let day = Day(year: 2024, month: 1, day: 1)
    let action = PostingAction.disburse(award: "A", amount: Amount(fen: 100))
    let content = Content(verb: "DISBURSE", arguments: [])
    return Envelope(
        command: .posting(
            Posting(tenant: tenant, key: key, date: day, isDryRun: false, action: action, content: content)),
        principal: "test")
}
