import LedgerCore
import Postgres

// The rows of balances against what the journal adds up to.

extension Check {
    mutating func compareAwards(on connection: inout Connection) throws(PostgresError) {
        let rows = try connection.query(
            "SELECT \(AwardRow.columns) FROM awards a WHERE a.root = $1 AND a.tenant = $2 ORDER BY a.award",
            [.int4(registry.root), .int4(tenant.number)])
        let latest = try latestDates(on: &connection)
        var dated: [Int64: [Int: Int64]] = [:]
        var years: [Int64: Set<Int>] = [:]
        for (account, balance) in balances {
            switch account.slot {
            case .awardDated: dated[account.owner, default: [:]][account.ordinal] = 0 &- balance
            case .awardCommitted, .awardDisbursed, .awardReleased, .awardRecovered:
                years[account.owner, default: []].insert(account.year)
            default: break
            }
        }
        for row in 0..<rows.count {
            let award = try AwardRow(rows, row)
            let name = "award:\(award.name.award)"
            let all = (years.removeValue(forKey: award.number) ?? []).union(award.years.map(\.year))
            for year in all.sorted() {
                let row = award.year(year)
                let number = award.number
                compare(row.committed, balance(number, .awardCommitted, year: year), "\(name):\(year):committed")
                compare(row.disbursed, balance(number, .awardDisbursed, year: year), "\(name):\(year):disbursed")
                compare(row.released, balance(number, .awardReleased, year: year), "\(name):\(year):released")
                compare(row.recovered, balance(number, .awardRecovered, year: year), "\(name):\(year):recovered")
            }
            let commitments = (dated[award.number] ?? [:]).sorted { $0.key < $1.key }
            if commitments.map(\.value) != award.dated.map(\.amount.fen) {
                differ("\(name) counts its commitments otherwise than the journal does")
            }
            var held = paid[award.number] ?? [:]
            for former in award.formerPayees {
                compare(former.paid, held.removeValue(forKey: former.party) ?? 0, "\(name):party \(former.party):paid")
            }
            if held.contains(where: { $0.key != award.party && $0.value != 0 }) {
                differ("\(name) has paid a party that it does not name as a payee")
            }
            if latest[award.number] != award.latest {
                differ("\(name) says that its latest entry is of \(award.latest), and the journal another day")
            }
        }
        for number in years.keys.sorted() { differ("entries move award number \(number), of which there is no row") }
    }

    private func latestDates(on connection: inout Connection) throws(PostgresError) -> [Int64: Day] {
        let rows = try connection.query(
            """
            SELECT DISTINCT ON (award) award, date FROM entries
            WHERE root = $1 AND tenant = $2 AND award IS NOT NULL AND party IS NULL ORDER BY award, sequence DESC
            """, [.int4(registry.root), .int4(tenant.number)])
        var latest: [Int64: Day] = [:]
        for row in 0..<rows.count { latest[try rows.int8(row, 0)] = Day(number: try rows.day(row, 1)) }
        return latest
    }

    mutating func compareBudgets(on connection: inout Connection) throws(PostgresError) {
        let rows = try connection.query(
            """
            SELECT \(BudgetRow.columns), f.fund FROM funds f JOIN budgets b ON b.root = f.root AND b.fund = f.number
            WHERE f.root = $1 AND f.tenant = $2 ORDER BY f.fund, b.year
            """, [.int4(registry.root), .int4(tenant.number)])
        var missing = Set<BudgetName>()
        for account in balances.keys where account.slot?.owner == .fund && account.slot?.hasYear == true {
            missing.insert(BudgetName(fund: account.owner, year: account.year))
        }
        for row in 0..<rows.count {
            let budget = try BudgetRow(rows, row)
            let (fund, year) = (budget.name.fund, budget.name.year)
            let name = "budget:\(try rows.text(row, 5)):\(year)"
            missing.remove(budget.name)
            compare(budget.appropriated, 0 &- balance(fund, .budgetAppropriated, year: year), "\(name):appropriated")
            compare(budget.available, balance(fund, .budgetAvailable, year: year), "\(name):available")
            compare(budget.committed, balance(fund, .budgetCommitted, year: year), "\(name):committed")
            compare(budget.disbursed, balance(fund, .budgetDisbursed, year: year), "\(name):disbursed")
        }
        for name in missing.sorted(by: { ($0.fund, $0.year) < ($1.fund, $1.year) }) {
            differ("entries move the \(name.year) budget of fund number \(name.fund), of which there is no row")
        }
    }

