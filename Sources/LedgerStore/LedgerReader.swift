package import LedgerCore
import Postgres

/// Answers queries. One connection; its calls block, so it belongs to a thread of its own. After an error, ask
/// ``isUsable``.
package struct LedgerReader: ~Copyable {
    var connection: Connection
    /// Of the roots seen so far; each batch asks whether they are still of the version that stands.
    private var registries: [Int32: Registry] = [:]
    private var roots: [String: Int32] = [:]
    private var hints = Hints()

    package init(conninfo: String) throws(StoreError) {
        connection = try Session.open(conninfo, Session.forReading)
    }

    package var isUsable: Bool { connection.isUsable }

    /// Answers queries of any roots, in order, all as of one snapshot that is younger than the call.
    package mutating func answer(_ queries: [Query], at now: Moment) throws(StoreError) -> [Outcome] {
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

    private mutating func answerAll(_ queries: [Query], today: Day) throws(PostgresError) -> [Outcome] {
        // Asked by far the most: what remains now. Any number of these is one round trip, and needs no transaction.
        if queries.allSatisfy({ $0.question.isOfRemainingNow }) { return try answerRemaining(queries, today) }
        try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; \(Session.bySize)")
        var outcomes: [Outcome] = []
        for query in queries { outcomes.append(try answer(query, today)) }
        try connection.execute("COMMIT")
        return outcomes
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
    /// all that is needed, or the registry has changed, it is sent again with what was learnt.
    private mutating func answerRemaining(_ queries: [Query], _ today: Day) throws(PostgresError) -> [Outcome] {
        let byRoot = Dictionary(grouping: queries.indices.filter { roots[queries[$0].tenant] != nil }) { index in
            roots[queries[index].tenant] ?? 0
        }
        var outcomes = queries.map { Outcome.refused(.unknownTenant($0.tenant)) }
        var batches = byRoot.keys.sorted().map { RemainingBatch(root: $0, registry: registries[$0]) }
        for index in batches.indices {
            let asked = (byRoot[batches[index].root] ?? []).map { queries[$0] }
            batches[index].add(asked, hints)
        }
        while batches.contains(where: { !$0.isComplete }) {
            for index in batches.indices { batches[index].prepare() }
            let results = try connection.pipeline(batches.flatMap(\.statements))
            var position = 0
            for index in batches.indices {
                let count = batches[index].statements.count
                try batches[index].read(results[position..<position + count])
                position += count
            }
        }
        for batch in batches {
            registries[batch.root] = batch.books.registry
            hints.remember(batch.books)
            for index in byRoot[batch.root] ?? [] {
                outcomes[index] = batch.books.answer(queries[index], today: today)
            }
        }
        return outcomes
    }
}
