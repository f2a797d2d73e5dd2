import Foundation
import LedgerStore
import Postgres
import Testing

/// What direct SQL shows to logins that were let in for reporting, and to those that were not.
struct ReportingRoleTests {
    /// Two zones under a city, a district under one of them, and another city. The second zone has a scheme, a party
    /// and an award that are nobody else's business; the first one pays on a subject that was opened for that party.
    private static let town = """
        TENANT.CREATE tenant=nanhui parent=lingang name=南汇
        TENANT.CREATE tenant=beijing name=北京
        APPROPRIATE tenant=nanhui fund=general year=2023 amount=1000 date=2023-01-05 key=n1
        APPROPRIATE tenant=beijing fund=general year=2023 amount=1000 date=2023-01-05 key=n1
        SCHEME.PUT tenant=zhangjiang scheme=own version=1 name=Own subject-kind=project cap=1000 authorities=kjw
        PARTY.PUT tenant=zhangjiang party=zeta kind=company name=Zeta bank=BOC account=777
        SUBJECT.OPEN tenant=zhangjiang scheme=own subject=Z9 party=zeta opened=2023-01-01
        APPROPRIATE tenant=zhangjiang fund=own year=2023 amount=3333 date=2023-01-05 key=z0
        COMMIT tenant=zhangjiang award=Z1 scheme=own subject=Z9 amount=77.77 date=2023-08-03 key=z1
        SUBJECT.OPEN tenant=zhangjiang scheme=pilot subject=P2 party=zeta opened=2023-06-01
        CONDITION.MEET tenant=zhangjiang scheme=pilot subject=P2 condition=filed date=2023-06-01
        BASIS.SET tenant=zhangjiang scheme=pilot subject=P2 amount=100 date=2023-06-01 key=z2
        COMMIT tenant=lingang award=A2 scheme=pilot subject=P2 amount=10 date=2023-08-03 key=c2
        DISBURSE tenant=lingang award=A2 amount=4 date=2023-08-04 key=d2
        """