    /// A cap may be shared: the entries of all its payers are added up, those of others in SQL.
    mutating func compareCaps(on connection: inout Connection) throws(PostgresError) {
        let results = try connection.pipeline([
            Statement(
                """
                SELECT DISTINCT \(CapRow.columns), s.scheme, s.subject, s.owner
                FROM awards a JOIN caps c ON c.root = a.root AND c.number = a.cap
                    JOIN subjects s ON s.root = c.root AND s.number = c.subject
                WHERE a.root = $1 AND a.tenant = $2 ORDER BY c.number
                """, [.int4(registry.root), .int4(tenant.number)]),
            Statement(
                """
                SELECT side.account, sum(side.fen)::int8
                FROM (SELECT DISTINCT cap FROM awards WHERE root = $1 AND tenant = $2) own
                    JOIN awards a ON a.root = $1 AND a.cap = own.cap AND a.tenant <> $2
                    JOIN entries e ON e.root = $1 AND e.award = a.number
                    CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
                    CROSS JOIN LATERAL (VALUES
                        (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])
                    ) side (account, fen)
                WHERE side.account >> 28 = own.cap
                GROUP BY side.account
                """, [.int4(registry.root), .int4(tenant.number)]),
        ])
        let (rows, others) = (results[0], results[1])
        var recomputed: [Int64: CapRow] = [:]
        func count(_ account: AccountID, _ balance: Int64) {
            let empty = CapRow(number: account.owner, name: CapName(subject: 0, payer: 0, period: 0))
            recomputed[account.owner, default: empty].add(Amount(fen: balance), to: account)
        }
        for row in 0..<others.count { count(AccountID(raw: try others.int8(row, 0)), try others.int8(row, 1)) }
        for (account, balance) in balances where account.slot?.owner == .cap { count(account, balance) }
        for row in 0..<rows.count {
            let cap = try CapRow(rows, row)
            let scheme = SchemeName(owner: try rows.int4(row, 11), scheme: try rows.text(row, 9))
            let subject = SubjectName(scheme: scheme, subject: try rows.text(row, 10))
            let name =
                "cap:"
                + AccountNames.cap(
                    subject, payer: cap.name.payer, period: cap.name.period, registry: registry)
            let found = recomputed[cap.number] ?? CapRow(number: cap.number, name: cap.name)
            compare(cap.committed, found.committed.fen, "\(name):committed")
            compare(cap.disbursed, found.disbursed.fen, "\(name):disbursed")
            compare(cap.forfeited, found.forfeited.fen, "\(name):forfeited")
            if cap.dated != found.dated { differ("\(name) counts its commitments on other days than the journal does") }
        }
    }

    /// The bases that this tenant set stand as entries, and the one posted last is in force.
    mutating func compareBases(on connection: inout Connection) throws(PostgresError) {
        let rows = try connection.query(
            """
            SELECT e.sequence FROM entries e
            WHERE e.root = $1 AND e.tenant = $2 AND e.kind = 1 AND NOT EXISTS (
                SELECT FROM bases b WHERE b.root = $1 AND b.tenant = $2 AND b.sequence = e.sequence
                    AND b.subject = e.subject AND b.amount = e.amount AND b.date = e.date)
            UNION
            SELECT b.sequence FROM bases b
            WHERE b.root = $1 AND b.tenant = $2 AND NOT EXISTS (
                SELECT FROM entries e WHERE e.root = $1 AND e.tenant = $2 AND e.sequence = b.sequence AND e.kind = 1)
            UNION
            SELECT b.sequence FROM bases b JOIN subjects s ON s.root = b.root AND s.number = b.subject
            WHERE b.root = $1 AND b.tenant = $2
                AND NOT EXISTS (
                    SELECT FROM bases l WHERE l.root = $1 AND l.subject = b.subject AND l.period = b.period
                        AND l.number > b.number)
                AND NOT EXISTS (
                    SELECT FROM unnest(s.basis_periods, s.basis_amounts) AS f (period, amount)
                    WHERE f.period = b.period AND f.amount = b.amount)
            ORDER BY 1 LIMIT 100
            """, [.int4(registry.root), .int4(tenant.number)])
        for row in 0..<rows.count {
            let name = SequenceName(tenant: tenant.number, sequence: try rows.int8(row, 0))
            differ("the basis that \(name.text) set is not the one that is kept")
        }
    }
}
