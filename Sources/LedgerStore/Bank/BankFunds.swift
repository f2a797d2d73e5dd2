import LedgerCore
import Postgres
import Reconciling

// FUND.PUT, and the payments that the journal holds.

extension Desk {
    func putFund(
        _ fund: String, bank: String, account: String, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        // What was posted until now belongs to the account of before.
        try gatherPayments(on: &connection)
        let before = try query(
            "SELECT account FROM fund_accounts WHERE root = $1 AND tenant = $2 AND fund = $3", [.text(fund)],
            on: &connection)
        let previous = before.count == 1 ? try before.text(0, 0) : nil
        try query(
            """
            INSERT INTO fund_accounts (root, tenant, fund, bank, account) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (root, tenant, fund) DO UPDATE SET bank = excluded.bank, account = excluded.account
            """, [.text(fund), .text(bank), .text(account)], on: &connection)
        try query(
            """
            UPDATE payments p SET account = $4 FROM funds f
            WHERE p.root = $1 AND p.tenant = $2 AND p.account IS NULL
                AND f.root = $1 AND f.tenant = $2 AND f.fund = $3 AND f.number = p.fund
            """, [.text(fund), .text(account)], on: &connection)
        return .answered([
            Field("fund", .text(fund)), Field("bank", .text(bank)), Field("account", .text(account)),
            Field("replaced", .optional(previous == account ? nil : previous)),
        ])
    }

    /// Brings `payments` up to the journal's last entry. A journal has no gaps, so whatever comes later has a later
    /// number. Undoes the matches whose settlement somebody has reversed.
    func gatherPayments(on connection: inout Connection) throws(PostgresError) {
        let state = try query(
            """
            SELECT b.gathered_through, h.last_sequence FROM bank_heads b
            JOIN heads h ON h.root = b.root AND h.tenant = b.tenant WHERE b.root = $1 AND b.tenant = $2
            """, on: &connection)
        let (from, through) = (try state.int8(0, 0), try state.int8(0, 1))
        guard through > from else { return }
        let range: [Parameter] = [.int8(from), .int8(through)]
        try query(
            """
            INSERT INTO payments (root, tenant, entry, date, amount, fund, party, gives_back, account)
            SELECT e.root, e.tenant, e.sequence, e.date, CASE e.kind WHEN 6 THEN -e.amount ELSE e.amount END,
                side.fund, side.party, CASE e.kind WHEN 11 THEN e.target END, a.account
            FROM entries e
                CROSS JOIN LATERAL (
                    SELECT max(e.transfers[n] >> 28) FILTER (WHERE e.transfers[n] & 63 = 30) AS fund,
                        max(e.transfers[n] >> 28) FILTER (WHERE e.transfers[n] & 63 IN (40, 41)) AS party
                    FROM generate_series(1, cardinality(e.transfers)) n WHERE n % 3 <> 0
                ) side
                LEFT JOIN funds f ON f.root = e.root AND f.number = side.fund
                LEFT JOIN fund_accounts a ON a.root = e.root AND a.tenant = e.tenant AND a.fund = f.fund
            WHERE e.root = $1 AND e.tenant = $2 AND e.sequence > $3 AND e.sequence <= $4 AND e.kind IN (6, 8, 11)
            """, range, on: &connection)
        try noteRows(through - from, on: &connection)
        try query(
            """
            UPDATE payments p SET void_by = e.sequence, void_from = e.date FROM entries e
            WHERE p.root = $1 AND p.tenant = $2 AND e.root = $1 AND e.tenant = $2
                AND e.sequence > $3 AND e.sequence <= $4 AND e.kind = 10 AND e.target = p.entry
            """, range, on: &connection)
        let reversed = try query(
            """
            SELECT DISTINCT ON (m.match) m.match, e.sequence FROM entries e
                JOIN entries s ON s.root = $1 AND s.tenant = $2 AND s.sequence = e.target AND s.kind = 9
                JOIN matched_payments m ON m.root = $1 AND m.tenant = $2 AND m.entry = s.target AND m.stands
                JOIN marks k ON k.root = $1 AND k.tenant = $2 AND k.sequence = s.target AND k.settled_by IS NULL
            WHERE e.root = $1 AND e.tenant = $2 AND e.sequence > $3 AND e.sequence <= $4 AND e.kind = 10
            ORDER BY m.match, e.sequence
            """, range, on: &connection)
        for row in 0..<reversed.count {
            let because = "its settlement was reversed by \(name(try reversed.int8(row, 1)))"
            try strike(try reversed.int8(row, 0), because, on: &connection)
        }
        try query(
            "UPDATE bank_heads SET gathered_through = $3 WHERE root = $1 AND tenant = $2", [.int8(through)],
            on: &connection)
    }
}
