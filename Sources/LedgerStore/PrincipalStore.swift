package import LedgerCore
import Postgres

// Who may speak: few rows, read whole.

extension LedgerWriter {
    /// Makes a change of who may speak, unless it stands; answers the record as it is then. Since a change may be made
    /// again, one whose commit was lost is simply made again: then nothing is unknown.
    package mutating func change(_ change: PrincipalChange, at now: Moment) throws(StoreError) -> Outcome {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            do throws(PostgresError) {
                return try writer.changeOnce(change, at: now)
            } catch {
                throw .database(error)
            }
        }
    }

    private mutating func changeOnce(_ change: PrincipalChange, at now: Moment) throws(PostgresError) -> Outcome {
        let results = try transaction.connection.pipeline([
            Transaction.begin, Statement("SELECT version FROM principals_head FOR UPDATE"),
            Statement(
                "SELECT \(PrincipalRecord.columns) FROM principals WHERE principal = $1", [.text(change.name)]),
        ])
        let standing = results[2].count == 1 ? try PrincipalRecord(results[2], 0) : nil
        let record: PrincipalRecord?
        do throws(Refusal) {
            record = try change.record(after: standing, at: now)
        } catch {
            transaction.abandon()
            return .refused(error)
        }
        guard let record else {
            transaction.abandon()
            return .answered(standing?.fields ?? [])
        }
        _ = try transaction.connection.pipeline([
            Statement(
                """
                INSERT INTO principals (principal, role, tenant, schemes, token_hash, created_at, created_by)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (principal) DO UPDATE SET token_hash = excluded.token_hash,
                    revoked_at = CASE WHEN $8 THEN $9::timestamptz END, revoked_by = CASE WHEN $8 THEN $10::text END
                """,
                [
                    .text(record.principal.name), .text(record.principal.role.rawValue),
                    record.principal.tenant.map(Parameter.text) ?? .null,
                    record.principal.schemes.map { .texts($0.sorted()) } ?? .null, .bytea(record.tokenHash),
                    .timestamp(record.createdAt.microseconds), .text(record.createdBy), .bool(record.isRevoked),
                    .timestamp(now.microseconds), .text(change.by),
                ]),
            Statement("UPDATE principals_head SET version = version + 1"), Statement("COMMIT"),
        ])
        return .answered(record.fields)
    }
}

extension LedgerReader {
    /// All principals; nil where they are still those of `version`.
    package mutating func principals(since version: Int64) throws(StoreError) -> PrincipalList? {
        do throws(PostgresError) {
            let head = try connection.query("SELECT version FROM principals_head").int8(0, 0)
            guard head != version else { return nil }
            // A change between the two statements makes the list younger than its version, which is read again then.
            let rows = try connection.query("SELECT \(PrincipalRecord.columns) FROM principals ORDER BY principal")
            var records: [PrincipalRecord] = []
            for row in 0..<rows.count { records.append(try PrincipalRecord(rows, row)) }
            return PrincipalList(version: head, records: records)
        } catch {
            throw StoreError(error)
        }
    }

    /// Where a tenant stands; nil where there is no such tenant.
    package mutating func place(of tenant: String) throws(StoreError) -> TenantPlace? {
        do throws(PostgresError) {
            let rows = try connection.query(
                """
                WITH RECURSIVE lineage AS (
                    SELECT root, parent, id, 0 AS distance FROM tenants WHERE id = $1
                    UNION ALL
                    SELECT t.root, t.parent, t.id, l.distance + 1
                    FROM lineage l JOIN tenants t ON t.root = l.root AND t.number = l.parent
                )
                SELECT root, id FROM lineage ORDER BY distance
                """, [.text(tenant)])
            guard rows.count > 0 else { return nil }
            var lineage: [String] = []
            for row in 0..<rows.count { lineage.append(try rows.text(row, 1)) }
            return TenantPlace(root: try rows.int4(0, 0), lineage: lineage)
        } catch {
            throw StoreError(error)
        }
    }
}

extension PrincipalRecord {
    static let columns =
        "principal, role, tenant, coalesce(schemes, '{}'), token_hash, created_at, created_by, revoked_at IS NOT NULL"

    init(_ rows: Rows, _ row: Int) throws(PostgresError) {
        guard let role = PrincipalRole(rawValue: try rows.text(row, 1)) else {
            throw PostgresError(kind: .decoding, message: "a principal has the unknown role \(try rows.text(row, 1))")
        }
        let schemes = try rows.texts(row, 3)
        self.init(
            principal: Principal(
                name: try rows.text(row, 0), role: role, tenant: try rows.optionalText(row, 2),
                schemes: schemes.isEmpty ? nil : Set(schemes)),
            tokenHash: try rows.bytes(row, 4), createdAt: Moment(microseconds: try rows.microseconds(row, 5)),
            createdBy: try rows.text(row, 6), isRevoked: try rows.bool(row, 7))
    }
}
