import LedgerCore
import Postgres
import Reconciling

// Matches: made, struck out again, and what they ask to be posted.

/// A match that is about to be written.
struct NewMatch {
    /// The rule of a line by which the bank gave a payment back; its payment is the RETURN that it asks for.
    static let returned: Int16 = 5

    let rule: Int16
    let payments: [Int64]
    let lines: [LineID]
    var givesBack: Int64?
    var because: String?
}

extension Desk {
    /// Answers the number of the first one; the others follow it.
    @discardableResult
    func insert(_ matches: [NewMatch], on connection: inout Connection) throws(PostgresError) -> Int64 {
        guard !matches.isEmpty else { return 0 }
        let first = try number("next_match", matches.count, on: &connection)
        let numbers = (first..<first + Int64(matches.count)).map { $0 }
        try query(
            """
            INSERT INTO matches (root, tenant, number, rule, gives_back, made_at, made_by, made_because)
            SELECT $1, $2, u.number, u.rule, u.gives_back, $6, $7, u.because
            FROM unnest($3::int8[], $4::int2[], $5::int8[], $8::text[]) AS u (number, rule, gives_back, because)
            """,
            [
                .int8s(numbers), .int2s(matches.map(\.rule)), .optionalInt8s(matches.map(\.givesBack)),
                .timestamp(now.microseconds), .text(by), .optionalTexts(matches.map(\.because)),
            ], on: &connection)
        let payments = zip(numbers, matches).flatMap { number, match in match.payments.map { (number, $0) } }
        try query(
            """
            INSERT INTO matched_payments (root, tenant, match, entry)
            SELECT $1, $2, u.match, u.entry FROM unnest($3::int8[], $4::int8[]) AS u (match, entry)
            """, [.int8s(payments.map(\.0)), .int8s(payments.map(\.1))], on: &connection)
        let lines = zip(numbers, matches).flatMap { number, match in match.lines.map { (number, $0) } }
        try query(
            """
            INSERT INTO matched_lines (root, tenant, match, statement, line)
            SELECT $1, $2, u.match, u.statement, u.line
            FROM unnest($3::int8[], $4::int8[], $5::int4[]) AS u (match, statement, line)
            """,
            [
                .int8s(lines.map(\.0)), .int8s(lines.map(\.1.statement)), .int4s(lines.map { Int32($0.1.number) }),
            ], on: &connection)
        try noteRows(Int64(matches.count), on: &connection)
        return first
    }

    /// Strikes a match out. What it has settled is to be reversed; it says so until that is done.
    func strike(
        _ match: Int64, _ because: String, isRefused: Bool = false, on connection: inout Connection
    ) throws(PostgresError) {
        try query(
            """
            UPDATE matches SET undone_at = $4, undone_by = $5, undone_because = $6, is_posted = false, is_refused = $7
            WHERE root = $1 AND tenant = $2 AND number = $3 AND undone_at IS NULL
            """,
            [.int8(match), .timestamp(now.microseconds), .text(by), .text(because), .bool(isRefused)],
            on: &connection)
        for table in ["matched_payments", "matched_lines"] {
            try query(
                "UPDATE \(table) SET stands = false WHERE root = $1 AND tenant = $2 AND match = $3", [.int8(match)],
                on: &connection)
        }
    }

    /// The books have refused what these matches ask for: they are struck out, unless it was done by another hand.
    func strikeRefused(
        _ refused: [Int64: Refusal], on connection: inout Connection
    ) throws(PostgresError) {
        guard !refused.isEmpty else { return }
        let open = Set(try pending(on: &connection).lazy.filter { $0.kind != .reverse }.map(\.match))
        for match in refused.keys.sorted() where open.contains(match) {
            try strike(match, "the books refuse it: \(refused[match]?.message ?? "")", isRefused: true, on: &connection)
        }
    }

    // MARK: What they post

    /// What matches still ask for, in the order in which it is to be posted. Those that ask for nothing more are
    /// marked.
    func pending(on connection: inout Connection) throws(PostgresError) -> [MatchPosting] {
        try takeUpReturns(on: &connection)
        let settlements = try pendingSettlements(on: &connection)
        let returns = try pendingReturns(on: &connection)
        let postings = try settlements + returns + pendingReversals(on: &connection)
        try query(
            """
            UPDATE matches SET is_posted = true
            WHERE root = $1 AND tenant = $2 AND NOT is_posted
                AND NOT EXISTS (SELECT FROM unnest($3::int8[]) AS asking (match) WHERE asking.match = number)
            """, [.int8s(Array(Set(postings.map(\.match))))], on: &connection)
        // What is returned must be settled first: only then it is known from which day on.
        return settlements.isEmpty ? postings : settlements
    }

