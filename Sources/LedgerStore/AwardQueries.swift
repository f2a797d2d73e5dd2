import LedgerCore
import Postgres

// AWARD, BUDGET and AWARDS: balances as they stand.

/// An award with the names that its row only points to.
struct NamedAward {
    let row: AwardRow
    let scheme: String
    let subject: String
    let fund: String
    let party: String
    /// The tenant that registered the party: a tenant below may have one of the same identifier.
    let partyOwner: String

    static let columns = AwardRow.columns + ", s.scheme, s.subject, f.fund, p.party, o.id"
    static let joins = """
        JOIN subjects s ON s.root = a.root AND s.number = a.subject
        JOIN funds f ON f.root = a.root AND f.number = a.fund
        JOIN parties p ON p.root = a.root AND p.number = a.party
        JOIN tenants o ON o.root = p.root AND o.number = p.owner
        """

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        self.row = try AwardRow(rows, row)
        scheme = try rows.text(row, 17)
        subject = try rows.text(row, 18)
        fund = try rows.text(row, 19)
        party = try rows.text(row, 20)
        partyOwner = try rows.text(row, 21)
    }

    var fields: [Field] {
        [
            Field("award", .text(row.name.award)), Field("scheme", .text(scheme)), Field("subject", .text(subject)),
            Field("party", .text(party)), Field("party-owner", .text(partyOwner)), Field("fund", .text(fund)),
            Field("latest", .day(row.latest)),
            Field("committed", .amount(row.committed)), Field("disbursed", .amount(row.disbursed)),
            Field("released", .amount(row.years.lazy.map(\.released).sum())),
            Field("recovered", .amount(row.recovered)), Field("years", .list(row.years.map(NamedAward.fields))),
        ]
    }

    private static func fields(_ year: AwardRow.Year) -> JSONValue {
        .object([
            Field("year", .number(Int64(year.year))), Field("committed", .amount(year.committed)),
            Field("disbursed", .amount(year.disbursed)), Field("released", .amount(year.released)),
            Field("recovered", .amount(year.recovered)),
        ])
    }
}

extension Inquiry {
    func award(_ award: String, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let found = try query(
            """
            SELECT \(NamedAward.columns) FROM awards a \(NamedAward.joins)
            WHERE a.root = $1 AND a.tenant = $2 AND a.award = $3
            """, [.text(award)], on: &connection)
        guard found.count == 1 else { return noAward(award) }
        return .answered(try NamedAward(found, 0).fields)
    }

    func noAward(_ award: String) -> Outcome {
        refuse("award", award, "\(tenant.id) has no such award; its first COMMIT makes it")
    }

    /// The tenant's own awards; of a party those that are, or once were, to be paid to it.
    func awards(_ listing: Listing, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let party = try number(of: listing.party, on: &connection)
        let found = try query(
            """
            SELECT \(NamedAward.columns) FROM awards a \(NamedAward.joins)
            WHERE a.root = $1 AND a.tenant = $2 AND a.award > coalesce($3::text, '')
                AND ($4::text IS NULL OR s.scheme = $4) AND ($5::text IS NULL OR s.subject = $5)
                AND ($6::int8 IS NULL OR a.party = $6 OR $6 = ANY (a.former_payees))
                AND ($8::text[] IS NULL OR s.scheme = ANY ($8))
            ORDER BY a.award LIMIT $7
            """,
            [
                .optional(listing.after), .optional(listing.scheme), .optional(listing.subject), party,
                .int8(Int64(listing.limit)), visible,
            ], on: &connection)
        var awards: [JSONValue] = []
        for row in 0..<found.count { awards.append(.object(try NamedAward(found, row).fields)) }
        return .answered([Field("awards", .list(awards))])
    }

    /// A fund or year that nothing was posted to has zeros.
    func budget(_ fund: String, _ year: Int, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let found = try query(
            """
            SELECT \(BudgetRow.columns) FROM funds f JOIN budgets b ON b.root = f.root AND b.fund = f.number
            WHERE f.root = $1 AND f.tenant = $2 AND f.fund = $3 AND b.year = $4
            """, [.text(fund), .int4(Int32(year))], on: &connection)
        let row = found.count == 1 ? try BudgetRow(found, 0) : BudgetRow(name: BudgetName(fund: 0, year: year))
        return .answered([
            Field("fund", .text(fund)), Field("year", .number(Int64(year))),
            Field("appropriated", .amount(row.appropriated)),
            Field("committed", .amount(row.committed)), Field("disbursed", .amount(row.disbursed)),
            Field("available", .amount(row.available)),
        ])
    }
}

extension Parameter {
    static func optional(_ text: String?) -> Parameter { text.map(Parameter.text) ?? .null }
}
