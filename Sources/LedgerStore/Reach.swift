import LedgerCore
import Postgres

// What a principal over some schemes alone may see: of these schemes everything, and nothing else, whether or not it
// exists.

extension Inquiry {
    func isInReach(_ question: Question, on connection: inout Connection) throws(PostgresError) -> Bool {
        guard let schemes else { return true }
        switch question.concern {
        case .scheme(let scheme): return schemes.contains(scheme)
        case .award(let award):
            return try finds(
                """
                SELECT 1 FROM awards a JOIN subjects s ON s.root = a.root AND s.number = a.subject
                WHERE a.root = $1 AND a.tenant = $2 AND a.award = $4 AND s.scheme = ANY ($3)
                """, .text(award), on: &connection)
        case .entry(let entry):
            guard let name = SequenceName(entry), name.tenant == tenant.number else { return false }
            return try finds("\(Inquiry.entryInReach) AND e.sequence = $4", .int8(name.sequence), on: &connection)
        case .entryByKey(let key):
            return try finds("\(Inquiry.entryInReach) AND e.key = $4", .text(key), on: &connection)
        case .many:
            switch question {
            case .party(let party, _), .history(.party(let party), _): return try isPartyInReach(party, on: &connection)
            default: return true
            }
        case .whole: return false
        }
    }

    func sees(_ scheme: SchemeName) -> Bool { schemes?.contains(scheme.scheme) ?? true }

    /// NULL where all schemes may be seen.
    var visible: Parameter { schemes.map { .texts($0.sorted()) } ?? .null }

    /// Entries of an award, or of a basis, under the schemes.
    private static let entryInReach = """
        SELECT 1 FROM entries e LEFT JOIN awards a ON a.root = e.root AND a.number = e.award
            JOIN subjects s ON s.root = e.root AND s.number = coalesce(a.subject, e.subject)
        WHERE e.root = $1 AND e.tenant = $2 AND s.scheme = ANY ($3)
        """

    /// A party that has, or had, an award or a subject under the schemes.
    private func isPartyInReach(_ party: String, on connection: inout Connection) throws(PostgresError) -> Bool {
        guard let found = try self.party(party, on: &connection) else { return false }
        return try finds(
            """
            SELECT 1 FROM subjects s LEFT JOIN awards a ON a.root = s.root AND a.subject = s.number
            WHERE s.root = $1 AND $2::int4 IS NOT NULL AND s.scheme = ANY ($3)
                AND (s.party = $4 OR a.party = $4 OR $4 = ANY (a.former_payees)) LIMIT 1
            """, .int8(found.number), on: &connection)
    }

    private func finds(
        _ sql: String, _ value: Parameter, on connection: inout Connection
    ) throws(PostgresError) -> Bool {
        try query(sql, [visible, value], on: &connection).count > 0
    }
}
