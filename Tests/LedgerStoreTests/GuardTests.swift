import LedgerCore
import LedgerStore
import Postgres
import Testing

/// What PostgreSQL refuses, whatever a program asks of it.
struct GuardTests {
    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        return ledger
    }

    private static let changes = [
        "UPDATE entries SET amount = amount + 1", "DELETE FROM entries", "TRUNCATE entries", "TRUNCATE entries, marks",
        "UPDATE bases SET amount = amount + 1", "DELETE FROM bases", "TRUNCATE bases",
        "DELETE FROM entries WHERE false", "UPDATE entries SET date = date WHERE false",
    ]

    @Test func whatWasPostedStandsAgainstTheOwner() throws {
        let ledger = try Self.ledger()
        var owner = try ledger.database.connect()
        for change in Self.changes {
            let error = failure { () throws(PostgresError) in try owner.execute(change) }
            #expect(error?.sqlstate == "GL001", "\(change)")
            #expect(error?.hint?.contains("REVERSE") == true, "\(change)")
        }
        let upsert = """
            INSERT INTO bases SELECT * FROM bases ON CONFLICT (root, tenant, sequence) DO UPDATE SET amount = 1
            """
        #expect(failure { () throws(PostgresError) in try owner.execute(upsert) }?.sqlstate == "GL001")
    }

    @Test func theDaemonMayOnlyAdd() throws {
        let ledger = try Self.ledger()
        var daemon = try ledger.database.connectAsDaemon()
        let tables = [
            "installation", "roots", "tenants", "schemes", "parameters", "parties", "subjects", "caps", "funds",
            "budgets",
            "awards", "heads", "entries", "marks", "bases", "entry_kinds", "account_slots", "migrations",
        ]
        let refused =
            Self.changes + tables.flatMap { ["DELETE FROM \($0)", "TRUNCATE \($0)", "DROP TABLE \($0)"] } + [
                "UPDATE awards SET tenant = 1", "UPDATE awards SET award = 'x'", "UPDATE heads SET tenant = 1",
                "UPDATE tenants SET name = 'x'", "UPDATE schemes SET cap = 1", "UPDATE funds SET fund = 'x'",
                "UPDATE parties SET uscc = 'x'", "UPDATE subjects SET subject = 'x'", "UPDATE caps SET payer = 1",
                "UPDATE migrations SET checksum = 'x'", "ALTER TABLE entries DISABLE TRIGGER ALL",
                "DROP TRIGGER entries_stand ON entries", "CREATE TABLE grantledger.mine (x int)",
                "DROP FUNCTION transfers_are_sound CASCADE", "SET session_replication_role = replica",
            ]
        for change in refused {
            let error = failure { () throws(PostgresError) in try daemon.execute(change) }
            #expect(error?.sqlstate == "42501", "\(change): \(String(describing: error))")
        }
        let owned = try daemon.query("SELECT count(*) FROM pg_class WHERE relowner = 'grantledger_daemon'::regrole")
        #expect(try owned.int8(0, 0) == 0)
    }

    /// An entry of the daemon's own role, wrong in one column each; the first is right.
    @Test func malformedEntriesAreRefused() throws {
        let ledger = try Self.ledger()
        var daemon = try ledger.database.connectAsDaemon()
        let sound = [
            "root": "1", "tenant": "2", "sequence": "6", "posted_at": "now()", "amount": "5", "award": "NULL",
            "subject": "NULL", "party": "NULL", "target": "NULL", "committed": "NULL", "disbursed": "NULL",
            "remaining": "NULL", "date": "'2023-01-01'", "kind": "2", "key": "'new'", "principal": "'x'",
            "content": "'x'",
            "transfers": "'{1,2,5}'", "hash": "sha256('')",
        ]
        func insert(_ changed: [String: String]) -> PostgresError? {
            let row = sound.merging(changed) { _, new in new }
            let columns = row.keys.sorted()
            let sql = """
                INSERT INTO entries (\(columns.joined(separator: ", "))) \
                VALUES (\(columns.map { row[$0] ?? "" }.joined(separator: ", ")))
                """
            return failure { () throws(PostgresError) in
                try daemon.execute("BEGIN")
                do throws(PostgresError) {
                    try daemon.execute(sql)
                } catch {
                    try daemon.rollback()
                    throw error
                }
                try daemon.rollback()
            }
        }
        #expect(insert([:]) == nil)
        let wrong: [(changed: [String: String], constraint: String)] = [
            (["transfers": "'{1,1,5}'"], "transfers_are_sound"), (["transfers": "'{1,2,0}'"], "transfers_are_sound"),
            (["transfers": "'{1,2,-5}'"], "transfers_are_sound"), (["transfers": "'{1,2}'"], "transfers_are_sound"),
            (["transfers": "'{1,2,5,3}'"], "transfers_are_sound"),
            (["transfers": "'{1,2,NULL}'"], "transfers_are_sound"),
            (["transfers": "'{NULL,2,5}'"], "transfers_are_sound"),
            (["transfers": "'{{1,2,5}}'"], "transfers_are_sound"),
            (["transfers": "'[0:2]={1,2,5}'"], "transfers_are_sound"),
            (["transfers": "'{1,2,5,3,3,5}'"], "transfers_are_sound"),
            (["transfers": "'{1,2,9000000000000001}'"], "transfers_are_sound"),
            (["transfers": "'{}'"], "only_a_basis_moves_nothing"),
            (["kind": "1", "subject": "1"], "only_a_basis_moves_nothing"),
            (["kind": "1", "transfers": "'{}'"], "only_a_basis_names_its_subject"),
            (["amount": "0"], "only_a_basis_is_zero"), (["amount": "-1"], "entries_amount_check"),
            (["amount": "9000000000000001"], "entries_amount_check"), (["kind": "0"], "entries_kind_check"),
            (["kind": "12"], "entries_kind_check"),
            (["kind": "11", "target": "1"], "only_an_award_is_returned"), (["hash": "'x'"], "entries_hash_check"),
            (["key": "''"], "entries_key_check"), (["sequence": "0"], "entries_sequence_check"),
            (["target": "1"], "only_later_kinds_have_a_target"),
            (["kind": "10"], "only_later_kinds_have_a_target"),
            (["kind": "10", "target": "99"], "target_comes_before"),
            (["award": "1"], "only_an_award_has_a_standing"), (["committed": "1"], "only_an_award_has_a_standing"),
            (["award": "1", "committed": "1"], "only_an_award_has_a_standing"),
            (["party": "1"], "only_settle_names_its_party"),
        ]
        for (changed, constraint) in wrong {
            let error = insert(changed)
            #expect(error?.sqlstate == "23514", "\(changed)")
            #expect(error?.constraint == constraint, "\(changed)")
        }
        #expect(insert(["sequence": "1"])?.constraint == "entries_pkey")
        #expect(insert(["key": "'a1'"])?.constraint == "entries_root_tenant_key_key")
        for column in ["date", "principal", "content", "transfers", "hash", "posted_at", "key", "amount"] {
            #expect(insert([column: "NULL"])?.sqlstate == "23502", "\(column)")
        }
    }

    @Test func balancesAreHeld() throws {
        let ledger = try Self.ledger()
        var daemon = try ledger.database.connectAsDaemon()
        let wrong: [(change: String, constraint: String)] = [
            ("UPDATE caps SET committed = -1", "cap_is_not_below_zero"),
            ("UPDATE caps SET disbursed = -1", "cap_is_not_below_zero"),
            ("UPDATE caps SET forfeited = -1", "cap_is_not_below_zero"),
            ("UPDATE caps SET committed = 9000000000000001", "cap_is_not_too_large"),
            ("UPDATE caps SET dated_days = '{2023-01-01}', dated_amounts = '{0}'", "dated_is_whole"),
            ("UPDATE caps SET dated_amounts = '{1}'", "dated_is_whole"),
            ("UPDATE budgets SET committed = -1", "budget_is_not_below_zero"),
            ("UPDATE budgets SET committed = appropriated - disbursed + 1", "budget_is_not_overdrawn"),
            ("UPDATE budgets SET appropriated = committed + disbursed - 1", "budget_is_not_overdrawn"),
            ("UPDATE budgets SET appropriated = 9000000000000001", "budget_is_not_too_large"),
            ("UPDATE awards SET committed[1] = -1", "award_is_not_below_zero"),
            ("UPDATE awards SET disbursed[1] = -1", "award_is_not_below_zero"),
            ("UPDATE awards SET recovered[1] = -1", "award_is_not_below_zero"),
            ("UPDATE awards SET committed = '{}'", "years_are_whole"),
            ("UPDATE subjects SET basis_amounts[1] = -1", "bases_are_whole"),
            ("UPDATE heads SET last_hash = 'x'", "heads_last_hash_check"),
        ]
        for (change, constraint) in wrong {
            let error = failure { () throws(PostgresError) in try daemon.execute(change) }
            #expect(error?.constraint == constraint, "\(change): \(String(describing: error))")
        }
        for change in [
            "UPDATE heads SET last_sequence = last_sequence - 1 WHERE last_sequence > 0",
            "UPDATE heads SET closed_through = '2023-01-01'; UPDATE heads SET closed_through = '2022-01-01'",
            "UPDATE heads SET closed_through = '2023-01-01'; UPDATE heads SET closed_through = NULL",
        ] {
            #expect(
                failure { () throws(PostgresError) in try daemon.execute(change) }?.sqlstate == "GL002", "\(change)")
        }
    }

    /// Where rows are not as they were decided on, the batch ends and says so.
    @Test func aForkOfTheJournalIsRefused() throws {
        let ledger = try Self.ledger()
        var owner = try ledger.database.connect()
        // As if somebody deleted an award between load and write: an update then finds nothing to change.
        try owner.execute(
            """
            CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER skip BEFORE UPDATE ON awards FOR EACH ROW EXECUTE FUNCTION skip()
            """)
        let line = "DISBURSE tenant=lingang award=A1 amount=1 date=2023-08-02 key=d2"
        do {
            _ = try ledger.send(line)
            Issue.record("the batch was posted")
        } catch StoreError.rejectedByGuard(let text) {
            #expect(text.contains("GL003") && text.contains("awards"))
        }
        try owner.execute("DROP TRIGGER skip ON awards")
        #expect(try ledger.send(line)["disbursed"] == "1500001.01")
        #expect(try ledger.send("CHECK tenant=lingang")["ok"] == "true")
    }
}