    /// The first day that is open in the tenant's books.
    private static let openDay = """
        (SELECT coalesce(h.closed_through + 1, '1900-01-01') FROM heads h
            WHERE h.root = m.root AND h.tenant = m.tenant)
        """

    private static let linesOfMatch = """
        CROSS JOIN LATERAL (
            SELECT max(l.booked) AS booked, min(coalesce(l.reference, l.end_to_end)) AS reference
            FROM matched_lines n JOIN statement_lines l ON l.root = n.root AND l.tenant = n.tenant
                AND l.statement = n.statement AND l.line = n.line
            WHERE n.root = m.root AND n.tenant = m.tenant AND n.match = m.number
        ) bank
        """

    private func pendingSettlements(on connection: inout Connection) throws(PostgresError) -> [MatchPosting] {
        let rows = try query(
            """
            SELECT m.number, p.entry, greatest(bank.booked, p.date, \(Desk.openDay)), bank.reference
            FROM matches m
                JOIN matched_payments q ON q.root = m.root AND q.tenant = m.tenant AND q.match = m.number
                JOIN payments p ON p.root = m.root AND p.tenant = m.tenant AND p.entry = q.entry
                LEFT JOIN marks k ON k.root = m.root AND k.tenant = m.tenant AND k.sequence = p.entry
                \(Desk.linesOfMatch)
            WHERE m.root = $1 AND m.tenant = $2 AND NOT m.is_posted AND m.undone_at IS NULL AND m.rule <> 5
                AND k.settled_by IS NULL AND p.gives_back IS NULL
            ORDER BY m.number, p.entry
            """, on: &connection)
        return try postings(rows, .settle)
    }

    /// In the order of their dates, since an award takes no entry before its latest.
    private func pendingReturns(on connection: inout Connection) throws(PostgresError) -> [MatchPosting] {
        let rows = try query(
            """
            SELECT m.number, m.gives_back, greatest(bank.booked, s.date, e.date, a.latest, \(Desk.openDay)) AS day,
                bank.reference, e.award
            FROM matches m
                JOIN entries e ON e.root = m.root AND e.tenant = m.tenant AND e.sequence = m.gives_back
                LEFT JOIN awards a ON a.root = m.root AND a.number = e.award
                LEFT JOIN marks k ON k.root = m.root AND k.tenant = m.tenant AND k.sequence = m.gives_back
                LEFT JOIN entries s ON s.root = m.root AND s.tenant = m.tenant AND s.sequence = k.settled_by
                \(Desk.linesOfMatch)
            WHERE m.root = $1 AND m.tenant = $2 AND NOT m.is_posted AND m.undone_at IS NULL AND m.rule = 5
                AND NOT EXISTS (SELECT FROM matched_payments q
                    WHERE q.root = m.root AND q.tenant = m.tenant AND q.match = m.number)
            ORDER BY day, m.number
            """, on: &connection)
        return try postings(rows, .giveBack)
    }

    /// A RETURN that was posted becomes the payment of its match.
    private func takeUpReturns(on connection: inout Connection) throws(PostgresError) {
        try query(
            """
            INSERT INTO matched_payments (root, tenant, match, entry)
            SELECT m.root, m.tenant, m.number, p.entry FROM matches m
                JOIN payments p ON p.root = m.root AND p.tenant = m.tenant AND p.gives_back = m.gives_back
            WHERE m.root = $1 AND m.tenant = $2 AND NOT m.is_posted AND m.undone_at IS NULL AND m.rule = 5
            ON CONFLICT DO NOTHING
            """, on: &connection)
    }

    private func pendingReversals(on connection: inout Connection) throws(PostgresError) -> [MatchPosting] {
        let rows = try query(
            """
            SELECT m.number, s.sequence, greatest($3::date, s.date, \(Desk.openDay)), NULL::text
            FROM matches m
                JOIN matched_payments q ON q.root = m.root AND q.tenant = m.tenant AND q.match = m.number
                JOIN marks k ON k.root = m.root AND k.tenant = m.tenant AND k.sequence = q.entry
                JOIN entries s ON s.root = m.root AND s.tenant = m.tenant AND s.sequence = k.settled_by
            WHERE m.root = $1 AND m.tenant = $2 AND NOT m.is_posted AND m.undone_at IS NOT NULL
                AND s.key = 'match:' || m.number || ':settle:' || q.entry
                AND NOT EXISTS (SELECT FROM matched_payments o WHERE o.root = q.root AND o.tenant = q.tenant
                    AND o.entry = q.entry AND o.stands)
            ORDER BY m.number, s.sequence
            """, [.date(now.day.number)], on: &connection)
        return try postings(rows, .reverse)
    }

