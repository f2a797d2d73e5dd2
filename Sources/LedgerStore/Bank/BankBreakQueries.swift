import LedgerCore
import Postgres
import Reconciling

// BREAKS, BREAK and BREAK.ASSIGN.

extension Desk {
    private static let columns = """
        b.number, k.word, b.account, b.entry, b.statement, b.line, b.amount, b.since, b.related, b.owner, b.resolution
        """

    func fields(_ rows: Rows, _ row: Int) throws(PostgresError) -> [Field] {
        let key = try BreakKey(rows, row, from: 3)
        let since = Day(number: try rows.day(row, 7))
        return [
            Field("break", .number(try rows.int8(row, 0))), Field("kind", .text(try rows.text(row, 1))),
            Field("account", .text(try rows.text(row, 2))), Field("entry", .optional(key.entry.map(name))),
            Field("line", .optional(key.line?.description)),
            Field("amount", .amount(Amount(fen: try rows.int8(row, 6)))), Field("since", .day(since)),
            Field("age", .number(Int64(now.day.number - since.number))),
            Field("related", .texts(try rows.text(row, 8).split(separator: ",").map(String.init))),
            Field("owner", .optional(try rows.optionalText(row, 9))),
            Field("resolution", .optional(try rows.optionalText(row, 10))),
        ]
    }

    func breaks(
        _ filter: BreakFilter, _ page: Page, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        let oldest = filter.olderThan.map { now.day.number - Int32(clamping: $0) }
        let rows = try query(
            """
            SELECT \(Desk.columns) FROM breaks b JOIN break_kinds k USING (kind)
            WHERE b.root = $1 AND b.tenant = $2 AND b.resolution IS NULL AND b.number > $3
                AND ($4::text IS NULL OR k.word = $4) AND ($5::date IS NULL OR b.since < $5)
            ORDER BY b.number LIMIT $6
            """,
            [
                .int8(page.after), .optional(filter.kind), oldest.map { .date($0) } ?? .null,
                .int8(Int64(page.limit)),
            ], on: &connection)
        var list: [JSONValue] = []
        var last = page.after
        for row in 0..<rows.count {
            last = try rows.int8(row, 0)
            list.append(.object(try fields(rows, row)))
        }
        return .answered([Field("breaks", .list(list)), Field("last", .number(last))])
    }

    func found(_ number: Int64, on connection: inout Connection) throws(PostgresError) -> Rows {
        try query(
            """
            SELECT \(Desk.columns) FROM breaks b JOIN break_kinds k USING (kind)
            WHERE b.root = $1 AND b.tenant = $2 AND b.number = $3
            """, [.int8(number)], on: &connection)
    }

    func noBreak(_ number: Int64) -> Outcome { missing("break", String(number), "BREAKS lists the open ones") }

    func history(of number: Int64, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let found = try found(number, on: &connection)
        guard found.count == 1 else { return noBreak(number) }
        let events = try query(
            """
            SELECT at, event, detail, by FROM break_events
            WHERE root = $1 AND tenant = $2 AND break = $3 ORDER BY nth
            """, [.int8(number)], on: &connection)
        var list: [JSONValue] = []
        for row in 0..<events.count {
            list.append(
                .object([
                    Field("at", .text(Moment(microseconds: try events.microseconds(row, 0)).text)),
                    Field("event", .text(try events.text(row, 1))), Field("detail", .text(try events.text(row, 2))),
                    Field("by", .text(try events.text(row, 3))),
                ]))
        }
        return .answered(try fields(found, 0) + [Field("history", .list(list))])
    }

    func assign(
        _ number: Int64, to owner: String, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        let found = try found(number, on: &connection)
        guard found.count == 1 else { return noBreak(number) }
        guard try found.isNull(0, 10) else { return try resolved(number, found) }
        if try found.optionalText(0, 9) != owner {
            try query(
                "UPDATE breaks SET owner = $4 WHERE root = $1 AND tenant = $2 AND number = $3",
                [.int8(number), .text(owner)], on: &connection)
            try note([BreakEvent(number: number, event: "assigned", detail: owner)], on: &connection)
        }
        return .answered(try fields(try self.found(number, on: &connection), 0))
    }

    func resolved(_ number: Int64, _ found: Rows) throws(PostgresError) -> Outcome {
        standing("break", "break \(number) is resolved (\(try found.text(0, 10))); BREAKS lists the open ones")
    }
}
