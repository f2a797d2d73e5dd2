import LedgerCore
import Postgres

// What RECONCILE and RECONCILIATION answer in figures.

extension Desk {
    /// Counts and sums that add up: the matched, the noted and the open lines of an account are all its lines.
    func summary(_ accounts: [BankAccount], on connection: inout Connection) throws(PostgresError) -> [Field] {
        var list: [JSONValue] = []
        for account in accounts {
            let rows = try query(
                """
                SELECT count(*), coalesce(sum(amount), 0)::text,
                    count(*) FILTER (WHERE is_matched), coalesce(sum(amount) FILTER (WHERE is_matched), 0)::text,
                    count(*) FILTER (WHERE is_noted), coalesce(sum(amount) FILTER (WHERE is_noted), 0)::text,
                    count(*) FILTER (WHERE NOT is_matched AND NOT is_noted),
                    coalesce(sum(amount) FILTER (WHERE NOT is_matched AND NOT is_noted), 0)::text
                FROM (\(Desk.lineStates) AND s.account = $3) line
                """, [.text(account.account)], on: &connection)
            let rules = try query(
                """
                SELECT r.word, count(DISTINCT m.number), count(*), coalesce(sum(l.amount), 0)::text
                FROM matches m JOIN match_rules r USING (rule)
                    JOIN matched_lines n ON n.root = m.root AND n.tenant = m.tenant AND n.match = m.number AND n.stands
                    JOIN statement_lines l ON l.root = n.root AND l.tenant = n.tenant AND l.statement = n.statement
                        AND l.line = n.line
                    JOIN statements s ON s.root = l.root AND s.tenant = l.tenant AND s.number = l.statement
                WHERE m.root = $1 AND m.tenant = $2 AND s.account = $3 GROUP BY r.rule, r.word ORDER BY r.rule
                """, [.text(account.account)], on: &connection)
            var byRule: [JSONValue] = []
            for row in 0..<rules.count {
                byRule.append(
                    .object([
                        Field("rule", .text(try rules.text(row, 0))), Field("matches", .number(try rules.int8(row, 1))),
                        Field("lines", .number(try rules.int8(row, 2))), Field("sum", try rules.total(row, 3).shown),
                    ]))
            }
            list.append(
                .object([
                    Field("account", .text(account.account)), Field("from", .day(account.first)),
                    Field("to", .day(account.last)), Field("lines", try rows.tally(0, 0)),
                    Field("matched", try rows.tally(0, 2)), Field("noted", try rows.tally(0, 4)),
                    Field("open", try rows.tally(0, 6)), Field("rules", .list(byRule)),
                ]))
        }
        let kinds = try query(
            """
            SELECT k.word, count(b.number), coalesce(sum(b.amount), 0)::text FROM break_kinds k
                LEFT JOIN breaks b ON b.root = $1 AND b.tenant = $2 AND b.kind = k.kind AND b.resolution IS NULL
            GROUP BY k.kind, k.word ORDER BY k.kind
            """, on: &connection)
        var breaks: [JSONValue] = []
        for row in 0..<kinds.count {
            breaks.append(
                .object([
                    Field("kind", .text(try kinds.text(row, 0))), Field("count", .number(try kinds.int8(row, 1))),
                    Field("sum", try kinds.total(row, 2).shown),
                ]))
        }
        let without = try query(
            """
            SELECT count(*), coalesce(sum(amount), 0)::text FROM payments
            WHERE root = $1 AND tenant = $2 AND void_by IS NULL AND NOT (account = ANY ($3)) IS NOT FALSE
            """, [.texts(accounts.map(\.account))], on: &connection)
        return [
            Field("accounts", .list(list)), Field("breaks", .list(breaks)),
            Field("payments-without-statement", try without.tally(0, 0)),
        ]
    }

