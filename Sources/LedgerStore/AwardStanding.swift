import LedgerCore
import Postgres

/// An award on a day: what reports add up.
struct AwardStanding {
    struct Year {
        let year: Int
        var committed = Amount.zero
        var disbursed = Amount.zero
        var recovered = Amount.zero
    }

    let number: Int64
    let payer: Int32
    let award: String
    let scheme: SchemeName
    /// The version of the scheme that its subject keeps.
    let version: Int
    let subjectNumber: Int64
    let subject: String
    let partyNumber: Int64
    let party: String
    /// Former payees that hold some of what it has paid.
    let formerPayees: [Int64]
    var years: [Year]

    var committed: Amount { years.lazy.map(\.committed).sum() }
    var disbursed: Amount { years.lazy.map(\.disbursed).sum() }
    var recovered: Amount { years.lazy.map(\.recovered).sum() }
}

extension Inquiry {
    /// The awards of the tenant and of those below it that had entries dated on or before `on`; where that is left out,
    /// as they stand. `condition` is about the award `a`, and its parameters begin with `$4`.
    func awardStandings(
        asOf on: Day?, where condition: String, _ parameters: [Parameter], on connection: inout Connection
    ) throws(PostgresError) -> [AwardStanding] {
        let rows = try connection.query(
            """
            SELECT a.number, a.tenant, a.award, s.owner, s.scheme, s.version, s.number, s.subject, p.number, p.party, \
            y.year, y.committed, y.disbursed, y.recovered, coalesce(a.former_payees, '{}'), \
            coalesce(a.former_paid, '{}')
            FROM awards a
                JOIN subjects s ON s.root = a.root AND s.number = a.subject
                JOIN parties p ON p.root = a.root AND p.number = \(Inquiry.payee(asOf: on))
                CROSS JOIN LATERAL (\(on == nil ? Inquiry.yearsNow : Inquiry.yearsThen)) AS y
            WHERE a.root = $1 AND a.tenant = ANY ($2) AND $3::date IS NOT NULL AND \(condition)
            ORDER BY a.number, y.year
            """, [.int4(registry.root), .int4s(subtree), dateLimit(on)] + parameters)
        var standings: [AwardStanding] = []
        for row in 0..<rows.count {
            let number = try rows.int8(row, 0)
            if standings.last?.number != number { standings.append(try AwardStanding(rows, row)) }
            let year = AwardStanding.Year(
                year: Int(try rows.int4(row, 10)), committed: Amount(fen: try rows.int8(row, 11)),
                disbursed: Amount(fen: try rows.int8(row, 12)), recovered: Amount(fen: try rows.int8(row, 13)))
            standings[standings.count - 1].years.append(year)
        }
        return standings.filter { sees($0.scheme) }
    }

    /// The number of the payee of an award `a` with the subject `s`, as the last commitment up to `$3` has named it.
    static func payee(asOf on: Day?) -> String {
        guard on != nil else { return "a.party" }
        return """
            CASE WHEN a.former_payees IS NULL THEN a.party ELSE coalesce((
                SELECT n.number
                FROM parties n CROSS JOIN LATERAL (
                    SELECT e.content FROM entries e
                    WHERE e.root = a.root AND e.award = a.number AND e.kind = 4 AND e.date <= $3
                    ORDER BY e.sequence DESC LIMIT 1) last
                WHERE n.root = a.root AND n.number = ANY (a.former_payees || a.party)
                    AND n.party = substring(last.content, E'\\nparty=([^\\n]*)')
                LIMIT 1), s.party) END
            """
    }

    static let yearsNow = """
        SELECT * FROM unnest(a.years, a.committed, a.disbursed, a.recovered)
            AS u (year, committed, disbursed, recovered)
        """

    /// Summed up from the entries, by the year and the slot (11, 12, 14) of the award's accounts.
    static let yearsThen = """
        SELECT (side.account >> 6 & 4194303)::int4 AS year,
            coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 11), 0)::int8 AS committed,
            coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 12), 0)::int8 AS disbursed,
            coalesce(sum(side.fen) FILTER (WHERE side.account & 63 = 14), 0)::int8 AS recovered
        FROM entries e
            CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
            CROSS JOIN LATERAL (VALUES
                (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
        WHERE e.root = a.root AND e.award = a.number AND e.date <= $3
            AND side.account >> 28 = a.number AND side.account & 63 IN (11, 12, 14)
        GROUP BY 1
        """
}

extension AwardStanding {
    fileprivate init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        number = try rows.int8(row, 0)
        payer = try rows.int4(row, 1)
        award = try rows.text(row, 2)
        scheme = SchemeName(owner: try rows.int4(row, 3), scheme: try rows.text(row, 4))
        version = Int(try rows.int4(row, 5))
        subjectNumber = try rows.int8(row, 6)
        subject = try rows.text(row, 7)
        partyNumber = try rows.int8(row, 8)
        party = try rows.text(row, 9)
        formerPayees = zip(try rows.int8s(row, 14), try rows.int8s(row, 15)).filter { $0.1 > 0 }.map(\.0)
        years = []
    }
}
