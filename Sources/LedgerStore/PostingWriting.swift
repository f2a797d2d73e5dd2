import LedgerCore
import Postgres

// What a posting changes: entries, awards, caps, budgets and heads. All of it is one call of `write_postings`.

/// The numbers that this database has given to the row types of `write_postings`.
struct RowTypes {
    let entry: UInt32
    let award: UInt32
    let cap: UInt32
    let budget: UInt32
    let head: UInt32

    init(_ connection: inout Connection) throws(PostgresError) {
        let names = ["new_entry", "changed_award", "changed_cap", "changed_budget", "changed_head"]
        let numbers = names.map { "'\($0)'::regtype::oid::int8" }.joined(separator: ", ")
        let types = try connection.query("SELECT \(numbers)")
        func type(_ column: Int) throws(PostgresError) -> UInt32 {
            UInt32(truncatingIfNeeded: try types.int8(0, column))
        }
        entry = try type(0)
        award = try type(1)
        cap = try type(2)
        budget = try type(3)
        head = try type(4)
    }
}

extension BooksWriting {
    /// First of all, so that nothing is written over what has changed since it was read: where somebody else has
    /// changed the root's books, the transaction ends and is decided anew. Locks the root where that was not done yet.
    private var turn: (sql: String, parameters: [Parameter]) {
        (
            "take_turn($1, $2, $3, $4, $5, $6)",
            [
                .int4(books.registry.root), .int8(loaded.stamp), .int8(loaded.nextStamp), .int8(books.nextNumber),
                .bool(changes.touchesRegistry), .bool(changes.entries.count > BooksWriting.fewEntries),
            ]
        )
    }

    /// The SQLSTATE by which `take_turn` says that it holds the lock.
    static let isLocked = "GL100"

    /// Behind so few nobody waits in the database.
    private static let fewEntries = 8

    var takingTurn: Statement { Statement("SELECT \(turn.sql)", turn.parameters) }

    /// nil where neither entries nor balances nor heads have changed.
    var postings: Statement? {
        guard let rows = changedRows else { return nil }
        return statement("SELECT write_postings($1, $2, $3, $4, $5, $6)", rows)
    }

    /// ``takingTurn`` and ``postings`` as one statement: the server has read all of it before it waits for the lock.
    var turnWithPostings: Statement? {
        guard let rows = changedRows else { return nil }
        return Statement(
            "SELECT write_postings($1, $7, $8, $9, $10, $11) FROM \(turn.sql)", turn.parameters + rows)
    }

    private var changedRows: [Parameter]? {
        let rows = [entries, awards, caps, budgets, heads]
        return rows.allSatisfy { $0.count == 0 } ? nil : rows.map(Parameter.rows)
    }

    private var entries: RowArray {
        var rows = RowArray(of: types.entry)
        rows.reserve(bytes: changes.entries.count * 640)
        for (entry, hash) in zip(changes.entries, hashes) {
            rows.beginRow(columns: 18)
            rows.add(entry.tenant)
            rows.add(entry.sequence)
            rows.add(timestamp: entry.postedAt.microseconds)
            rows.add(entry.amount.fen)
            rows.add(entry.award)
            rows.add(entry.subject)
            rows.add(entry.party)
            rows.add(entry.target)
            rows.add(entry.standing?.committed.fen)
            rows.add(entry.standing?.disbursed.fen)
            rows.add(entry.standing?.remaining?.fen)
            rows.add(day: entry.date.number)
            rows.add(entry.kind.rawValue)
            rows.add(entry.key)
            rows.add(entry.principal)
            rows.add(text: entry.content.bytes)
            rows.add(int8s: entry.transfers.flatMap { [$0.debit.raw, $0.credit.raw, $0.amount.fen] })
            rows.add(hash)
            rows.endRow()
        }
        return rows
    }

    private var awards: RowArray {
        var rows = RowArray(of: types.award)
        rows.reserve(bytes: changes.awards.count * 384)
        for award in changed(changes.awards, books.awards) {
            rows.beginRow(columns: 10)
            rows.add(award.number)
            rows.add(award.party)
            rows.add(day: award.latest.number)
            rows.add(int4s: award.years.map { Int32($0.year) })
            rows.add(int8s: award.years.map(\.committed.fen))
            rows.add(int8s: award.years.map(\.disbursed.fen))
            rows.add(int8s: award.years.map(\.released.fen))
            rows.add(int8s: award.years.map(\.recovered.fen))
            rows.add(award.dated)
            rows.endRow()
        }
        return rows
    }

    private var caps: RowArray {
        var rows = RowArray(of: types.cap)
        for cap in changed(changes.caps, books.caps) {
            rows.beginRow(columns: 6)
            rows.add(cap.number)
            rows.add(cap.committed.fen)
            rows.add(cap.disbursed.fen)
            rows.add(cap.forfeited.fen)
            rows.add(cap.dated)
            rows.endRow()
        }
        return rows
    }

    private var budgets: RowArray {
        var rows = RowArray(of: types.budget)
        for budget in budgets(where: loaded.budgets.contains) {
            rows.beginRow(columns: 5)
            rows.add(budget.name.fund)
            rows.add(Int32(budget.name.year))
            rows.add(budget.appropriated.fen)
            rows.add(budget.committed.fen)
            rows.add(budget.disbursed.fen)
            rows.endRow()
        }
        return rows
    }

    /// Only where the journal still ends where it ended when it was loaded, so that a gap or a fork cannot come about.
    private var heads: RowArray {
        var rows = RowArray(of: types.head)
        for tenant in changes.heads.subtracting(changes.tenants).sorted() {
            let head = books.heads[tenant] ?? .empty
            rows.beginRow(columns: 5)
            rows.add(tenant)
            rows.add(loaded.sequences[tenant] ?? 0)
            rows.add(head.lastSequence)
            rows.add(head.lastHash)
            rows.add(day: head.closedThrough?.number)
            rows.endRow()
        }
        return rows
    }

    /// The rows that were there before, in the order of their numbers.
    private func changed<Row>(_ numbers: Set<Int64>, _ rows: [Int64: Row]) -> [Row] {
        numbers.filter { !loaded.isNew($0) }.sorted().compactMap { rows[$0] }
    }
}

extension RowArray {
    fileprivate mutating func add(_ dated: [Dated]) {
        add(days: dated.map(\.day.number))
        add(int8s: dated.map(\.amount.fen))
    }
}
