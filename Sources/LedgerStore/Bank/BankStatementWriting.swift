import LedgerCore
import Postgres

// STATEMENT.PUT, STATEMENT.LINE, STATEMENT.CLOSE and STATEMENTS.

/// A statement as it is kept.
struct StoredStatement {
    let number: Int64
    let head: StatementHead
    let isClosed: Bool

    static let columns = """
        s.number, s.account, s.statement, s.sequence, s.currency, s.first_day, s.last_day, s.opening, s.closing, \
        s.digest, s.closed_at IS NOT NULL
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        number = try rows.int8(row, 0)
        head = StatementHead(
            account: try rows.text(row, 1), statement: try rows.text(row, 2),
            sequence: try rows.optionalInt8(row, 3).map(Int.init), currency: try rows.text(row, 4),
            from: Day(number: try rows.day(row, 5)), to: Day(number: try rows.day(row, 6)),
            opening: Amount(fen: try rows.int8(row, 7)), closing: Amount(fen: try rows.int8(row, 8)),
            digest: try rows.optionalText(row, 9))
        isClosed = try rows.bool(row, 10)
    }

    var fields: [Field] {
        [
            Field("number", .number(number)), Field("account", .text(head.account)),
            Field("statement", .text(head.statement)),
            Field("sequence", head.sequence.map { .number(Int64($0)) } ?? .null), Field("from", .day(head.from)),
            Field("to", .day(head.to)), Field("opening", .amount(head.opening)),
            Field("closing", .amount(head.closing)), Field("digest", .optional(head.digest)),
            Field("closed", .flag(isClosed)),
        ]
    }
}

extension Desk {
    private func statement(
        _ account: String, _ statement: String, on connection: inout Connection
    ) throws(PostgresError) -> StoredStatement? {
        let found = try query(
            """
            SELECT \(StoredStatement.columns) FROM statements s
            WHERE s.root = $1 AND s.tenant = $2 AND s.account = $3 AND s.statement = $4
            """, [.text(account), .text(statement)], on: &connection)
        return found.count == 1 ? try StoredStatement(found, 0) : nil
    }

    func putStatement(_ head: StatementHead, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let known = try query(
            "SELECT EXISTS (SELECT FROM fund_accounts WHERE root = $1 AND tenant = $2 AND account = $3)",
            [.text(head.account)], on: &connection)
        guard try known.bool(0, 0) else {
            return missing("account", head.account, "say with FUND.PUT which fund pays from it")
        }
        let facts: [Parameter] = [
            head.sequence.map { .int8(Int64($0)) } ?? .null, .text(head.currency), .date(head.from.number),
            .date(head.to.number), .int8(head.opening.fen), .int8(head.closing.fen), .optional(head.digest),
            .text(by),
        ]
        guard let stored = try statement(head.account, head.statement, on: &connection) else {
            let number = try number("next_statement", on: &connection)
            try query(
                """
                INSERT INTO statements (root, tenant, number, account, statement, sequence, currency, first_day,
                    last_day, opening, closing, digest, put_by)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """, [.int8(number), .text(head.account), .text(head.statement)] + facts, on: &connection)
            return try shown(head.account, head.statement, isNew: true, on: &connection)
        }
        if stored.head != head {
            guard !stored.isClosed else {
                return standing(
                    "statement",
                    "statement \"\(head.statement)\" of account \(head.account) was closed with other content; ask the "
                        + "bank which of the two stands, and put a correction under another name")
            }
            try query(
                "DELETE FROM statement_lines WHERE root = $1 AND tenant = $2 AND statement = $3",
                [.int8(stored.number)], on: &connection)
            try query(
                """
                UPDATE statements SET sequence = $4, currency = $5, first_day = $6, last_day = $7, opening = $8,
                    closing = $9, digest = $10, put_by = $11 WHERE root = $1 AND tenant = $2 AND number = $3
                """, [.int8(stored.number)] + facts, on: &connection)
        }
        return try shown(head.account, head.statement, isNew: false, on: &connection)
    }

    private func shown(
        _ account: String, _ name: String, isNew: Bool, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        guard let stored = try statement(account, name, on: &connection) else {
            return missing("statement", name, "put it with STATEMENT.PUT first")
        }
        let lines = try query(
            "SELECT count(*) FROM statement_lines WHERE root = $1 AND tenant = $2 AND statement = $3",
            [.int8(stored.number)], on: &connection)
        return .answered(
            stored.fields + [Field("lines", .number(try lines.int8(0, 0))), Field("new", .flag(isNew))])
    }

    /// Adds lines of one statement. One that is there already changes nothing, or is refused where it has another
    /// content.
    func addLines(
        _ lines: [(account: String, statement: String, entry: StatementEntry)], on connection: inout Connection
    ) throws(PostgresError) -> [Verdict] {
        guard let first = lines.first else { return [] }
        guard let stored = try statement(first.account, first.statement, on: &connection) else {
            let refusal = missing("statement", first.statement, "begin it with STATEMENT.PUT")
            return lines.map { _ in .one(refusal) }
        }
        let found = try query(
            """
            SELECT \(StatementEntry.columns) FROM statement_lines
            WHERE root = $1 AND tenant = $2 AND statement = $3 AND line = ANY ($4)
            """, [.int8(stored.number), .int4s(lines.map(\.entry.line))], on: &connection)
        var standing: [Int32: StatementEntry] = [:]
        for row in 0..<found.count {
            let entry = try StatementEntry(found, row)
            standing[entry.line] = entry
        }
        var new: [StatementEntry] = []
        var verdicts: [Verdict] = []
        for line in lines {
            let entry = line.entry
            if let before = standing[entry.line] {
                verdicts.append(
                    .one(before == entry ? .answered(entry.fields(of: stored)) : differs(entry.line, stored)))
            } else if stored.isClosed {
                verdicts.append(.one(differs(entry.line, stored)))
            } else {
                standing[entry.line] = entry
                new.append(entry)
                verdicts.append(.one(.answered(entry.fields(of: stored))))
            }
        }
        if !new.isEmpty { try query(StatementEntry.insertion, new.parameters(stored.number), on: &connection) }
        return verdicts
    }

    private func differs(_ line: Int32, _ stored: StoredStatement) -> Outcome {
        let statement = "statement \"\(stored.head.statement)\" of account \(stored.head.account)"
        return stored.isClosed
            ? standing("line", "\(statement) is closed, and line \(line) is not in it as it was sent")
            : standing(
                "line",
                "line \(line) of \(statement) stands with another content; begin anew by STATEMENT.PUT with another "
                    + "digest"
            )
    }

    func closeStatement(
        _ account: String, _ name: String, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        guard let stored = try statement(account, name, on: &connection) else {
            return missing("statement", name, "begin it with STATEMENT.PUT")
        }
        guard !stored.isClosed else { return try shown(account, name, isNew: false, on: &connection) }
        let sums = try query(
            """
            SELECT count(*), coalesce(max(line), 0), coalesce(sum(amount), 0)::text, min(booked), max(booked)
            FROM statement_lines WHERE root = $1 AND tenant = $2 AND statement = $3
            """, [.int8(stored.number)], on: &connection)
        let totals = StatementTotals(
            count: try sums.int8(0, 0), lastLine: try sums.int4(0, 1), sum: Int128(try sums.text(0, 2)) ?? 0,
            firstBooked: try sums.optionalDay(0, 3).map(Day.init(number:)),
            lastBooked: try sums.optionalDay(0, 4).map(Day.init(number:)))
        let last = try end(of: account, "DESC", on: &connection)
        let first = try end(of: account, "ASC", on: &connection)
        let place: Int64
        do throws(Refusal) {
            try stored.head.prove(totals)
            place = try stored.head.place(after: last, before: first)
        } catch {
            return .refused(error)
        }
        try query(
            "UPDATE statements SET closed_at = $4, place = $5 WHERE root = $1 AND tenant = $2 AND number = $3",
            [.int8(stored.number), .timestamp(now.microseconds), .int8(place)], on: &connection)
        try noteRows(totals.count, on: &connection)
        return try shown(account, name, isNew: true, on: &connection)
    }

    /// The last closed statement of an account, or its first one, with its place.
    private func end(
        of account: String, _ direction: String, on connection: inout Connection
    ) throws(PostgresError) -> (head: StatementHead, place: Int64)? {
        let rows = try query(
            """
            SELECT \(StoredStatement.columns), s.place FROM statements s
            WHERE s.root = $1 AND s.tenant = $2 AND s.account = $3 AND s.closed_at IS NOT NULL
            ORDER BY s.place \(direction) LIMIT 1
            """, [.text(account)], on: &connection)
        guard rows.count == 1 else { return nil }
        return (try StoredStatement(rows, 0).head, try rows.int8(0, 11))
    }

    func statements(
        of account: String?, _ page: Page, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        let rows = try query(
            """
            SELECT \(StoredStatement.columns), l.count, l.sum FROM statements s
            CROSS JOIN LATERAL (
                SELECT count(*), coalesce(sum(amount), 0)::text AS sum FROM statement_lines l
                WHERE l.root = s.root AND l.tenant = s.tenant AND l.statement = s.number
            ) l
            WHERE s.root = $1 AND s.tenant = $2 AND s.number > $3 AND ($4::text IS NULL OR s.account = $4)
            ORDER BY s.number LIMIT $5
            """, [.int8(page.after), .optional(account), .int8(Int64(page.limit))], on: &connection)
        var list: [JSONValue] = []
        var last = page.after
        for row in 0..<rows.count {
            let stored = try StoredStatement(rows, row)
            last = stored.number
            list.append(
                .object(
                    stored.fields + [
                        Field("lines", .number(try rows.int8(row, 11))), Field("sum", try rows.total(row, 12).shown),
                    ]))
        }
        return .answered([Field("statements", .list(list)), Field("last", .number(last))])
    }
}

extension StatementHead {
    /// Behind the last statement of its account, or, where it is an earlier one that comes late, before the first.
    fileprivate func place(
        after last: (head: StatementHead, place: Int64)?, before first: (head: StatementHead, place: Int64)?
    ) throws(Refusal) -> Int64 {
        guard let last, let first else { return 1 }
        do throws(Refusal) {
            try prove(follows: last.head)
            return last.place + 1
        } catch {
            guard (try? first.head.prove(follows: self)) != nil else { throw error }
            return first.place - 1
        }
    }
}

// MARK: - Lines

extension StatementEntry {
    static let columns = """
        line, booked, value_day, amount, reference, end_to_end, remittance, counterparty, counterparty_account, \
        batch, transactions, is_return, returns
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.init(
            line: try rows.int4(row, 0), booked: Day(number: try rows.day(row, 1)),
            amount: Amount(fen: try rows.int8(row, 3)))
        value = try rows.optionalDay(row, 2).map(Day.init(number:))
        reference = try rows.optionalText(row, 4)
        endToEnd = try rows.optionalText(row, 5)
        text = try rows.optionalText(row, 6)
        counterparty = try rows.optionalText(row, 7)
        counterpartyAccount = try rows.optionalText(row, 8)
        batch = try rows.optionalText(row, 9)
        transactions = try rows.int4(row, 10)
        isReturn = try rows.bool(row, 11)
        returns = try rows.optionalText(row, 12)
    }

    func fields(of statement: StoredStatement) -> [Field] {
        [
            Field("account", .text(statement.head.account)), Field("statement", .text(statement.head.statement)),
            Field("line", .number(Int64(line))), Field("amount", .amount(amount)),
        ]
    }

    static let insertion = """
        INSERT INTO statement_lines (root, tenant, statement, \(columns))
        SELECT $1, $2, $3, u.* FROM unnest($4::int4[], $5::date[], $6::date[], $7::int8[], $8::text[], $9::text[],
            $10::text[], $11::text[], $12::text[], $13::text[], $14::int4[], $15::bool[], $16::text[]) u
        """
}

extension [StatementEntry] {
    fileprivate func parameters(_ statement: Int64) -> [Parameter] {
        [
            .int8(statement), .int4s(map(\.line)), .dates(map(\.booked.number)), .optionalDates(map(\.value?.number)),
            .int8s(map(\.amount.fen)), .optionalTexts(map(\.reference)), .optionalTexts(map(\.endToEnd)),
            .optionalTexts(map(\.text)), .optionalTexts(map(\.counterparty)),
            .optionalTexts(map(\.counterpartyAccount)), .optionalTexts(map(\.batch)), .int4s(map(\.transactions)),
            .bools(map(\.isReturn)), .optionalTexts(map(\.returns)),
        ]
    }
}
