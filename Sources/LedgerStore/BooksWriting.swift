import LedgerCore
import Postgres

/// How the books stood when they were loaded: what tells rows that are new from rows that changed.
struct Loaded {
    let root: Int32?
    /// `roots.stamp` then.
    let stamp: Int64
    /// What it is to be from now on.
    let nextStamp = Int64.random(in: 1...Int64.max)
    let nextNumber: Int64
    let nextTenant: Int32
    let budgets: Set<BudgetName>
    let sequences: [Int32: Int64]
    let closings: [Int32: Day?]

    /// `root` is nil where it is made now.
    init(_ books: Books, root: Int32?, stamp: Int64) {
        self.root = root
        self.stamp = stamp
        nextNumber = books.nextNumber
        nextTenant = books.nextTenant
        budgets = Set(books.budgets.keys)
        sequences = books.heads.mapValues(\.lastSequence)
        closings = books.heads.mapValues(\.closedThrough)
    }

    /// Numbers are given out in order, so whatever got one since is new.
    func isNew(_ number: Int64) -> Bool { number >= nextNumber }
}

/// Turns what was decided into statements, set-wise: one for all that a posting changes, and where there are new rows
/// or changed facts besides, one for each kind of them, whatever their number.
///
/// A class, so that the books are not copied from one step to the next.
final class BooksWriting {
    let books: Books
    let loaded: Loaded
    /// Of `books.changes.entries`, in the same order.
    let hashes: [[UInt8]]
    let types: RowTypes

    init(_ books: Books, since loaded: Loaded, hashes: [[UInt8]], types: RowTypes) {
        self.books = books
        self.loaded = loaded
        self.hashes = hashes
        self.types = types
    }

    var changes: Changes { books.changes }

    var statements: [Statement] {
        let before =
            (loaded.root == nil ? newRoot : []) + newTenants + [newSchemes, parameters]
            + split(changes.parties, books.parties, insert: newParties, update: changedParties)
            + split(changes.subjects, books.subjects, insert: newSubjects, update: changedSubjects)
            + [new(changes.caps, books.caps, newCaps), newFunds, newBudgets]
            + [new(changes.awards, books.awards, newAwards), formerPayees]
        let after = [marks, bases].compactMap(\.self)
        let others = before.compactMap(\.self)
        if others.isEmpty, let both = turnWithPostings { return [both] + after }
        // The root of a new tree is locked by nobody else.
        let turn = loaded.root == nil ? others.prefix(1) + [takingTurn] + others.dropFirst() : [takingTurn] + others
        return turn + [postings].compactMap(\.self) + after
    }

    /// The rows of that table that are new and those that changed, in the order of their numbers.
    private func split<Row>(
        _ numbers: Set<Int64>, _ rows: [Int64: Row], insert: ([Row]) -> Statement, update: ([Row]) -> Statement
    ) -> [Statement?] {
        let changed = numbers.filter { !loaded.isNew($0) }.sorted().compactMap { rows[$0] }
        return [new(numbers, rows, insert), changed.isEmpty ? nil : update(changed)]
    }

    private func new<Row>(
        _ numbers: Set<Int64>, _ rows: [Int64: Row], _ insert: ([Row]) -> Statement
    ) -> Statement? {
        let fresh = numbers.filter(loaded.isNew).sorted().compactMap { rows[$0] }
        return fresh.isEmpty ? nil : insert(fresh)
    }

    /// A statement whose `$1` is the root.
    func statement(_ sql: String, _ parameters: [Parameter]) -> Statement {
        Statement(sql, [.int4(books.registry.root)] + parameters)
    }
}

// MARK: - Beside the journal

extension BooksWriting {
    private var marks: Statement? {
        let names = changes.marks.sorted { ($0.tenant, $0.sequence) < ($1.tenant, $1.sequence) }
        guard !names.isEmpty else { return nil }
        return statement(
            SetWise.insert(
                into: "marks", "tenant, sequence, reversed_by, settled_by",
                "u.tenant, u.sequence, u.reversed_by, u.settled_by",
                from: """
                    unnest($2::int4[], $3::int8[], $4::int8[], $5::int8[]) \
                    AS u (tenant, sequence, reversed_by, settled_by)
                    """)
                    + """
                     ON CONFLICT (root, tenant, sequence)
                        DO UPDATE SET reversed_by = excluded.reversed_by, settled_by = excluded.settled_by
                    """,
            [
                .int4s(names.map(\.tenant)), .int8s(names.map(\.sequence)),
                .optionalInt8s(names.map { books.marks[$0]?.reversedBy }),
                .optionalInt8s(names.map { books.marks[$0]?.settledBy }),
            ])
    }

    private var bases: Statement? {
        let bases = changes.bases
        guard !bases.isEmpty else { return nil }
        return statement(
            SetWise.insert(
                into: "bases", "tenant, subject, number, amount, sequence, period, date",
                "u.tenant, u.subject, u.number, u.amount, u.sequence, u.period, u.date",
                from: """
                    unnest($2::int4[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int4[], $8::date[]) \
                    AS u (tenant, subject, number, amount, sequence, period, date)
                    """),
            [
                .int4s(bases.map(\.tenant)), .int8s(bases.map(\.subject)), .int8s(bases.map(\.order)),
                .int8s(bases.map(\.amount.fen)), .int8s(bases.map(\.sequence)), .int4s(bases.map { Int32($0.period) }),
                .dates(bases.map(\.date.number)),
            ])
    }
}
