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

/// Turns what was decided into statements, set-wise: one for each kind of row and whether it is new, whatever their
/// number.
struct BooksWriting {
    let books: Books
    let loaded: Loaded
    /// Of `books.changes.entries`, in the same order.
    let hashes: [[UInt8]]

    private var changes: Changes { books.changes }

    var statements: [Statement] {
        let parts =
            [loaded.root == nil ? newRoot : [], [counters], newTenants, [newSchemes, parameters]]
            + [split(changes.parties, books.parties, insert: newParties, update: changedParties)]
            + [split(changes.subjects, books.subjects, insert: newSubjects, update: changedSubjects)]
            + [split(changes.caps, books.caps, insert: newCaps, update: changedCaps)]
            + [[newFunds, newBudgets, changedBudgets]]
            + [split(changes.awards, books.awards, insert: newAwards, update: changedAwards)]
            + [[formerPayees, entries, marks, bases, heads]]
        return parts.joined().compactMap { $0 }
    }

    /// The rows of that table that are new and those that changed, in the order of their numbers.
    private func split<Row>(
        _ numbers: Set<Int64>, _ rows: [Int64: Row], insert: ([Row]) -> Statement, update: ([Row]) -> Statement
    ) -> [Statement?] {
        let sorted = numbers.sorted()
        let fresh = sorted.filter(loaded.isNew).compactMap { rows[$0] }
        let changed = sorted.filter { !loaded.isNew($0) }.compactMap { rows[$0] }
        return [fresh.isEmpty ? nil : insert(fresh), changed.isEmpty ? nil : update(changed)]
    }

    /// A statement whose `$1` is the root.
    func statement(_ sql: String, _ parameters: [Parameter]) -> Statement {
        Statement(sql, [.int4(books.registry.root)] + parameters)
    }
}

// MARK: - The journal

extension BooksWriting {
    private var entries: Statement? {
        let entries = changes.entries
        guard !entries.isEmpty else { return nil }
        let transfers = Lists(entries) { entry in
            entry.transfers.lazy.flatMap { [$0.debit.raw, $0.credit.raw, $0.amount.fen] }
        }
        return statement(
            BooksWriting.insertEntries,
            [
                .int4s(entries.map(\.tenant)), .int8s(entries.map(\.sequence)),
                .timestamps(entries.map(\.postedAt.microseconds)), .int8s(entries.map(\.amount.fen)),
                .optionalInt8s(entries.map(\.award)), .optionalInt8s(entries.map(\.subject)),
                .optionalInt8s(entries.map(\.party)), .optionalInt8s(entries.map(\.target)),
                .optionalInt8s(entries.map { $0.standing?.committed.fen }),
                .optionalInt8s(entries.map { $0.standing?.disbursed.fen }),
                .optionalInt8s(entries.map { $0.standing?.remaining?.fen }), .dates(entries.map(\.date.number)),
                .int2s(entries.map(\.kind.rawValue)), .texts(entries.map(\.key)), .texts(entries.map(\.principal)),
                .texts(entries.map(\.content.text)), .byteas(hashes),
            ] + transfers.places + [.int8s(transfers.elements)])
    }

    private static let insertEntries = SetWise.insert(
        into: "entries",
        """
        tenant, sequence, posted_at, amount, award, subject, party, target, committed, disbursed, remaining, date, \
        kind, key, principal, content, hash, transfers
        """,
        """
        u.tenant, u.sequence, u.posted_at, u.amount, u.award, u.subject, u.party, u.target, u.committed, u.disbursed, \
        u.remaining, u.date, u.kind, u.key, u.principal, u.content, u.hash, ($21::int8[])[u.first:u.last]
        """,
        from: """
            unnest($2::int4[], $3::int8[], $4::timestamptz[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], \
            $9::int8[], $10::int8[], $11::int8[], $12::int8[], $13::date[], $14::int2[], $15::text[], $16::text[], \
            $17::text[], $18::bytea[], $19::int4[], $20::int4[]) \
            AS u (tenant, sequence, posted_at, amount, award, subject, party, target, committed, disbursed, remaining, \
            date, kind, key, principal, content, hash, first, last)
            """)

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

    /// Only where the journal still ends where it ended when it was loaded, so that a gap or a fork cannot come about.
    private var heads: Statement? {
        let tenants = changes.heads.subtracting(changes.tenants).sorted()
        guard !tenants.isEmpty else { return nil }
        let heads = tenants.map { books.heads[$0] ?? .empty }
        return statement(
            SetWise.update(
                "heads", set: "last_sequence = u.last, last_hash = u.hash, closed_through = u.closed",
                from: """
                    unnest($2::int4[], $3::int8[], $4::int8[], $5::bytea[], $6::date[]) \
                    AS u (tenant, before, last, hash, closed)
                    """,
                where: "t.tenant = u.tenant AND t.last_sequence = u.before"),
            [
                .int4s(tenants), .int8s(tenants.map { loaded.sequences[$0] ?? 0 }), .int8s(heads.map(\.lastSequence)),
                .byteas(heads.map(\.lastHash)), .optionalDates(heads.map { $0.closedThrough?.number }),
            ])
    }
}
