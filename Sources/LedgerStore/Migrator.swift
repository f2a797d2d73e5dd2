import Crypto
import LedgerSchema
import Postgres

/// Brings a database to this program's schema: makes the database and the daemon's role where they are missing, and
/// applies the migrations that it lacks, each in a transaction of its own. Any number of programs may do it at the same
/// time.
package enum Migrator {
    package struct Report: Sendable, Equatable {
        package var madeDatabase = false
        /// The names of the migrations that were applied now.
        package var applied: [String] = []
    }

    /// The role that owns nothing and may change nothing that was posted: in which all work is done.
    package static let daemonRole = "grantledger_daemon"
    /// The group of those who read their tenants' rows in SQL of their own.
    private static let readerRole = "grantledger_reader"

    /// `daemonLogsIn`: it may do so by itself, so that not even RESET ROLE leads beyond what it may do. Elsewhere the
    /// user of `conninfo` takes the role on.
    package static func migrate(conninfo: String, daemonLogsIn: Bool = false) throws(StoreError) -> Report {
        do throws(PostgresError) {
            var report = Report()
            var connection = try open(conninfo, &report)
            try prepareRoles(on: &connection)
            if daemonLogsIn { try connection.execute("ALTER ROLE \(daemonRole) LOGIN") }
            // Held by the session, so until it ends; whoever else migrates this database waits here.
            _ = try connection.query("SELECT pg_advisory_lock($1)", [.int8(lockNumber)])
            try prepareSchema(on: &connection)
            let applied = try check(on: &connection)
            for migration in LedgerSchema.migrations.dropFirst(applied) {
                try apply(migration, on: &connection)
                report.applied.append(migration.name)
            }
            return report
        } catch {
            throw StoreError(error)
        }
    }

    /// "grantled" in ASCII.
    private static let lockNumber: Int64 = 0x6772_616E_746C_6564

    // MARK: Database and role

    private static func open(_ conninfo: String, _ report: inout Report) throws(PostgresError) -> Connection {
        do throws(PostgresError) {
            return try Connection(conninfo)
        } catch {
            guard let name = DatabaseName.find(in: conninfo),
                var maintenance = try? Connection(DatabaseName.replace(in: conninfo, by: "postgres"))
            else { throw error }
            let standing = try maintenance.query("SELECT 1 FROM pg_database WHERE datname = $1", [.text(name)])
            if standing.count == 0 { report.madeDatabase = try create(name, on: &maintenance) }
            // Where it stands already, somebody else has just made it, or this tells again why it cannot be reached.
            return try Connection(conninfo)
        }
    }

    /// False where somebody else has just made it.
    private static func create(_ name: String, on connection: inout Connection) throws(PostgresError) -> Bool {
        do throws(PostgresError) {
            try connection.execute("CREATE DATABASE \(quoted(name)) ENCODING 'UTF8' TEMPLATE template0")
            return true
        } catch {
            switch error.sqlstate {
            case "42P04", "23505": return false
            case "42501":
                throw error.advising(
                    "The user needs CREATEDB, or create the database \(name) beforehand (SQL/roles.sql).")
            default: throw error
            }
        }
    }

    /// Roles belong to the whole server, and no lock of one database keeps others from making the same one: so this is
    /// tried again where somebody else was faster.
    private static func prepareRoles(on connection: inout Connection) throws(PostgresError) {
        try makeSure(
            of: "SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = '\(daemonRole)'",
            by: "GRANT \(daemonRole) TO CURRENT_USER", role: daemonRole, on: &connection)
        try makeSure(
            of: "SELECT true FROM pg_roles WHERE rolname = '\(readerRole)'", by: "", role: readerRole, on: &connection)
    }

    /// Makes a role where there is none, and then what `script` does until `question` answers true.
    private static func makeSure(
        of question: String, by script: String, role: String, on connection: inout Connection
    ) throws(PostgresError) {
        var tries = 0
        while true {
            let found = try connection.query(question)
            if found.count == 1, try found.bool(0, 0) { return }
            do throws(PostgresError) {
                try connection.execute((found.count == 0 ? "CREATE ROLE \(role) NOLOGIN; " : "") + script)
            } catch {
                tries += 1
                if error.sqlstate == "42501" {
                    throw error.advising("The user needs CREATEROLE, or run SQL/roles.sql as a superuser beforehand.")
                }
                // duplicate_object, unique_violation, and "tuple concurrently updated".
                guard ["42710", "23505", "XX000"].contains(error.sqlstate), tries < 10 else { throw error }
            }
        }
    }

    // MARK: Migrations

    private static func prepareSchema(on connection: inout Connection) throws(PostgresError) {
        let encoding = try connection.query("SELECT current_setting('server_encoding')").text(0, 0)
        guard encoding == "UTF8" else {
            throw PostgresError(
                kind: .request, message: "the database's encoding is \(encoding); make one with ENCODING 'UTF8'")
        }
        let schema = try connection.query("SELECT to_regclass('grantledger.migrations') IS NOT NULL")
        if try !schema.bool(0, 0) {
            do throws(PostgresError) {
                try connection.execute(
                    """
                    CREATE SCHEMA IF NOT EXISTS grantledger;
                    CREATE TABLE grantledger.migrations (
                        number int4 PRIMARY KEY,
                        name text NOT NULL,
                        checksum text NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now(),
                        applied_by text NOT NULL DEFAULT current_user
                    );
                    """)
            } catch {
                guard error.sqlstate == "42501" else { throw error }
                throw error.advising("The user needs CREATE on this database, or must own it (SQL/roles.sql).")
            }
        }
        try connection.execute("SET search_path = grantledger, pg_temp")
    }

    /// How many migrations stand, each of which must be the one that this program knows.
    private static func check(on connection: inout Connection) throws(PostgresError) -> Int {
        let applied = try connection.query("SELECT number, name, checksum FROM migrations ORDER BY number")
        for row in 0..<applied.count {
            let name = "\(try applied.int4(row, 0)) \"\(try applied.text(row, 1))\""
            guard row < LedgerSchema.migrations.count else {
                throw PostgresError(
                    kind: .request, message: "the database has migration \(name), which is newer than this program")
            }
            let known = LedgerSchema.migrations[row]
            guard known.number == (try applied.int4(row, 0)), known.checksum == (try applied.text(row, 2)) else {
                throw PostgresError(
                    kind: .request,
                    message: "migration \(name) was changed after it was applied; restore it and add a new one instead")
            }
        }
        return applied.count
    }

    private static func apply(
        _ migration: LedgerSchema.Migration, on connection: inout Connection
    ) throws(PostgresError) {
        do throws(PostgresError) {
            try connection.execute("BEGIN")
            try connection.execute(migration.sql)
            _ = try connection.query(
                "INSERT INTO migrations (number, name, checksum) VALUES ($1, $2, $3)",
                [.int4(migration.number), .text(migration.name), .text(migration.checksum)])
            try connection.execute("COMMIT")
        } catch {
            throw error.sqlstate == "42501"
                ? error.advising("The user must own the schema grantledger; only its owner migrates it.") : error
        }
    }

    private static func quoted(_ name: String) -> String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension LedgerSchema.Migration {
    /// SHA-256 of its text, in hexadecimal.
    var checksum: String {
        var hasher = SHA256()
        var text = sql
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hasher.finalize().hexadecimal
    }
}

extension PostgresError {
    fileprivate func advising(_ hint: String) -> PostgresError {
        PostgresError(kind: kind, message: message, detail: detail, hint: hint, constraint: constraint)
    }
}
