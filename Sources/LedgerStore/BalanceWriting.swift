import LedgerCore
import Postgres

// The first row of each award, cap, fund and budget, and what of an award changes seldom.

extension BooksWriting {
    // MARK: Awards

    func newAwards(_ rows: [AwardRow]) -> Statement {
        let years = Lists(rows, \.years)
        let dated = Lists(rows, \.dated)
        return statement(
            SetWise.insert(
                into: "awards",
                """
                number, tenant, award, subject, cap, fund, party, latest, years, committed, disbursed, released, \
                recovered, dated_days, dated_amounts
                """,
                """
                u.number, u.tenant, u.award, u.subject, u.cap, u.fund, u.party, u.latest, ($14::int4[])[u.y:u.z], \
                ($15::int8[])[u.y:u.z], ($16::int8[])[u.y:u.z], ($17::int8[])[u.y:u.z], ($18::int8[])[u.y:u.z], \
                ($19::date[])[u.d:u.e], ($20::int8[])[u.d:u.e]
                """,
                from: """
                    unnest($2::int8[], $3::int4[], $4::text[], $5::int8[], $6::int8[], $7::int8[], $8::int8[], \
                    $9::date[], $10::int4[], $11::int4[], $12::int4[], $13::int4[]) \
                    AS u (number, tenant, award, subject, cap, fund, party, latest, y, z, d, e)
                    """),
            [
                .int8s(rows.map(\.number)), .int4s(rows.map(\.name.tenant)), .texts(rows.map(\.name.award)),
                .int8s(rows.map(\.subject)), .int8s(rows.map(\.cap)), .int8s(rows.map(\.fund)),
                .int8s(rows.map(\.party)),
                .dates(rows.map(\.latest.number)),
            ] + years.places + dated.places + years.figures + dated.figures)
    }

    /// Of awards whose payee was changed, which are few: who was the payee before.
    var formerPayees: Statement? {
        let rows = books.changes.awards.sorted().compactMap { books.awards[$0] }.filter { !$0.formerPayees.isEmpty }
        guard !rows.isEmpty else { return nil }
        let former = Lists(rows, \.formerPayees)
        return statement(
            SetWise.update(
                "awards", set: "former_payees = ($5::int8[])[u.f:u.g], former_paid = ($6::int8[])[u.f:u.g]",
                from: "unnest($2::int8[], $3::int4[], $4::int4[]) AS u (number, f, g)", where: "t.number = u.number"),
            [.int8s(rows.map(\.number))] + former.places
                + [.int8s(former.elements.map(\.party)), .int8s(former.elements.map(\.paid.fen))])
    }

    // MARK: Caps

    func newCaps(_ rows: [CapRow]) -> Statement {
        let dated = Lists(rows, \.dated)
        return statement(
            SetWise.insert(
                into: "caps",
                "number, subject, payer, period, committed, disbursed, forfeited, dated_days, dated_amounts",
                """
                u.number, u.subject, u.payer, u.period, u.committed, u.disbursed, u.forfeited, ($11::date[])[u.d:u.e], \
                ($12::int8[])[u.d:u.e]
                """,
                from: """
                    unnest($2::int8[], $3::int8[], $4::int4[], $5::int4[], $6::int8[], $7::int8[], $8::int8[], \
                    $9::int4[], $10::int4[]) \
                    AS u (number, subject, payer, period, committed, disbursed, forfeited, d, e)
                    """),
            [
                .int8s(rows.map(\.number)), .int8s(rows.map(\.name.subject)), .int4s(rows.map(\.name.payer)),
                .int4s(rows.map { Int32($0.name.period) }),
                .int8s(rows.map(\.committed.fen)), .int8s(rows.map(\.disbursed.fen)),
                .int8s(rows.map(\.forfeited.fen)),
            ] + dated.places + dated.figures)
    }

    // MARK: Funds and budgets

    var newFunds: Statement? {
        let rows = books.changes.funds.sorted().compactMap { books.funds[$0] }
        guard !rows.isEmpty else { return nil }
        return statement(
            SetWise.insert(
                into: "funds", "number, tenant, fund", "u.number, u.tenant, u.fund",
                from: "unnest($2::int8[], $3::int4[], $4::text[]) AS u (number, tenant, fund)"),
            [.int8s(rows.map(\.number)), .int4s(rows.map(\.name.tenant)), .texts(rows.map(\.name.fund))])
    }

    var newBudgets: Statement? {
        let rows = budgets { !loaded.budgets.contains($0) }
        guard !rows.isEmpty else { return nil }
        return statement(
            SetWise.insert(
                into: "budgets", "fund, year, appropriated, committed, disbursed",
                "u.fund, u.year, u.appropriated, u.committed, u.disbursed",
                from: """
                    unnest($2::int8[], $3::int4[], $4::int8[], $5::int8[], $6::int8[]) \
                    AS u (fund, year, appropriated, committed, disbursed)
                    """),
            [
                .int8s(rows.map(\.name.fund)), .int4s(rows.map { Int32($0.name.year) }),
                .int8s(rows.map(\.appropriated.fen)), .int8s(rows.map(\.committed.fen)),
                .int8s(rows.map(\.disbursed.fen)),
            ])
    }

    func budgets(where isWanted: (BudgetName) -> Bool) -> [BudgetRow] {
        books.changes.budgets.filter(isWanted).sorted { ($0.fund, $0.year) < ($1.fund, $1.year) }
            .compactMap { books.budgets[$0] }
    }
}

extension Lists<AwardRow.Year> {
    /// Years, committed, disbursed, released and recovered.
    fileprivate var figures: [Parameter] {
        [
            .int4s(elements.map { Int32($0.year) }), .int8s(elements.map(\.committed.fen)),
            .int8s(elements.map(\.disbursed.fen)), .int8s(elements.map(\.released.fen)),
            .int8s(elements.map(\.recovered.fen)),
        ]
    }
}

extension Lists<Dated> {
    /// Days and amounts.
    fileprivate var figures: [Parameter] {
        [.dates(elements.map(\.day.number)), .int8s(elements.map(\.amount.fen))]
    }
}