    private func postings(_ rows: Rows, _ kind: MatchPosting.Kind) throws(PostgresError) -> [MatchPosting] {
        var postings: [MatchPosting] = []
        postings.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            postings.append(
                MatchPosting(
                    match: try rows.int8(row, 0), kind: kind,
                    entry: SequenceName(tenant: tenant, sequence: try rows.int8(row, 1)),
                    date: Day(number: try rows.day(row, 2)), reference: try rows.optionalText(row, 3)))
        }
        return postings
    }

    // MARK: MATCHES and MATCH.UNDO

    func matches(_ page: Page, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let rows = try query(
            """
            SELECT m.number, r.word, m.made_at, m.made_by, m.made_because, m.undone_at, m.undone_by,
                m.undone_because,
                ARRAY (SELECT q.entry FROM matched_payments q WHERE q.root = m.root AND q.tenant = m.tenant
                    AND q.match = m.number ORDER BY q.entry),
                ARRAY (SELECT n.statement || '/' || n.line FROM matched_lines n WHERE n.root = m.root
                    AND n.tenant = m.tenant AND n.match = m.number ORDER BY n.statement, n.line),
                (SELECT coalesce(sum(p.amount), 0)::text FROM matched_payments q JOIN payments p
                    USING (root, tenant, entry)
                    WHERE q.root = m.root AND q.tenant = m.tenant AND q.match = m.number),
                (SELECT coalesce(sum(l.amount), 0)::text FROM matched_lines n JOIN statement_lines l
                    USING (root, tenant, statement, line)
                    WHERE n.root = m.root AND n.tenant = m.tenant AND n.match = m.number)
            FROM matches m JOIN match_rules r USING (rule)
            WHERE m.root = $1 AND m.tenant = $2 AND m.number > $3 ORDER BY m.number LIMIT $4
            """, [.int8(page.after), .int8(Int64(page.limit))], on: &connection)
        var list: [JSONValue] = []
        var last = page.after
        for row in 0..<rows.count {
            last = try rows.int8(row, 0)
            var fields = [
                Field("match", .number(last)), Field("rule", .text(try rows.text(row, 1))),
                Field("entries", .texts(try rows.int8s(row, 8).map(name))),
                Field("lines", .texts(try rows.texts(row, 9))),
                Field("payments-sum", try rows.total(row, 10).shown), Field("lines-sum", try rows.total(row, 11).shown),
                Field("made", .text(Moment(microseconds: try rows.microseconds(row, 2)).text)),
                Field("by", .text(try rows.text(row, 3))), Field("because", .optional(try rows.optionalText(row, 4))),
            ]
            if let undone = try rows.optionalMicroseconds(row, 5) {
                fields += [
                    Field("undone", .text(Moment(microseconds: undone).text)),
                    Field("undone-by", .optional(try rows.optionalText(row, 6))),
                    Field("undone-because", .optional(try rows.optionalText(row, 7))),
                ]
            }
            list.append(.object(fields))
        }
        return .answered([Field("matches", .list(list)), Field("last", .number(last))])
    }

    func undo(
        _ match: Int64, _ reason: String, _ before: BankProgress, on connection: inout Connection
    ) throws(PostgresError) -> Verdict {
        try gatherPayments(on: &connection)
        let found = try query(
            "SELECT rule, undone_at IS NOT NULL FROM matches WHERE root = $1 AND tenant = $2 AND number = $3",
            [.int8(match)], on: &connection)
        guard found.count == 1 else {
            return .one(missing("match", String(match), "MATCHES lists them"))
        }
        if try !found.bool(0, 1) {
            guard try found.int2(0, 0) != NewMatch.returned else {
                return .one(
                    .refused(
                        .invalid(
                            "match",
                            "match \(match) has posted a RETURN, which stands: DISBURSE the award anew instead")))
            }
            let returned = try query(
                """
                SELECT k.reversed_by FROM matched_payments q
                    JOIN marks k ON k.root = q.root AND k.tenant = q.tenant AND k.sequence = q.entry
                WHERE q.root = $1 AND q.tenant = $2 AND q.match = $3 AND k.reversed_by IS NOT NULL
                """, [.int8(match)], on: &connection)
            guard returned.count == 0 else {
                let by = name(try returned.int8(0, 0))
                return .one(
                    .refused(
                        Refusal(
                            .alreadyReversed, "a payment of match \(match) was given back by \(by), and both stand",
                            [Field("by", .text(by))])))
            }
            try strike(match, reason, on: &connection)
            try openBreaks(ofMatch: match, on: &connection)
        }
        if let refusal = before.refused[match] { return .one(.refused(refusal)) }
        let postings = try pending(on: &connection).filter { $0.match == match }
        guard postings.isEmpty else {
            var progress = before
            progress.postings = postings
            return .unfinished(progress)
        }
        return .one(.answered([Field("match", .number(match)), Field("undone", .flag(true))]))
    }
}
