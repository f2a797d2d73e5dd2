import Postgres
import Testing

struct ConnectionTests {
    @Test func saysWhoItIs() throws {
        var connection = try TestDatabase.connect()
        let rows = try connection.query(
            "SELECT pg_backend_pid(), current_setting('application_name'), current_setting('client_encoding')")
        #expect(try rows.int4(0, 0) == connection.backendPID)
        #expect(try rows.text(0, 1) == "grantledger")
        #expect(try rows.text(0, 2) == "UTF8")
    }

    @Test func scriptRunsWholeOrNotAtAll() throws {
        var connection = try TestDatabase.connect()
        try connection.execute("CREATE TEMP TABLE t (n int); INSERT INTO t VALUES (1); SELECT * FROM t")
        let error = failure { () throws(PostgresError) in
            try connection.execute("INSERT INTO t VALUES (2); SELECT nonsense; INSERT INTO t VALUES (3)")
        }
        #expect(error?.sqlstate == "42703")
        #expect(try connection.query("SELECT count(*) FROM t").int8(0, 0) == 1)
        try connection.execute("")
        #expect(connection.isUsable == true)
    }

    @Test func errorTellsAllThatTheServerSays() throws {
        var connection = try TestDatabase.connect()
        let error = try #require(
            failure { () throws(PostgresError) in
                try connection.execute(
                    """
                    DO $$ BEGIN
                        RAISE EXCEPTION E'two\\nlines' USING ERRCODE = 'GL001', DETAIL = 'why', HINT = 'what to do';
                    END $$
                    """)
            })
        #expect(error.kind == .server(sqlstate: "GL001"))
        #expect(error.detail == "why")
        #expect(error.hint == "what to do")
        #expect(error.description == "database error GL001: two lines; why; what to do")
    }

    @Test func backendThatIsKilledWhileItWorksIsALostConnection() throws {
        var connection = try TestDatabase.connect()
        let error = failure { () throws(PostgresError) in
            _ = try connection.pipeline([
                Statement("SELECT 1"),
                Statement("SELECT pg_terminate_backend(pg_backend_pid())"),
                Statement("SELECT 2"),
            ])
        }
        #expect(error?.sqlstate == "57P01")
        #expect(error?.isConnectionLost == true)
        #expect(connection.isUsable == false)
        #expect(connection.transactionStatus == .unknown)
        let later = failure { () throws(PostgresError) in _ = try connection.query("SELECT 1") }
        #expect(later?.kind == .connection)
        #expect(failure { () throws(PostgresError) in try connection.execute("SELECT 1") }?.isConnectionLost == true)
    }

    enum Call: CaseIterable { case query, execute, copyIn }

    @Test(arguments: Call.allCases)
    func backendThatIsKilledWhileItIsIdleIsALostConnection(call: Call) throws {
        var connection = try TestDatabase.connect()
        var other = try TestDatabase.connect()
        _ = try other.query("SELECT pg_terminate_backend($1)", [.int4(connection.backendPID)])
        let stillThere = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)"
        while try other.query(stillThere, [.int4(connection.backendPID)]).bool(0, 0) {}
        let error = failure { () throws(PostgresError) in
            switch call {
            case .query: _ = try connection.query("SELECT 1")
            case .execute: try connection.execute("SELECT 1")
            case .copyIn: try connection.copyIn("COPY pg_class FROM STDIN", [])
            }
        }
        #expect(error?.isConnectionLost == true)
        #expect(connection.isUsable == false)
    }

    @Test func serverThatIsNotThereIsALostConnection() {
        let error = failure { () throws(PostgresError) in _ = try Connection("postgres://nobody@127.0.0.1:1/nothing") }
        #expect(error?.kind == .connection)
        #expect(error?.isConnectionLost == true)
    }

    /// libpq quotes what it cannot read, and reads parts of a password that is not escaped as something else.
    @Test(arguments: [
        "postgres://user:geheim@127.0.0.1:1/name",
        "postgres://user:x@geheim@127.0.0.1:1/name",
        "postgres://user:geheim/x@127.0.0.1:1/name",
        "postgres://user:12/geheim@127.0.0.1:1/name",
        "postgres://user:%geheim@127.0.0.1:1/name",
        "postgres://user:x@127.0.0.1:1/name?geheim=1",
        "host=127.0.0.1 port=1 password=x geheim",
        "host=127.0.0.1 port=1 password='geheim",
        "host=127.0.0.1 port=1 password=geheim",
    ])
    func passwordIsNeverShown(conninfo: String) {
        let error = failure { () throws(PostgresError) in _ = try Connection(conninfo) }
        #expect(error?.kind == .connection)
        #expect(error.map { "\($0)".contains("geheim") || String(reflecting: $0).contains("geheim") } == false)
    }
}
