import LedgerCore
import Postgres
import Reconciling

// Breaks: written by RECONCILE, looked after and resolved by people.

/// A break that was found, with the bank account that it is of.
struct FoundBreak {
    let account: String
    let found: Break

    init(_ account: String, _ found: Break) {
        self.account = account
        self.found = found
    }
}

/// What a break is of, as its columns.
struct BreakKey: Hashable {
    var entry: Int64?
    var line: LineID?

    init(_ item: BreakItem) {
        switch item {
        case .payment(let entry): self.entry = entry
        case .line(let line): self.line = line
        }
    }

    /// `column` is the first of entry, statement and line.
    init(_ rows: Rows, _ row: Int, from column: Int) throws(PostgresError) {
        entry = try rows.optionalInt8(row, column)
        if let statement = try rows.optionalInt8(row, column + 1), let number = try rows.optionalInt4(row, column + 2) {
            line = LineID(statement: statement, number: Int(number))
        }
    }
}

/// What is to be added to the history of a break.
struct BreakEvent {
    let number: Int64
    let event: String
    let detail: String
}

extension Desk {
    /// Makes the open breaks those that were found: new ones are opened, known ones keep their number, and those whose
    /// payment or line has a match now are resolved.
    func write(_ found: [FoundBreak], on connection: inout Connection) throws(PostgresError) {
        let rows = try query(
            """
            SELECT number, entry, statement, line, kind, related FROM breaks
            WHERE root = $1 AND tenant = $2 AND resolution IS NULL
            """, on: &connection)
        var open: [BreakKey: (number: Int64, kind: Int16, related: String)] = [:]
        for row in 0..<rows.count {
            open[try BreakKey(rows, row, from: 1)] = (
                try rows.int8(row, 0), try rows.int2(row, 4), try rows.text(row, 5)
            )
        }
        var new: [FoundBreak] = []
        var changed: [(number: Int64, kind: Int16, related: String)] = []
        var events: [BreakEvent] = []
        for item in found {
            let related = text(of: item.found.related)
            guard let known = open.removeValue(forKey: BreakKey(item.found.item)) else {
                new.append(item)
                continue
            }
            guard known.kind != item.found.kind.rawValue || known.related != related else { continue }
            changed.append((known.number, item.found.kind.rawValue, related))
            events.append(BreakEvent(number: known.number, event: "changed", detail: item.found.kind.word))
        }
        events += try insert(new, on: &connection)
        try query(
            """
            UPDATE breaks b SET kind = u.kind, related = u.related
            FROM unnest($3::int8[], $4::int2[], $5::text[]) AS u (number, kind, related)
            WHERE b.root = $1 AND b.tenant = $2 AND b.number = u.number
            """,
            [.int8s(changed.map(\.number)), .int2s(changed.map(\.kind)), .texts(changed.map(\.related))],
            on: &connection)
        let gone = open.values.map(\.number).sorted()
        let resolved = try query(
            """
            UPDATE breaks b SET resolution = CASE WHEN EXISTS (SELECT FROM payments p WHERE p.root = b.root
                AND p.tenant = b.tenant AND p.entry = b.entry AND p.void_by IS NOT NULL) THEN 'void' ELSE 'matched' END
            WHERE b.root = $1 AND b.tenant = $2 AND b.number = ANY ($3) RETURNING b.number, b.resolution
            """, [.int8s(gone)], on: &connection)
        for row in 0..<resolved.count {
            events.append(
                BreakEvent(
                    number: try resolved.int8(row, 0), event: "resolved", detail: try resolved.text(row, 1)))
        }
        try note(events, on: &connection)
    }

    private func text(of related: [BreakItem]) -> String {
        related.map { item in
            switch item {
            case .payment(let entry): name(entry)
            case .line(let line): line.description
            }
        }.joined(separator: ",")
    }