    @Test func eachReaderHasTheRowsOfItsTenantsAlone() throws {
        let town = try ReportingTown(Self.town)
        let shown: [(sql: String, lingang: String, zhangjiang: String, shanghai: String)] = [
            ("id FROM tenants", "lingang,nanhui,shanghai", "shanghai,zhangjiang", "lingang,nanhui,shanghai,zhangjiang"),
            ("scheme FROM schemes", "pilot", "own,pilot", "own,pilot"),
            ("party FROM parties", "acme", "acme,zeta", "acme,zeta"),
            ("subject FROM subjects", "P1,P2", "P1,Z9", "P1,P2,Z9"),
            ("subject FROM own_subjects", "P1,P2", "P1,Z9", "P1,P2,Z9"),
            ("s.subject FROM caps c JOIN subjects s ON s.number = c.subject", "P1,P2", "P1,Z9", "P1,P2,Z9"),
            ("s.subject FROM own_caps c JOIN subjects s ON s.number = c.subject", "P1,P2", "P1,Z9", "P1,P2,Z9"),
            ("award FROM awards", "A1,A2", "A1,Z1", "A1,A2,Z1"), ("tenant FROM funds", "2,4", "3", "2,3,4"),
            ("f.tenant FROM budgets b JOIN funds f ON f.number = b.fund", "2,4", "3", "2,3,4"),
            ("tenant FROM heads", "2,4", "3", "1,2,3,4"), ("tenant FROM entries", "2,4", "3", "2,3,4"),
            ("tenant FROM bases", "2", "3", "2,3"), ("tenant FROM transfers", "lingang,nanhui", "zhangjiang", "all"),
            ("tenant FROM accounts", "lingang,nanhui", "zhangjiang", "all"),
            ("tenant FROM award_payees", "2", "3", "2,3"), ("tenant FROM readers", "2", "3", "1"),
        ]
        for (sql, lingang, zhangjiang, shanghai) in shown {
            let everybody = "lingang,nanhui,zhangjiang"
            #expect(try town.list(sql, as: "lingang") == lingang, "\(sql)")
            #expect(try town.list(sql, as: "zhangjiang") == zhangjiang, "\(sql)")
            #expect(try town.list(sql, as: "shanghai") == (shanghai == "all" ? everybody : shanghai), "\(sql)")
            // Who may read everything, but was granted nothing.
            if !sql.contains("own_") { #expect(try town.list(sql, as: "auditor") == "", "\(sql)") }
        }
    }

    /// A login that names the schema sees what one sees that has it in its search_path.
    @Test func viewsMeanTheSameTablesWhateverTheSearchPath() throws {
        let town = try ReportingTown(Self.town)
        var reader = try town.connect(as: "lingang")
        let views = try reader.query("SELECT viewname::text FROM pg_views WHERE schemaname = 'grantledger'")
        try #require(views.count > 3)
        for row in 0..<views.count {
            let view = try views.text(row, 0)
            try reader.execute("SET search_path = grantledger")
            let shown = try reader.query("SELECT count(*) FROM \(view)").int8(0, 0)
            try reader.execute("SET search_path = ''")
            let found = try reader.query("SELECT count(*) FROM grantledger.\(view)").int8(0, 0)
            #expect(found == shown, "\(view)")
        }
    }

    @Test func aSettingOnlyNarrows() throws {
        let town = try ReportingTown(Self.town)
        let settings = [
            ("lingang", "2,4"), ("nanhui", "4"), ("shanghai", "2,4"), ("", "2,4"), ("zhangjiang", ""), ("beijing", ""),
            ("nobody", ""), ("LINGANG", ""), ("2", ""),
        ]
        var reader = try town.connect(as: "lingang")
        for (setting, tenants) in settings {
            try reader.execute("SET grantledger.tenant = '\(setting)'")
            #expect(try town.list("tenant FROM entries", on: &reader) == tenants, "\(setting)")
        }
    }

    /// Accounts of a cap that is shared have their names; a payee that the reader does not see has its number.
    @Test func transfersHaveNames() throws {
        let town = try ReportingTown(Self.town)
        var reader = try town.connect(as: "lingang")
        // Whatever names a reader's own session has.
        try reader.execute("SET search_path = pg_temp; CREATE TEMPORARY TABLE awards AS SELECT 1 AS root")
        let sql = """
            SELECT coalesce(string_agg(credit, ' ' ORDER BY position), '') FROM grantledger.transfers
            WHERE verb = 'DISBURSE' AND tenant = 'lingang' AND debit IS NOT NULL GROUP BY sequence ORDER BY sequence
            """
        let rows = try reader.query(sql)
        let party = try town.owner { try $0.query("SELECT number FROM parties WHERE party = 'zeta'").int8(0, 0) }
        #expect(rows.count == 2)
        for (row, names) in [
            (0, ["cap:shanghai|pilot|P1:committed", "award:A1:2023:committed", "payable:shanghai|acme"]),
            (1, ["cap:shanghai|pilot|P2:committed", "award:A2:2023:committed", "payable:#\(party)"]),
        ] {
            let credits = try rows.text(row, 0).split(separator: " ").map(String.init)
            #expect(credits.count == 4)
            for name in names { #expect(credits.contains(name), "\(name) in \(credits)") }
        }
    }

    @Test func everyWayAcrossIsRefused() throws {
        let town = try ReportingTown(Self.town)
        let login = town.login("lingang")
        let crossings = [
            "SET ROLE grantledger_daemon", "SET ROLE postgres", "SET ROLE \(town.login("shanghai"))",
            "SET SESSION AUTHORIZATION \(town.login("shanghai"))", "SET session_replication_role = replica",
            "ALTER ROLE \(login) BYPASSRLS", "GRANT grantledger_daemon TO \(login)",
            "SET ROLE grantledger_reader; SELECT * FROM grantledger.entries",
            "SET row_security = off; SELECT count(*) FROM entries", "SELECT grant_reporting('\(login)', 'shanghai')",
            "SELECT revoke_reporting('\(login)', 'lingang')", "UPDATE readers SET tenant = 1", "DELETE FROM readers",
            "INSERT INTO readers VALUES (1, 1, '\(login)')", "ALTER TABLE entries DISABLE ROW LEVEL SECURITY",
            "CREATE POLICY mine ON entries USING (true)", "DROP POLICY reader ON entries",
            "ALTER VIEW transfers SET (security_invoker = false)", "CREATE TABLE grantledger.mine (x int)",
            "CREATE TABLE public.mine (x int)", "CREATE FUNCTION grantledger.f() RETURNS int LANGUAGE sql RETURN 1",
            "SELECT gather_statistics()", "SELECT * FROM roots", "SELECT * FROM installation",
            "SELECT * FROM migrations", "SELECT term_caps FROM subjects", "SELECT committed FROM caps",
            "SELECT * FROM entries FOR UPDATE", "UPDATE awards SET award = 'x'", "DELETE FROM marks",
            "INSERT INTO marks VALUES (1, 2, 1, 2, 3)", "TRUNCATE entries", "COPY entries FROM STDIN",
        ]
        for sql in crossings {
            var reader = try town.connect(as: "lingang")
            let error = failure { () throws(PostgresError) in try reader.execute(sql) }
            #expect(error?.sqlstate == "42501", "\(sql): \(String(describing: error))")
        }
        // A login that was granted nothing here; and one that is only of the group, as for another database.
        for stranger in ["stranger", "member"] {
            for sql in ["entries", "transfers", "own_caps", "readers", "entry_kinds", "visible_tenants()"] {
                var connection = try town.connect(as: stranger)
                let error = failure { () throws(PostgresError) in
                    _ = try connection.query("SELECT * FROM grantledger.\(sql)")
                }
                #expect(error?.sqlstate == "42501", "\(stranger): \(sql)")
            }
        }
    }

    /// Functions of the reader's own, which would tell what they are given, and errors that would, see no other rows.
    @Test func conditionsTellNothing() throws {
        let town = try ReportingTown(Self.town)
        var reader = try town.connect(as: "lingang")
        try reader.execute(
            """
            CREATE FUNCTION pg_temp.tell(value text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
            BEGIN IF value ~ 'zeta|Zeta|Z1|Z9|own|777|zhangjiang' THEN RAISE 'seen: %', value; END IF; RETURN true; END
            $$;
            CREATE OPERATOR pg_temp.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq, RESTRICT = eqsel);
            """)
        for sql in [
            "parties WHERE pg_temp.tell(name || account)", "awards WHERE pg_temp.tell(award)",
            "schemes WHERE pg_temp.tell(scheme)", "subjects WHERE pg_temp.tell(subject)",
            "tenants WHERE pg_temp.tell(id)", "transfers WHERE pg_temp.tell(debit)",
            "entries WHERE pg_temp.tell(content)", "entries WHERE 1 / (amount - 7777) = 5",
            "own_caps WHERE 1 / (committed - 7777) = 5", "awards WHERE award OPERATOR(pg_temp.===) 'Z1'",
        ] {
            #expect(throws: Never.self, "\(sql)") { _ = try reader.query("SELECT count(*) FROM \(sql)") }
        }
        // Nor does EXPLAIN ANALYZE tell an amount or account that another tenant has from one that nobody has.
        for (table, column, theirs, nobodys) in [
            ("entries", "amount", "7777", "7778"), ("parties", "account", "'777'", "'778'"),
            ("budgets", "appropriated", "333300", "333301"), ("own_caps", "committed", "7777", "7778"),
        ] {
            func plan(_ value: String) throws -> String {
                let rows = try reader.query(
                    """
                    EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF) SELECT FROM \(table) \
                    WHERE \(column) = \(value) AND root = 1
                    """)
                return try (0..<rows.count).map { try rows.text($0, 0) }.joined(separator: "\n")
                    .replacingOccurrences(of: value, with: "…")
            }
            #expect(try plan(theirs) == plan(nobodys), "\(table).\(column)")
        }
    }

    @Test func rightsAreGrantedWithReason() throws {
        let town = try ReportingTown(Self.town)
        let login = town.login("lingang")
        let wrong = [
            ("grant_reporting('nobody at all', 'lingang')", "there is no role \"nobody at all\""),
            ("grant_reporting('\(login)', 'nowhere')", "there is no tenant nowhere"),
            ("grant_reporting('grantledger_reader', 'lingang')", "is no login"),
            ("grant_reporting('postgres', 'lingang')", "by its own attributes"),
            ("grant_reporting('\(town.login("auditor"))', 'lingang')", "as a member of pg_read_all_data"),
            ("revoke_reporting('\(login)', 'nanhui')", "was not granted the tenant nanhui"),
        ]
        for (call, tells) in wrong {
            let error = failure { () throws(any Error) in try town.owner { _ = try $0.query("SELECT \(call)") } }
            #expect((error as? PostgresError)?.sqlstate == "GL004", "\(call)")
            #expect((error as? PostgresError)?.message.contains(tells) == true, "\(call): \(String(describing: error))")
        }
        var reader = try town.connect(as: "lingang")
        #expect(throws: PostgresError.self) { try town.owner { try $0.execute("DROP ROLE \(login)") } }
        try town.owner { _ = try $0.query("SELECT grant_reporting('\(login)', 'zhangjiang')") }
        #expect(try town.list("tenant FROM entries", on: &reader) == "2,3,4")
        try town.owner { _ = try $0.query("SELECT revoke_reporting('\(login)', 'lingang')") }
        #expect(try town.list("tenant FROM entries", on: &reader) == "3")
        try town.owner { _ = try $0.query("SELECT revoke_reporting('\(login)', 'zhangjiang')") }
        let error = failure { () throws(PostgresError) in _ = try reader.query("SELECT FROM grantledger.entries") }
        #expect(error?.sqlstate == "42501")
    }

    /// Also of tables and views that come later.
    @Test func whatReadersMayReadIsGuarded() throws {
        let town = try ReportingTown("")
        let unguarded = """
            SELECT c.relname::text FROM pg_class c
            WHERE c.relnamespace = 'grantledger'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
                AND has_any_column_privilege('grantledger_reader', c.oid, 'SELECT')
                AND NOT CASE c.relkind
                    WHEN 'r' THEN c.relrowsecurity
                    WHEN 'v' THEN coalesce(c.reloptions, '{}') && '{security_invoker=true,security_barrier=true}'
                    ELSE false END
            ORDER BY 1
            """
        let names = try town.owner { connection in
            let rows = try connection.query(unguarded)
            return try (0..<rows.count).map { try rows.text($0, 0) }
        }
        #expect(names == ["account_slots", "entry_kinds"])
    }
}

/// What a mistake of the daemon itself could write to the journal.
struct StrayEntryTests {
    @Test func entriesGoOnWhereTheHeadStands() throws {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        var daemon = try ledger.database.connectAsDaemon()
        func entries(_ tenant: Int, _ sequences: String, root: Int = 1) -> String {
            """
            INSERT INTO entries (root, tenant, sequence, posted_at, amount, date, kind, key, principal, content,
                transfers, hash)
            SELECT \(root), \(tenant), n, now(), 5, '2023-01-01', 2, 'new' || n, 'x', 'x', '{1,2,5}', sha256('')
            FROM unnest(ARRAY[\(sequences)]) n
            """
        }
        func head(_ sequence: Int, _ hash: String) -> String {
            "UPDATE heads SET last_sequence = \(sequence), last_hash = sha256('\(hash)') WHERE tenant = 2"
        }
        // The journal of tenant 2 has five entries.
        let tries: [(script: [String], sqlstate: String?)] = [
            ([entries(2, "6")], nil), ([entries(2, "6, 7, 8"), head(8, "")], nil), ([entries(2, "99")], "GL005"),
            ([entries(2, "7")], "GL005"), ([entries(2, "6, 8")], "GL005"), ([entries(2, "5")], "23505"),
            ([entries(999, "1")], "GL005"), ([entries(999, "1", root: 999)], "GL005"),
            ([entries(2, "6", root: 999)], "GL005"), ([head(6, "")], "GL005"), ([head(5, "")], "GL005"),
            ([entries(2, "6"), head(6, "other")], "GL005"), ([entries(2, "6"), head(7, "")], "GL005"),
            ([entries(2, "6"), entries(2, "6")], "23505"),
        ]
        for (script, sqlstate) in tries {
            let error = failure { () throws(PostgresError) in
                try daemon.execute("BEGIN; \(script.joined(separator: "; "))")
            }
            #expect(error?.sqlstate == sqlstate, "\(script): \(String(describing: error))")
            try daemon.rollback()
        }
    }
}

/// A ledger, and logins of its own to look at it: named after what they were granted, or after what they are.
private final class ReportingTown {
    private let ledger: TestLedger
    private let suffix = UUID().uuidString.lowercased().prefix(8)
    private static let granted = ["shanghai", "lingang", "zhangjiang"]
    private static let others = [("auditor", "IN ROLE pg_read_all_data"), ("stranger", ""), ("member", "")]

    init(_ lines: String) throws {
        ledger = try TestLedger(today: "2023-10-01")
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days + "\n" + lines)
        for (name, options) in Self.granted.map({ ($0, "") }) + Self.others {
            try owner { try $0.execute("CREATE ROLE \(login(name)) LOGIN \(options)") }
        }
        for name in Self.granted {
            try owner { _ = try $0.query("SELECT grant_reporting('\(login(name))', '\(name)')") }
        }
        try owner {
            try $0.execute("GRANT USAGE ON SCHEMA grantledger TO \(login("auditor"))")
            try $0.execute("GRANT grantledger_reader TO \(login("member"))")
        }
    }

    deinit {
        for name in Self.granted + Self.others.map(\.0) {
            try? owner { try $0.execute("DROP OWNED BY \(login(name)); DROP ROLE \(login(name))") }
        }
    }

    func login(_ name: String) -> String { "\(name)_\(suffix)" }

    func connect(as name: String) throws -> Connection {
        var connection = try Connection(ledger.database.conninfo + " user=\(login(name))")
        try connection.execute("SET search_path = grantledger, pg_temp")
        return connection
    }

    func owner<Answer>(_ body: (inout Connection) throws -> Answer) throws -> Answer {
        var connection = try ledger.database.connect()
        return try body(&connection)
    }

    /// The different values that `SELECT` of this gives, in order.
    func list(_ sql: String, as name: String) throws -> String {
        var connection = try connect(as: name)
        return try list(sql, on: &connection)
    }

    func list(_ sql: String, on connection: inout Connection) throws -> String {
        let all = "SELECT coalesce(string_agg(DISTINCT v::text, ',' ORDER BY v::text), '') FROM (SELECT \(sql)) x (v)"
        return try connection.query(all).text(0, 0)
    }
}
