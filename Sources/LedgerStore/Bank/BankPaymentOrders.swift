import LedgerCore
import Postgres
import Reconciling

// PAYMENT.ORDER and PAYMENTS: what goes to the bank, each payment once.

extension Desk {
    private static let payable = """
        FROM payments p
            JOIN funds f ON f.root = p.root AND f.number = p.fund AND f.fund = $3
            JOIN fund_accounts a ON a.root = p.root AND a.tenant = p.tenant AND a.fund = f.fund
                AND a.account = p.account
            JOIN parties y ON y.root = p.root AND y.number = p.party
            LEFT JOIN marks k ON k.root = p.root AND k.tenant = p.tenant AND k.sequence = p.entry
        WHERE p.root = $1 AND p.tenant = $2 AND p.amount < 0 AND p.date <= $4 AND p.void_by IS NULL
            AND k.settled_by IS NULL
            AND NOT EXISTS (SELECT FROM ordered_payments o
                WHERE o.root = p.root AND o.tenant = p.tenant AND o.entry = p.entry)
            AND NOT EXISTS (SELECT FROM matched_payments m
                WHERE m.root = p.root AND m.tenant = p.tenant AND m.entry = p.entry AND m.stands)
            AND NOT EXISTS (SELECT FROM breaks b WHERE b.root = p.root AND b.tenant = p.tenant AND b.entry = p.entry
                AND b.resolution = 'noted')
        """

    func orderPayments(
        _ order: String, fund: String, until: Day, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        try gatherPayments(on: &connection)
        let account = try query(
            "SELECT account, bank FROM fund_accounts WHERE root = $1 AND tenant = $2 AND fund = $3", [.text(fund)],
            on: &connection)
        guard account.count == 1 else {
            return missing("fund", fund, "say with FUND.PUT from which account it pays")
        }
        let standing = try query(
            "SELECT fund, until FROM payment_orders WHERE root = $1 AND tenant = $2 AND \"order\" = $3",
            [.text(order)], on: &connection)
        let who: [Parameter] = [.text(fund), .date(until.number)]
        if standing.count == 1 {
            guard try standing.text(0, 0) == fund, try standing.day(0, 1) == until.number else {
                return self.standing(
                    "order", "order \"\(order)\" was made with another fund or day; name the new one otherwise")
            }
        } else {
            let count = try query("SELECT count(*) \(Desk.payable) AND y.account IS NOT NULL", who, on: &connection)
            if try count.int8(0, 0) > 0 {
                try query(
                    """
                    INSERT INTO payment_orders (root, tenant, "order", fund, account, bank, until, made_at, made_by)
                    VALUES ($1, $2, $5, $3, $6, $7, $4, $8, $9)
                    """,
                    who + [
                        .text(order), .text(try account.text(0, 0)), .text(try account.text(0, 1)),
                        .timestamp(now.microseconds), .text(by),
                    ], on: &connection)
                try query(
                    """
                    INSERT INTO ordered_payments (root, tenant, entry, "order", name, bank, account)
                    SELECT p.root, p.tenant, p.entry, $5, y.name, y.bank, y.account
                    \(Desk.payable) AND y.account IS NOT NULL
                    """, who + [.text(order)], on: &connection)
            }
        }
        let left = try query(
            """
            SELECT count(*), coalesce(-sum(p.amount), 0)::text, (array_agg(DISTINCT y.party))[1:20]
            \(Desk.payable) AND y.account IS NULL
            """, who, on: &connection)
        let elsewhere = try query(
            """
            SELECT count(*), coalesce(-sum(p.amount), 0)::text
            \(Desk.payable.replacing("a.account = p.account", with: "a.account <> p.account"))
            """, who, on: &connection)
        let parties = try left.isNull(0, 2) ? [] : left.texts(0, 2)
        return .answered(
            try orderFields(order, fund: fund, on: &connection) + [
                Field("until", .day(until)), Field("without-account", try left.tally(0, 0)),
                Field("parties-without-account", .texts(parties)),
                Field("of-another-account", try elsewhere.tally(0, 0)),
            ])
    }

