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

    /// What lists filter by: the number of the party that the tenant finds; 0, which no party has, where there is none.
    func number(of party: String?, on connection: inout Connection) throws(PostgresError) -> Parameter {
        guard let party else { return .null }
        return .int8(try self.party(party, on: &connection)?.number ?? 0)
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
                SELECT coalesce(sum(a.committed), 0)::text AS committed,
                    coalesce(sum(a.disbursed), 0)::text AS disbursed,
                    coalesce(sum(a.recovered), 0)::text AS recovered, count(*) AS awards
                FROM award_payees a JOIN subjects s ON s.root = a.root AND s.number = a.subject
                WHERE a.root = $1 AND a.tenant = $2 AND a.party = p.number
                    AND ($4::text IS NULL OR s.scheme = $4) AND ($5::text IS NULL OR s.subject = $5)
                    AND ($9::text[] IS NULL OR s.scheme = ANY ($9))
            ) own
            WHERE p.party > coalesce($6::text, '') AND ($7::text IS NULL OR p.party = $7)
                AND (($4 IS NULL AND $5 IS NULL AND $9 IS NULL) OR own.awards > 0)
            ORDER BY p.party, n.distance LIMIT $8
            """,
            [
                .int4s(registry.lineage(of: tenant.number)), .optional(listing.scheme), .optional(listing.subject),
                .optional(listing.after), .optional(listing.party), .int8(Int64(listing.limit)), visible,
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

    /// What the tenant and those below it have awarded to a party, with the entries dated on or before `on`. Of an
    /// award whose payee was changed it has what was paid to it, and what is outstanding where it is the payee now.
    func party(_ party: String, asOf on: Day?, on connection: inout Connection) throws(PostgresError) -> Outcome {
        guard let found = try self.party(party, on: &connection) else { return noParty(party) }
        let standings = try awardStandings(
            asOf: on, where: "(a.party = $4 OR $4 = ANY (a.former_payees))", [.int8(found.number)], on: &connection)
        let shares = try shares(of: found.number, asOf: on, on: &connection)
        let awards = standings.map { award in
            shares[award.number] ?? PayeeShare(award)
        }
        let sorted = zip(standings, awards).sorted {
            ($0.0.scheme.scheme, $0.0.subject, $0.0.award) < ($1.0.scheme.scheme, $1.0.subject, $1.0.award)
        }.map { award, share in
            JSONValue.object([
                Field("scheme", .text(award.scheme.scheme)), Field("subject", .text(award.subject)),
                Field("award", .text(award.award)), Field("tenant", .text(registry.tenants[award.payer]?.id ?? "")),
                Field("committed", .amount(share.committed)), Field("disbursed", .amount(share.disbursed)),
                Field("recovered", .amount(share.recovered)),
            ])
        }
        return .answered(
            fields(found) + [
                Field("committed", awards.lazy.map(\.committed).total.shown),
                Field("disbursed", awards.lazy.map(\.disbursed).total.shown),
                Field("recovered", awards.lazy.map(\.recovered).total.shown),
                Field("awards", .list(sorted)),
            ])
    }

    /// What a party has of the awards whose payee was changed, by the number of the award.
    private func shares(
        of party: Int64, asOf on: Day?, on connection: inout Connection
    ) throws(PostgresError) -> [Int64: PayeeShare] {
        let rows = try connection.query(
            """
            SELECT a.number,
                CASE WHEN \(Inquiry.payee(asOf: on)) = $4
                    THEN (SELECT coalesce(sum(y.committed), 0)::int8
                        FROM (\(on == nil ? Inquiry.yearsNow : Inquiry.yearsThen)) AS y)
                    ELSE 0 END,
                share.disbursed, share.recovered
            FROM awards a JOIN subjects s ON s.root = a.root AND s.number = a.subject
                CROSS JOIN LATERAL payee_share(a.root, a.number, $4, $3) share
            WHERE a.root = $1 AND a.tenant = ANY ($2) AND a.former_payees IS NOT NULL
                AND (a.party = $4 OR $4 = ANY (a.former_payees))
            """, [.int4(registry.root), .int4s(subtree), dateLimit(on), .int8(party)])
        var shares: [Int64: PayeeShare] = [:]
        for row in 0..<rows.count {
            shares[try rows.int8(row, 0)] = PayeeShare(
                committed: Amount(fen: try rows.int8(row, 1)), disbursed: Amount(fen: try rows.int8(row, 2)),
                recovered: Amount(fen: try rows.int8(row, 3)))
        }
        return shares
    }
}

/// What a party has of an award.
private struct PayeeShare {
    let committed: Amount
    let disbursed: Amount
    let recovered: Amount
}

extension PayeeShare {
    /// Of an award that never had another payee.
    init(_ award: AwardStanding) {
        self.init(committed: award.committed, disbursed: award.disbursed, recovered: award.recovered)
    }
}
