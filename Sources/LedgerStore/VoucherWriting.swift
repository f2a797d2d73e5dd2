package import LedgerCore
import Postgres

/// A part of a voucher.
package enum VoucherStep: Sendable, Hashable {
    case command(Envelope)
    case query(Query)
}

extension LedgerWriter {
    /// Runs a voucher that has queries in it: one transaction, in which each step sees the ones before, and of which
    /// all or nothing stands. Any refusal, a query's too, leaves nothing behind.
    ///
    /// `after` is what an earlier call with the same voucher threw: where that attempt stands, its verdict is returned.
    package mutating func run(
        voucher steps: [VoucherStep], root: Int32, at now: Moment, after attempt: Attempt? = nil
    ) throws(StoreError) -> Verdict {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            try writer.runOnce(steps, root: root, at: now, after: attempt)
        }
    }

    private mutating func runOnce(
        _ steps: [VoucherStep], root: Int32, at now: Moment, after attempt: Attempt?
    ) throws(Failure) -> Verdict {
        var run = VoucherRun(root: root, now: now)
        var opened: Transaction.Opened
        do throws(PostgresError) {
            opened = try transaction.begin(VoucherRun.work(steps[...]), root: root)
            if let attempt, let verdict = attempt.verdicts.first,
                try attempt.stands(in: root, on: &transaction.connection)
            {
                transaction.abandon()
                return verdict
            }
        } catch {
            throw .database(error)
        }
        var index = 0
        while index < steps.count {
            let stop: VoucherRun.Stop?
            switch steps[index] {
            case .query(let query):
                stop = try run.answer(query, registry: opened.books.registry, in: &transaction)
            case .command:
                let work = VoucherRun.work(steps[index...])
                if index > 0 { opened = try run.resume(work, in: &transaction) }
                stop = try run.post(work, over: &opened, in: &transaction)
            }
            if let stop {
                transaction.abandon()
                return .aborted(index: index + stop.index, stop.refusal)
            }
            index = run.outcomes.count
        }
        let verdict = Verdict.all(run.outcomes)
        try commit(run, verdict)
        return verdict
    }

    private mutating func commit(_ run: VoucherRun, _ verdict: Verdict) throws(Failure) {
        guard run.hasWritten else {
            transaction.abandon()
            return
        }
        do throws(PostgresError) {
            try transaction.connection.execute("COMMIT")
        } catch {
            guard error.isConnectionLost else { throw .database(error) }
            throw .store(.outcomeUnknown(Attempt(run.lastEntry, [verdict])))
        }
        // What has changed is not worth finding out: the next batch reads anew what it needs.
        transaction.forget()
    }
}

/// How far a voucher is.
private struct VoucherRun {
    /// The refusal of the step that many steps on.
    struct Stop {
        let index: Int
        let refusal: Refusal
    }

    let root: Int32
    let now: Moment
    private(set) var outcomes: [Outcome] = []
    private(set) var hasWritten = false
    private(set) var lastEntry: Attempt.LastEntry?

    init(root: Int32, now: Moment) {
        self.root = root
        self.now = now
    }

    /// The commands up to the next query, or up to one that makes a tenant, as one group: what a new tenant touches is
    /// known once it is there.
    static func work(_ steps: ArraySlice<VoucherStep>) -> [Work] {
        var envelopes: [Envelope] = []
        for step in steps {
            guard case .command(let envelope) = step else { break }
            envelopes.append(envelope)
            if case .registration(let registration) = envelope.command, case .createTenant = registration.action {
                break
            }
        }
        return [.group(envelopes)]
    }

    mutating func resume(_ work: [Work], in transaction: inout Transaction) throws(Failure) -> Transaction.Opened {
        do throws(PostgresError) {
            return try transaction.resume(work, root: root)
        } catch {
            throw .database(error)
        }
    }

    /// Decides and writes, and does not commit.
    mutating func post(
        _ work: [Work], over opened: inout Transaction.Opened, in transaction: inout Transaction
    ) throws(Failure) -> Stop? {
        var books = opened.books
        defer { opened.books = books }
        let loaded = Loaded(books, root: root, stamp: opened.stamp)
        switch decide(work, over: &books, at: now).first {
        case .aborted(let index, let refusal): return Stop(index: index, refusal: refusal)
        case .all(let segment): outcomes += segment
        case .one, .unfinished, nil: throw .store(.incompatible("the core answered a group as a single command"))
        }
        guard !books.changes.isEmpty else { return nil }
        let statements: [Statement]
        let hashes: [[UInt8]]
        do throws(StoreError) {
            (statements, hashes) = try transaction.statements(writing: &books, since: loaded, at: now)
        } catch {
            throw .store(error)
        }
        do throws(PostgresError) {
            _ = try transaction.connection.pipeline(statements)
        } catch {
            throw .database(error)
        }
        hasWritten = true
        lastEntry = Attempt.LastEntry(books, hashes: hashes) ?? lastEntry
        return nil
    }

    mutating func answer(
        _ query: Query, registry: Registry, in transaction: inout Transaction
    ) throws(Failure) -> Stop? {
        let outcome: Outcome
        if let inquiry = Inquiry(registry, query, today: now.day) {
            do throws(PostgresError) {
                if !query.question.isOfRemainingNow { try transaction.connection.execute(Session.bySize) }
                outcome = try inquiry.answer(query.question, on: &transaction.connection)
            } catch {
                throw .database(error)
            }
        } else {
            outcome = .refused(.unknownTenant(query.tenant))
        }
        if let refusal = outcome.refusal { return Stop(index: 0, refusal: refusal) }
        outcomes.append(outcome)
        return nil
    }
}
