import LedgerSchema
import Postgres

/// How the connections of the daemon's workers are opened.
enum Session {
    /// The role that may neither change nor delete an entry; the worker keeps it for the whole session.
    private static let common = """
        SET ROLE grantledger_daemon;
        SET search_path = grantledger, pg_temp;
        SET TimeZone = 'UTC';
        SET jit = off;
        SET idle_in_transaction_session_timeout = '15s';
        """

    /// What posts and what asks for the remainder has one right plan: a nested loop that finds every row by its unique
    /// index. The planner is led there: it has no other ways, and takes for granted that pages are in memory.
    private static let plannerSettings = [
        ("enable_seqscan", "off"), ("enable_bitmapscan", "off"), ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("enable_material", "off"), ("random_page_cost", "0"), ("seq_page_cost", "0"),
    ]

    private static let byIndex = plannerSettings.map { "SET \($0) = \($1);" }.joined()

    /// For the rest of a transaction that reads much: the planner as the server has it.
    static let bySize = plannerSettings.map { "SET LOCAL \($0.0) TO DEFAULT;" }.joined()

    /// A statement takes milliseconds; only waiting for the root's lock takes longer.
    static let forWriting = byIndex + "SET synchronous_commit = on; SET statement_timeout = '30s';"

    /// A trial balance over millions of entries may take its time.
    static let forReading =
        byIndex + "SET default_transaction_isolation = 'repeatable read'; SET default_transaction_read_only = on;"
        + "SET statement_timeout = '600s';"

    static func open(_ conninfo: String, _ settings: String) throws(StoreError) -> Connection {
        do throws(PostgresError) {
            var connection = try Connection(conninfo)
            do throws(PostgresError) {
                try connection.execute(common + settings)
            } catch {
                throw advised(error)
            }
            let newest = try connection.query("SELECT max(number) FROM migrations").optionalInt4(0, 0) ?? 0
            let known = LedgerSchema.migrations.last?.number ?? 0
            guard newest == known else { throw .version(newest, known: known) }
            return connection
        } catch {
            throw StoreError(error)
        }
    }

    /// Names what is missing where the session could not be set up.
    private static func advised(_ error: PostgresError) -> PostgresError {
        guard error.sqlstate == "42501" || error.sqlstate == "22023" else { return error }
        return PostgresError(
            kind: error.kind, message: error.message,
            hint: "The user must be a member of the role grantledger_daemon; see SQL/roles.sql.")
    }
}

extension PostgresError {
    fileprivate static func version(_ found: Int32, known: Int32) -> PostgresError {
        let advice = found > known ? "start the newer program" : "migrate it first"
        return PostgresError(
            kind: .request, message: "the database has migration \(found), this program knows \(known); \(advice)")
    }
}