    private func insert(_ new: [FoundBreak], on connection: inout Connection) throws(PostgresError) -> [BreakEvent] {
        guard !new.isEmpty else { return [] }
        let first = try number("next_break", new.count, on: &connection)
        let keys = new.map { BreakKey($0.found.item) }
        let numbers = (first..<first + Int64(new.count)).map { $0 }
        try query(
            """
            INSERT INTO breaks (root, tenant, number, account, entry, statement, line, kind, amount, since, related)
            SELECT $1, $2, u.* FROM unnest($3::int8[], $4::text[], $5::int8[], $6::int8[], $7::int4[], $8::int2[],
                $9::int8[], $10::date[], $11::text[]) u
            """,
            [
                .int8s(numbers), .texts(new.map(\.account)), .optionalInt8s(keys.map(\.entry)),
                .optionalInt8s(keys.map { $0.line?.statement }),
                .optionalInt4s(keys.map { $0.line.map { Int32($0.number) } }),
                .int2s(new.map(\.found.kind.rawValue)), .int8s(new.map { Int64(clamping: $0.found.amount.fen) }),
                .dates(new.map(\.found.since.number)), .texts(new.map { text(of: $0.found.related) }),
            ], on: &connection)
        return zip(numbers, new).map { BreakEvent(number: $0, event: "opened", detail: $1.found.kind.word) }
    }

    func note(_ events: [BreakEvent], on connection: inout Connection) throws(PostgresError) {
        guard !events.isEmpty else { return }
        try query(
            """
            INSERT INTO break_events (root, tenant, break, at, nth, event, detail, by)
            SELECT $1, $2, u.break, $6, (SELECT coalesce(max(e.nth), 0) FROM break_events e
                WHERE e.root = $1 AND e.tenant = $2 AND e.break = u.break) + 1, u.event, u.detail, $7
            FROM unnest($3::int8[], $4::text[], $5::text[]) AS u (break, event, detail)
            """,
            [
                .int8s(events.map(\.number)), .texts(events.map(\.event)), .texts(events.map(\.detail)),
                .timestamp(now.microseconds), .text(by),
            ], on: &connection)
    }

    /// The sides of a match that was struck out are breaks at once; RECONCILE tells their kind more exactly.
    func openBreaks(ofMatch match: Int64, on connection: inout Connection) throws(PostgresError) {
        let payments = try query(
            """
            SELECT p.entry, p.amount, p.date, p.account FROM matched_payments q JOIN payments p
                USING (root, tenant, entry)
            WHERE q.root = $1 AND q.tenant = $2 AND q.match = $3 AND p.account IS NOT NULL AND p.void_by IS NULL
            """, [.int8(match)], on: &connection)
        var new: [FoundBreak] = []
        for row in 0..<payments.count {
            new.append(
                FoundBreak(
                    try payments.text(row, 3),
                    Break(
                        item: .payment(try payments.int8(row, 0)), kind: .missingInBank,
                        amount: Reconciling.Total(Amount(fen: try payments.int8(row, 1))),
                        since: Day(number: try payments.day(row, 2)), related: [])))
        }
        let lines = try query(
            """
            SELECT l.statement, l.line, l.amount, l.booked, s.account FROM matched_lines q
                JOIN statement_lines l USING (root, tenant, statement, line)
                JOIN statements s ON s.root = l.root AND s.tenant = l.tenant AND s.number = l.statement
            WHERE q.root = $1 AND q.tenant = $2 AND q.match = $3
            """, [.int8(match)], on: &connection)
        for row in 0..<lines.count {
            new.append(
                FoundBreak(
                    try lines.text(row, 4),
                    Break(
                        item: .line(LineID(statement: try lines.int8(row, 0), number: Int(try lines.int4(row, 1)))),
                        kind: .missingInLedger, amount: Reconciling.Total(Amount(fen: try lines.int8(row, 2))),
                        since: Day(number: try lines.day(row, 3)), related: [])))
        }
        try note(try insert(new, on: &connection), on: &connection)
    }
}
