import LedgerCore
import Postgres

extension Inquiry {
    /// What the tenant and those below it have committed, paid and recovered, line by line. The budget that is left has
    /// a year and a payer, but no scheme: so only those lines have it, and the sum.
    func summary(asOf on: Day?, by key: SummaryKey, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let standings = try awardStandings(asOf: on, where: "true", [], on: &connection)
        // A budget is of all schemes together.
        let budgets = schemes == nil ? try availableBudgets(asOf: on, on: &connection) : []
        var lines: [String: SummaryLine] = [:]
        var sum = SummaryLine()
        for award in standings {
            for year in award.years {
                sum.add(year, of: award)
                for name in names(award, year, by: key) { lines[name, default: SummaryLine()].add(year, of: award) }
            }
        }
        for budget in budgets {
            sum.add(available: budget.available)
            if let name = name(budget, by: key) { lines[name, default: SummaryLine()].add(available: budget.available) }
        }
        let sorted = lines.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return .answered(
            [Field("on", .day(on ?? today)), Field("by", .text(key.rawValue))] + sum.fields
                + [
                    Field(
                        "lines", .list(sorted.map { .object([Field(key.rawValue, .text($0.key))] + $0.value.fields) }))
                ])
    }

    /// Every authority that the scheme names has the award in its line.
    private func names(_ award: AwardStanding, _ year: AwardStanding.Year, by key: SummaryKey) -> [String] {
        switch key {
        case .scheme: [award.scheme.scheme]
        case .authority: registry.terms(of: award.scheme, version: award.version)?.authorities ?? []
        case .year: [String(year.year)]
        case .payer: [registry.tenants[award.payer]?.id ?? ""]
        }
    }

    private func name(_ budget: AvailableBudget, by key: SummaryKey) -> String? {
        switch key {
        case .scheme, .authority: nil
        case .year: String(budget.year)
        case .payer: registry.tenants[budget.payer]?.id
        }
    }

    private struct AvailableBudget {
        let payer: Int32
        let year: Int
        let available: Amount
    }

    private func availableBudgets(
        asOf on: Day?, on connection: inout Connection
    ) throws(PostgresError) -> [AvailableBudget] {
        let now = """
            SELECT f.tenant, b.year, b.appropriated - b.committed - b.disbursed
            FROM funds f JOIN budgets b ON b.root = f.root AND b.fund = f.number
            WHERE f.root = $1 AND f.tenant = ANY ($2) AND $3::date IS NOT NULL
            """
        // Debits less credits of the accounts in slot 2, a fund's available budget.
        let then = """
            SELECT e.tenant, (side.account >> 6 & 4194303)::int4, sum(side.fen)::int8
            FROM entries e
                CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
                CROSS JOIN LATERAL (VALUES
                    (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
            WHERE e.root = $1 AND e.tenant = ANY ($2) AND e.date <= $3 AND side.account & 63 = 2
            GROUP BY e.tenant, side.account
            """
        let rows = try connection.query(
            on == nil ? now : then, [.int4(registry.root), .int4s(subtree), dateLimit(on)])
        var budgets: [AvailableBudget] = []
        for row in 0..<rows.count {
            budgets.append(
                AvailableBudget(
                    payer: try rows.int4(row, 0), year: Int(try rows.int4(row, 1)),
                    available: Amount(fen: try rows.int8(row, 2))))
        }
        return budgets
    }
}

private struct SummaryLine {
    private var committed = Total()
    private var disbursed = Total()
    private var recovered = Total()
    private var available: Total?
    private var subjects: Set<Int64> = []
    private var beneficiaries: Set<Int64> = []

    mutating func add(_ year: AwardStanding.Year, of award: AwardStanding) {
        committed += year.committed
        disbursed += year.disbursed
        recovered += year.recovered
        subjects.insert(award.subjectNumber)
        beneficiaries.insert(award.partyNumber)
        beneficiaries.formUnion(award.formerPayees)
    }

    mutating func add(available amount: Amount) {
        var total = available ?? Total()
        total += amount
        available = total
    }

    var fields: [Field] {
        [
            Field("committed", committed.shown), Field("disbursed", disbursed.shown),
            Field("recovered", recovered.shown), Field("available", available?.shown ?? .null),
            Field("subjects", .number(Int64(subjects.count))),
            Field("beneficiaries", .number(Int64(beneficiaries.count))),
        ]
    }
}
