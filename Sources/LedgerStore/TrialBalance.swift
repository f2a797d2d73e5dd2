import LedgerCore
import Postgres

extension Inquiry {
    /// Every account of the tenant's own entries dated on or before `on`, in the order of the names.
    func trialBalance(asOf on: Day?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let rows = try query(
            """
            SELECT side.account, sum(side.debit)::text, sum(side.credit)::text
            FROM entries e
                CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
                CROSS JOIN LATERAL (VALUES
                    (e.transfers[n], e.transfers[n + 2], 0), (e.transfers[n + 1], 0, e.transfers[n + 2])
                ) side (account, debit, credit)
            WHERE e.root = $1 AND e.tenant = $2 AND e.date <= $3
            GROUP BY side.account
            """, [dateLimit(on)], on: &connection)
        var accounts: [(account: AccountID, debits: Total, credits: Total)] = []
        for row in 0..<rows.count {
            accounts.append((AccountID(raw: try rows.int8(row, 0)), try rows.total(row, 1), try rows.total(row, 2)))
        }
        var names = AccountNames()
        try names.load(accounts.map(\.account), registry, from: &connection)

        var (debits, credits) = (Total(), Total())
        var lines: [(name: String, value: JSONValue)] = []
        for (account, debit, credit) in accounts {
            debits += debit
            credits += credit
            let name = names.name(of: account) ?? "#\(account.raw)"
            let fields = [
                Field("account", .text(name)), Field("debits", debit.shown), Field("credits", credit.shown),
            ]
            lines.append((name, .object(fields)))
        }
        lines.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return .answered([
            Field("accounts", .list(lines.map(\.value))), Field("debits", debits.shown),
            Field("credits", credits.shown),
        ])
    }
}

extension Rows {
    /// A sum that was cast to text.
    func total(_ row: Int, _ column: Int) throws(PostgresError) -> Total {
        guard let total = Total(fen: try text(row, column)) else {
            throw PostgresError(kind: .decoding, message: "\"\(try text(row, column))\" is not a sum of fen")
        }
        return total
    }
}
