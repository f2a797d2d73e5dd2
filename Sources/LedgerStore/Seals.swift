package import Crypto
package import LedgerCore
import Postgres

/// The daemon's key, and what it signs: the head of a journal.
package struct Sealer: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    /// 32 bytes.
    package let publicKey: [UInt8]

    package init(_ key: Curve25519.Signing.PrivateKey) {
        self.key = key
        publicKey = Array(key.publicKey.rawRepresentation)
    }

    func seal(_ tenant: String, _ sequence: Int64, _ hash: [UInt8], at now: Moment) throws(StoreError) -> Seal {
        let text = Seal.signedText(tenant: tenant, sequence: sequence, hash: hash, sealedAt: now)
        do {
            let signature = try key.signature(for: Array(text.utf8))
            return Seal(
                tenant: tenant, sequence: sequence, hash: hash, sealedAt: now, publicKey: publicKey,
                signature: Array(signature))
        } catch {
            throw .incompatible("the journal of \(tenant) cannot be signed: \(error)")
        }
    }
}

extension Books {
    /// What closing a period signs, in the transaction that closes it. The heads must have their hashes.
    func seals(since loaded: Loaded, by sealer: Sealer, at now: Moment) throws(StoreError) -> [Statement] {
        var statements: [Statement] = []
        for tenant in changes.heads.sorted() {
            guard let head = heads[tenant], let id = registry.tenants[tenant]?.id, head.lastSequence > 0,
                head.closedThrough != (loaded.closings[tenant] ?? nil)
            else { continue }
            let seal = try sealer.seal(id, head.lastSequence, head.lastHash, at: now)
            statements.append(seal.insertion(root: registry.root, tenant: tenant))
        }
        return statements
    }
}

extension LedgerWriter {
    /// `SEAL`: signs the head of a tenant's journal. A head that this daemon has signed before keeps its seal.
    package mutating func seal(tenant: String, at now: Moment) throws(StoreError) -> Outcome {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            do throws(PostgresError) {
                return try writer.sealOnce(tenant, at: now)
            } catch {
                throw .database(error)
            }
        }
    }

    private mutating func sealOnce(_ id: String, at now: Moment) throws(PostgresError) -> Outcome {
        let found = try transaction.connection.query(
            """
            SELECT t.root, t.number, h.last_sequence, h.last_hash
            FROM tenants t JOIN heads h ON h.root = t.root AND h.tenant = t.number WHERE t.id = $1
            """, [.text(id)])
        guard found.count == 1 else { return .refused(.unknownTenant(id)) }
        let (root, tenant, sequence) = (try found.int4(0, 0), try found.int4(0, 1), try found.int8(0, 2))
        guard sequence > 0 else { return .refused(.nothingToSeal(id)) }
        let hash = try found.bytes(0, 3)
        let seal: Seal
        do throws(StoreError) {
            seal = try transaction.sealer.seal(id, sequence, hash, at: now)
        } catch {
            throw PostgresError(kind: .request, message: "\(error)")
        }
        // Without BEGIN a pipeline is one transaction.
        let results = try transaction.connection.pipeline([
            seal.insertion(root: root, tenant: tenant),
            Statement(
                """
                SELECT \(Seal.columns) FROM seals s
                WHERE s.root = $1 AND s.tenant = $2 AND s.sequence = $3 AND s.public_key = $4
                """,
                [.int4(root), .int4(tenant), .int8(sequence), .bytea(seal.publicKey)]),
        ])
        return .answered(try Seal(results[1], 0, tenant: id).fields)
    }
}

extension LedgerReader {
    /// Whether journals were sealed, but none with this key: it is new, or was put in the place of another.
    package mutating func isForeign(sealKey publicKey: [UInt8]) throws(StoreError) -> Bool {
        do throws(PostgresError) {
            let rows = try connection.query(
                "SELECT EXISTS (SELECT FROM seals), EXISTS (SELECT FROM seals WHERE public_key = $1)",
                [.bytea(publicKey)])
            let (isSealed, isByThisKey) = (try rows.bool(0, 0), try rows.bool(0, 1))
            return isSealed && !isByThisKey
        } catch {
            throw StoreError(error)
        }
    }

    /// The tenants whose journals have entries that no seal covers.
    package mutating func unsealedTenants() throws(StoreError) -> [String] {
        do throws(PostgresError) {
            let rows = try connection.query(
                """
                SELECT t.id FROM heads h JOIN tenants t ON t.root = h.root AND t.number = h.tenant
                WHERE h.last_sequence > 0 AND NOT EXISTS (
                    SELECT FROM seals s
                    WHERE s.root = h.root AND s.tenant = h.tenant AND s.sequence = h.last_sequence)
                ORDER BY t.id
                """)
            var tenants: [String] = []
            for row in 0..<rows.count { tenants.append(try rows.text(row, 0)) }
            return tenants
        } catch {
            throw StoreError(error)
        }
    }
}

extension Inquiry {
    /// `SEALS`: what was signed of the tenant's journal, in the order of the entries.
    func seals(_ page: Page, on connection: inout Connection) throws(PostgresError) -> Outcome {
        let rows = try query(
            """
            SELECT \(Seal.columns) FROM seals s
            WHERE s.root = $1 AND s.tenant = $2 AND s.sequence > $3
            ORDER BY s.sequence FETCH FIRST $4 ROWS WITH TIES
            """, [.int8(page.after), .int8(Int64(page.limit))], on: &connection)
        var seals: [JSONValue] = []
        var last = page.after
        for row in 0..<rows.count {
            let seal = try Seal(rows, row, tenant: tenant.id)
            seals.append(.object(seal.fields))
            last = seal.sequence
        }
        return .answered([Field("seals", .list(seals)), Field("last", .number(last))])
    }
}

extension Seal {
    static let columns = "s.sequence, s.hash, s.sealed_at, s.public_key, s.signature"

    init(_ rows: Rows, _ row: Int, tenant: String) throws(PostgresError) {
        self.init(
            tenant: tenant, sequence: try rows.int8(row, 0), hash: try rows.bytes(row, 1),
            sealedAt: Moment(microseconds: try rows.microseconds(row, 2)), publicKey: try rows.bytes(row, 3),
            signature: try rows.bytes(row, 4))
    }

    func insertion(root: Int32, tenant: Int32) -> Statement {
        Statement(
            """
            INSERT INTO seals (root, tenant, sequence, sealed_at, hash, public_key, signature)
            VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
            """,
            [
                .int4(root), .int4(tenant), .int8(sequence), .timestamp(sealedAt.microseconds), .bytea(hash),
                .bytea(publicKey), .bytea(signature),
            ])
    }
}

extension Refusal {
    static func nothingToSeal(_ tenant: String) -> Refusal {
        Refusal(
            .notFound, "tenant \"\(tenant)\" has no entry yet: there is nothing to sign",
            [Field("argument", .text("tenant"))])
    }
}
