import LedgerCore
import Postgres

// PARTIES and PARTY.

extension Inquiry {
    /// The party that a tenant finds by an id: its own, or its nearest ancestor's.
    func party(_ party: String, on connection: inout Connection) throws(PostgresError) -> PartyRow? {
        let found = try connection.query(
            """
            SELECT \(PartyRow.columns) FROM unnest($2::int4[]) WITH ORDINALITY AS n (owner, distance)
            JOIN parties p ON p.root = $1 AND p.owner = n.owner AND p.party = $3
            ORDER BY n.distance LIMIT 1
            """, [.int4(registry.root), .int4s(registry.lineage(of: tenant.number)), .text(party)])
        return found.count == 1 ? try PartyRow(found, 0) : nil
    }

    func noParty(_ party: String) -> Outcome {
        refuse("party", party, "neither \(tenant.id) nor a tenant above it has it; put it with PARTY.PUT first")
    }

    /// The parties that the tenant finds, with what its own awards come to.
    func parties(_ listing: Listing, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let rows = try query(
            """
            SELECT DISTINCT ON (p.party) \(PartyRow.columns), own.committed, own.disbursed, own.recovered
            FROM unnest($3::int4[]) WITH ORDINALITY AS n (owner, distance)
            JOIN parties p ON p.root = $1 AND p.owner = n.owner
            CROSS JOIN LATERAL (
                SELECT coalesce(sum(y.committed), 0)::text AS committed,
                    coalesce(sum(y.disbursed), 0)::text AS disbursed,
                    coalesce(sum(y.recovered), 0)::text AS recovered, count(*) AS years
                FROM awards a JOIN subjects s ON s.root = a.root AND s.number = a.subject,
                    unnest(a.committed, a.disbursed, a.recovered) AS y (committed, disbursed, recovered)
                WHERE a.root = $1 AND a.tenant = $2 AND a.party = p.number
                    AND ($4::text IS NULL OR s.scheme = $4) AND ($5::text IS NULL OR s.subject = $5)
            ) own
            WHERE p.party > coalesce($6::text, '') AND ($7::text IS NULL OR p.party = $7)
                AND (($4 IS NULL AND $5 IS NULL) OR own.years > 0)
            ORDER BY p.party, n.distance LIMIT $8
            """,
            [
                .int4s(registry.lineage(of: tenant.number)), .optional(listing.scheme), .optional(listing.subject),
                .optional(listing.after), .optional(listing.party), .int8(Int64(listing.limit)),
            ], on: &connection)
        var parties: [JSONValue] = []
        for row in 0..<rows.count {
            let figures = [
                Field("committed", try rows.total(row, 9).shown),
                Field("disbursed", try rows.total(row, 10).shown),
                Field("recovered", try rows.total(row, 11).shown),
            ]
            parties.append(.object(fields(try PartyRow(rows, row)) + figures))
        }
        return .answered([Field("parties", .list(parties))])
    }

    private func fields(_ party: PartyRow) -> [Field] {
        let facts = party.facts
        return [
            Field("party", .text(facts.party)), Field("owner", .optional(registry.tenants[party.owner]?.id)),
            Field("kind", .text(facts.kind)), Field("name", .text(facts.name)),
            Field("uscc", .optional(facts.creditCode)),
            Field("group", .optional(facts.group)), Field("bank", .optional(facts.bank)),
            Field("account", .optional(facts.account)),
        ]
    }

    /// What the tenant and those below it have awarded to a party, with the entries dated on or before `on`.
    func party(_ party: String, asOf on: Day?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        guard let found = try self.party(party, on: &connection) else { return noParty(party) }
        let standings = try awardStandings(asOf: on, where: "a.party = $4", [.int8(found.number)], on: &connection)
        let awards = standings.sorted {
            ($0.scheme.scheme, $0.subject, $0.award) < ($1.scheme.scheme, $1.subject, $1.award)
        }.map { award in
            JSONValue.object([
                Field("scheme", .text(award.scheme.scheme)), Field("subject", .text(award.subject)),
                Field("award", .text(award.award)), Field("tenant", .text(registry.tenants[award.payer]?.id ?? "")),
                Field("committed", .amount(award.committed)), Field("disbursed", .amount(award.disbursed)),
                Field("recovered", .amount(award.recovered)),
            ])
        }
        return .answered(
            fields(found) + [
                Field("committed", standings.lazy.map(\.committed).total.shown),
                Field("disbursed", standings.lazy.map(\.disbursed).total.shown),
                Field("recovered", standings.lazy.map(\.recovered).total.shown),
                Field("awards", .list(awards)),
            ])
    }
}