    /// Of the payments those that are still to be paid.
    private func orderFields(
        _ order: String, fund: String, on connection: inout Connection
    ) throws(PostgresError) -> [Field] {
        let rows = try query(
            """
            SELECT coalesce(o.bank, a.bank), coalesce(o.account, a.account), o.made_at, sums.open, sums.sum, sums.gone
            FROM fund_accounts a
                LEFT JOIN payment_orders o ON o.root = a.root AND o.tenant = a.tenant AND o."order" = $3
                CROSS JOIN LATERAL (
                    SELECT count(*) FILTER (WHERE \(Desk.isOpen)) AS open,
                        count(*) FILTER (WHERE NOT \(Desk.isOpen)) AS gone,
                        coalesce(-sum(p.amount) FILTER (WHERE \(Desk.isOpen)), 0)::text AS sum
                    FROM ordered_payments o JOIN payments p USING (root, tenant, entry)
                    WHERE o.root = $1 AND o.tenant = $2 AND o."order" = $3
                ) sums
            WHERE a.root = $1 AND a.tenant = $2 AND a.fund = $4
            """, [.text(order), .text(fund)], on: &connection)
        let made = try rows.optionalMicroseconds(0, 2)
        return [
            Field("made", made.map { .text(Moment(microseconds: $0).text) } ?? .null),
            Field("order", .text(order)), Field("fund", .text(fund)), Field("bank", .text(try rows.text(0, 0))),
            Field("account", .text(try rows.text(0, 1))), Field("payments", .number(try rows.int8(0, 3))),
            Field("sum", try rows.total(0, 4).shown), Field("paid-or-reversed", .number(try rows.int8(0, 5))),
        ]
    }

    /// Whether a payment is still to be paid.
    private static let isOpen = """
        (p.void_by IS NULL AND NOT EXISTS (SELECT FROM marks k WHERE k.root = p.root AND k.tenant = p.tenant
            AND k.sequence = p.entry AND (k.settled_by IS NOT NULL OR k.reversed_by IS NOT NULL)))
        """

    func payments(
        of order: String, _ page: Page, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        let head = try query(
            """
            SELECT fund, until FROM payment_orders WHERE root = $1 AND tenant = $2 AND "order" = $3
            """, [.text(order)], on: &connection)
        guard head.count == 1 else {
            return missing("order", order, "make it with PAYMENT.ORDER; one without payments is not kept")
        }
        let rows = try query(
            """
            SELECT p.entry, p.date, -p.amount, y.party, o.name, o.bank, o.account, \(Desk.isOpen), e.content
            FROM ordered_payments o JOIN payments p USING (root, tenant, entry)
                JOIN parties y ON y.root = p.root AND y.number = p.party
                JOIN entries e ON e.root = p.root AND e.tenant = p.tenant AND e.sequence = p.entry
            WHERE o.root = $1 AND o.tenant = $2 AND o."order" = $3 AND o.entry > $4
            ORDER BY o.entry LIMIT $5
            """, [.text(order), .int8(page.after), .int8(Int64(page.limit))], on: &connection)
        var list: [JSONValue] = []
        var last = page.after
        for row in 0..<rows.count {
            last = try rows.int8(row, 0)
            list.append(
                .object([
                    Field("entry", .text(name(last))), Field("seq", .number(last)),
                    Field("date", .day(Day(number: try rows.day(row, 1)))),
                    Field("amount", .amount(Amount(fen: try rows.int8(row, 2)))),
                    Field("reference", .optional(PaymentReference(tenant: id, entry: last)?.description)),
                    Field("party", .text(try rows.text(row, 3))), Field("name", .text(try rows.text(row, 4))),
                    Field("bank", .optional(try rows.optionalText(row, 5))),
                    Field("account", .optional(try rows.optionalText(row, 6))),
                    Field("award", .optional(Content(text: try rows.text(row, 8))["award"])),
                    Field("open", .flag(try rows.bool(row, 7))),
                ]))
        }
        return .answered(
            try orderFields(order, fund: try head.text(0, 0), on: &connection) + [
                Field("until", .day(Day(number: try head.day(0, 1)))),
                Field("list", .list(list)), Field("last", .number(last)),
            ])
    }
}