    /// Every line of the closed statements, and whether it is matched or noted.
    private static let lineStates = """
        SELECT l.amount, l.booked, l.statement, l.line, s.place, n.match,
            n.match IS NOT NULL AS is_matched,
            n.match IS NULL AND (l.amount = 0 OR EXISTS (SELECT FROM breaks b WHERE b.root = l.root
                AND b.tenant = l.tenant AND b.statement = l.statement AND b.line = l.line
                AND b.resolution = 'noted')) AS is_noted
        FROM statements s
            JOIN statement_lines l ON l.root = s.root AND l.tenant = s.tenant AND l.statement = s.number
            LEFT JOIN matched_lines n ON n.root = l.root AND n.tenant = l.tenant AND n.statement = l.statement
                AND n.line = l.line AND n.stands
        WHERE s.root = $1 AND s.tenant = $2 AND s.closed_at IS NOT NULL
        """

    /// Every payment of an account that its statements can show, and whether it is matched or noted.
    private static let paymentStates = """
        SELECT p.amount, p.date, p.void_from, q.match, q.match IS NOT NULL AS is_matched,
            q.match IS NULL AND EXISTS (SELECT FROM breaks b WHERE b.root = p.root AND b.tenant = p.tenant
                AND b.entry = p.entry AND b.resolution = 'noted') AS is_noted
        FROM payments p
            LEFT JOIN matched_payments q ON q.root = p.root AND q.tenant = p.tenant AND q.entry = p.entry AND q.stands
            LEFT JOIN marks k ON k.root = p.root AND k.tenant = p.tenant AND k.sequence = p.entry
            LEFT JOIN entries s ON s.root = p.root AND s.tenant = p.tenant AND s.sequence = k.settled_by
        WHERE p.root = $1 AND p.tenant = $2 AND (q.match IS NOT NULL OR s.date IS NULL OR s.date >= $5)
        """

    /// Proves account by account that the ledger's balance is the bank's balance and what lies between them, to the
    /// fen: three sums that were come to by different ways (the books' payments, the bank's closing balances, and the
    /// items without a match).
    func reconciliation(asOf on: Day?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        try gatherPayments(on: &connection)
        let day = on ?? now.day
        var list: [JSONValue] = []
        var holds = true
        for account in try accounts(on: &connection) where account.first <= day {
            let proof = try proof(of: account, on: day, on: &connection)
            list.append(.object(proof.fields))
            holds = holds && proof.holds
        }
        let books = try query(
            """
            SELECT
                (SELECT coalesce(sum(CASE WHEN e.transfers[n] & 63 = 30 THEN -e.transfers[n + 2]
                        ELSE e.transfers[n + 2] END), 0)::text
                    FROM entries e CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
                    WHERE e.root = $1 AND e.tenant = $2 AND e.date <= $3
                        AND (e.transfers[n] & 63 = 30) <> (e.transfers[n + 1] & 63 = 30)),
                (SELECT coalesce(sum(amount), 0)::text FROM payments WHERE root = $1 AND tenant = $2
                    AND date <= $3 AND (void_from IS NULL OR void_from > $3))
            """, [.date(day.number)], on: &connection)
        let agrees = try books.text(0, 0) == books.text(0, 1)
        return .answered([
            Field("on", .day(day)), Field("holds", .flag(holds && agrees)), Field("accounts", .list(list)),
            Field(
                "books",
                .object([
                    Field("expenses", try books.total(0, 0).shown), Field("payments", try books.total(0, 1).shown),
                    Field("agree", .flag(agrees)),
                ])),
        ])
    }

