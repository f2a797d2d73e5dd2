package import LedgerCore
import Postgres

/// Answers queries. One connection; its calls block, so it belongs to a thread of its own. After an error, ask
/// ``isUsable``.
///
/// `Written` is what an answer is given as: what is asked for again and again is written once.
package struct LedgerReader<Written: Sendable>: ~Copyable {
    var connection: Connection
    private let write: (Query, Outcome) -> Written
    private var remembered = RememberedAnswers<Written>()
    /// Of the roots seen so far; each batch asks whether they are still of the version that stands.
    private var registries: [Int32: Registry] = [:]
    private var roots: [String: Int32] = [:]
    private var hints = Hints()

    package init(conninfo: String, write: @escaping (Query, Outcome) -> Written) throws(StoreError) {
        connection = try Session.open(conninfo, Session.forReading)
        self.write = write
    }

    package var isUsable: Bool { connection.isUsable }

    /// Answers queries of any roots, in order, all as of one snapshot that is younger than the call.
    package mutating func answer(_ queries: [Query], at now: Moment) throws(StoreError) -> [Written] {
        do throws(PostgresError) {
            try findRoots(of: queries.map(\.tenant))
            return try answerAll(queries, today: now.day)
        } catch {
            try? connection.rollback()
            throw StoreError(error)
        }
    }

    /// A tenant never changes its root and is never deleted, so what was found stands.
    private mutating func findRoots(of tenants: [String]) throws(PostgresError) {
        let unknown = Set(tenants.filter { roots[$0] == nil })
        guard !unknown.isEmpty else { return }
        let found = try connection.query("SELECT id, root FROM tenants WHERE id = ANY ($1)", [.texts(unknown.sorted())])
        for row in 0..<found.count { roots[try found.text(row, 0)] = try found.int4(row, 1) }
    }

    private mutating func answerAll(_ queries: [Query], today: Day) throws(PostgresError) -> [Written] {
        // Asked by far the most: what remains now. Any number of these is one round trip, and needs no transaction.
        if queries.allSatisfy({ $0.question.isOfRemainingNow }) { return try answerRemaining(queries, today) }
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \(Session.bySize)")
        var answers: [Written] = []
        for query in queries { answers.append(write(query, try answer(query, today))) }
        try connection.execute("COMMIT")
        return answers
    }

    private mutating func answer(_ query: Query, _ today: Day) throws(PostgresError) -> Outcome {
        guard let root = roots[query.tenant] else { return .refused(.unknownTenant(query.tenant)) }
        let version = try connection.query("SELECT registry_stamp FROM roots WHERE root = $1", [.int4(root)])
        if try registries[root]?.version != version.int8(0, 0) {
            registries[root] = try Registry.load(root: root, from: &connection)
        }
        guard let registry = registries[root], let inquiry = Inquiry(registry, query, today: today) else {
            return .refused(.unknownTenant(query.tenant))
        }
        return try inquiry.answer(query.question, on: &connection)
    }

    /// A pipeline is one transaction, and under REPEATABLE READ one snapshot. Where the hints did not suffice to load
    /// all that is needed, or the registry has changed, it is sent again with what was learnt; and where the root has
    /// changed, with the questions that were taken for answered.
    private mutating func answerRemaining(_ queries: [Query], _ today: Day) throws(PostgresError) -> [Written] {
        let byRoot = Dictionary(grouping: queries.indices.filter { roots[queries[$0].tenant] != nil }) { index in
            roots[queries[index].tenant] ?? 0
        }
        var answers: [Written?] = queries.map { _ in nil }
        var batches = byRoot.keys.sorted().map { RemainingBatch(root: $0, registry: registries[$0]) }
        for index in batches.indices {
            let root = batches[index].root
            remembered.forget(root, unlessOf: today)
            var open: [Query] = []
            for place in byRoot[root] ?? [] {
                answers[place] = remembered.answer(to: queries[place], root)
                if answers[place] == nil { open.append(queries[place]) }
            }
            batches[index].add(open, hints)
        }
        while batches.contains(where: { !$0.isComplete }) {
            for index in batches.indices { batches[index].prepare() }
            let results = try connection.pipeline(batches.flatMap(\.statements))
            var position = 0
            for index in batches.indices {
                let count = batches[index].statements.count
                try batches[index].read(results[position..<position + count])
                position += count
                let root = batches[index].root
                guard batches[index].isComplete, let stamp = remembered.stamp(of: root),
                    stamp != batches[index].stamp
                else { continue }
                remembered.forget(root)
                let places = byRoot[root] ?? []
                for place in places { answers[place] = nil }
                batches[index].add(places.map { queries[$0] }, hints)
            }
        }
        for batch in batches {
            registries[batch.root] = batch.books.registry
            hints.remember(batch.books)
            for place in byRoot[batch.root] ?? [] where answers[place] == nil {
                let outcome = batch.books.answer(queries[place], today: today)
                let answer = write(queries[place], outcome)
                remembered.remember(answer, to: queries[place], batch.root, stamp: batch.stamp, of: today)
                answers[place] = answer
            }
        }
        return zip(queries, answers).map { query, answer in
            answer ?? write(query, .refused(.unknownTenant(query.tenant)))
        }
    }
}

extension LedgerReader where Written == Outcome {
    package init(conninfo: String) throws(StoreError) {
        try self.init(conninfo: conninfo) { _, outcome in outcome }
    }
}