    private func proof(
        of account: BankAccount, on day: Day, on connection: inout Connection
    ) throws(PostgresError) -> (fields: [Field], holds: Bool) {
        let rows = try query(
            """
            WITH line AS MATERIALIZED (\(Desk.lineStates) AND s.account = $3),
            payment AS MATERIALIZED (\(Desk.paymentStates) AND p.account = $3),
            l AS (SELECT * FROM line WHERE booked <= $4),
            p AS (SELECT * FROM payment WHERE date <= $4 AND (void_from IS NULL OR void_from > $4)),
            said AS (
                SELECT s.place, s.closing FROM statements s
                WHERE s.root = $1 AND s.tenant = $2 AND s.account = $3 AND s.closed_at IS NOT NULL AND s.last_day <= $4
                ORDER BY s.place DESC LIMIT 1
            ),
            first AS (
                SELECT s.opening FROM statements s
                WHERE s.root = $1 AND s.tenant = $2 AND s.account = $3 AND s.closed_at IS NOT NULL
                ORDER BY s.place LIMIT 1
            ),
            matched AS (
                SELECT match, sum(of_payment) AS payments, sum(of_line) AS lines, bool_and(is_in) AS is_whole FROM (
                    SELECT match, CASE WHEN date <= $4 THEN amount ELSE 0 END AS of_payment, 0 AS of_line,
                        date <= $4 AS is_in FROM payment WHERE match IS NOT NULL
                    UNION ALL
                    SELECT match, 0, CASE WHEN booked <= $4 THEN amount ELSE 0 END, booked <= $4
                        FROM line WHERE match IS NOT NULL
                ) side GROUP BY match
            ),
            figures AS (
                SELECT (SELECT opening FROM first)::numeric AS opening,
                    (SELECT opening FROM first) + (SELECT coalesce(sum(amount), 0) FROM p) AS ledger,
                    coalesce((SELECT closing FROM said), (SELECT opening FROM first))
                        + (SELECT coalesce(sum(amount), 0) FROM l
                            WHERE (SELECT count(*) FROM said) = 0 OR place > (SELECT place FROM said)) AS bank,
                    (SELECT count(*) FROM p WHERE NOT is_matched AND NOT is_noted) AS open_payments,
                    (SELECT coalesce(sum(amount), 0) FROM p WHERE NOT is_matched AND NOT is_noted) AS open_paid,
                    (SELECT count(*) FROM p WHERE is_noted) AS noted_payments,
                    (SELECT coalesce(sum(amount), 0) FROM p WHERE is_noted) AS noted_paid,
                    (SELECT count(*) FROM l WHERE NOT is_matched AND NOT is_noted) AS open_lines,
                    (SELECT coalesce(sum(amount), 0) FROM l WHERE NOT is_matched AND NOT is_noted) AS open_booked,
                    (SELECT count(*) FROM l WHERE is_noted) AS noted_lines,
                    (SELECT coalesce(sum(amount), 0) FROM l WHERE is_noted) AS noted_booked,
                    (SELECT count(*) FROM matched WHERE NOT is_whole AND payments <> lines) AS in_transit,
                    (SELECT coalesce(sum(payments - lines), 0) FROM matched WHERE NOT is_whole) AS transit,
                    (SELECT count(*) FROM matched WHERE is_whole AND payments <> lines) AS differing,
                    (SELECT coalesce(sum(payments - lines), 0) FROM matched WHERE is_whole) AS difference
            )
            SELECT opening::text, ledger::text, bank::text, open_payments, open_paid::text, noted_payments,
                noted_paid::text, open_lines, open_booked::text, noted_lines, noted_booked::text, in_transit,
                transit::text, differing, difference::text,
                ledger = bank + open_paid + noted_paid - open_booked - noted_booked + transit + difference
            FROM figures
            """, [.text(account.account), .date(day.number), .date(account.first.number)], on: &connection)
        let holds = try rows.bool(0, 15)
        return (
            [
                Field("account", .text(account.account)), Field("holds", .flag(holds)),
                Field("opening", try rows.total(0, 0).shown), Field("ledger", try rows.total(0, 1).shown),
                Field("bank", try rows.total(0, 2).shown), Field("open-payments", try rows.tally(0, 3)),
                Field("noted-payments", try rows.tally(0, 5)), Field("open-lines", try rows.tally(0, 7)),
                Field("noted-lines", try rows.tally(0, 9)), Field("in-transit", try rows.tally(0, 11)),
                Field("differences", try rows.tally(0, 13)),
            ], holds
        )
    }
}
