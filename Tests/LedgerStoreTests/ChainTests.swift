import LedgerCore
import Postgres
import Testing

/// CHECK and the chain find what somebody changed past all guards: as a superuser, with the triggers off.
struct ChainTests {
    private static let tampering: [(what: String, sql: String, tells: String)] = [
        (
            "an amount", "UPDATE entries SET amount = amount + 1 WHERE tenant = 2 AND sequence = 4",
            "E2-4 is not what was posted"
        ),
        (
            "a date", "UPDATE entries SET date = date - 1 WHERE tenant = 2 AND sequence = 4",
            "E2-4 is not what was posted"
        ),
        ("a key", "UPDATE entries SET key = 'x' WHERE tenant = 2 AND sequence = 4", "E2-4 is not what was posted"),
        ("a principal", "UPDATE entries SET principal = 'x' WHERE tenant = 2 AND sequence = 4", "E2-4 is not what"),
        (
            "a reference", "UPDATE entries SET content = replace(content, 'ICBC', 'CCB') WHERE sequence = 5",
            "E2-5 is not what"
        ),
        (
            "a moment", "UPDATE entries SET posted_at = posted_at + interval '1us' WHERE tenant = 2 AND sequence = 4",
            "E2-4 is not"
        ),
        (
            "a reply", "UPDATE entries SET remaining = remaining - 1 WHERE tenant = 2 AND sequence = 5",
            "E2-5 is not what was"
        ),
        (
            "a transfer", "UPDATE entries SET transfers[3] = transfers[3] + 1 WHERE tenant = 2 AND sequence = 1",
            "E2-1 is not"
        ),
        (
            "an account", "UPDATE entries SET transfers[1] = transfers[1] + 64 WHERE tenant = 2 AND sequence = 1",
            "E2-1 is not"
        ),
        (
            "a hash", "UPDATE entries SET hash = sha256('') WHERE tenant = 2 AND sequence = 2",
            "E2-2 is not what was posted"
        ),
        ("a dropped entry", "DELETE FROM entries WHERE tenant = 2 AND sequence = 2", "E2-3 follows on sequence 1"),
        (
            "a dropped end", "DELETE FROM entries WHERE tenant = 2 AND sequence = 5",
            "head is at sequence 5, and its last entry at 4"
        ),
        (
            "swapped entries",
            """
            UPDATE entries SET sequence = 100 WHERE tenant = 2 AND sequence = 1;
            UPDATE entries SET sequence = 1 WHERE tenant = 2 AND sequence = 2;
            UPDATE entries SET sequence = 2 WHERE tenant = 2 AND sequence = 100
            """, "E2-1 is not what was posted"
        ),
        ("an award's name", "UPDATE awards SET award = 'A9' WHERE tenant = 2", "is not what was posted"),
        ("a head's hash", "UPDATE heads SET last_hash = sha256('') WHERE tenant = 2", "head has another hash"),
        ("a lost head", "DELETE FROM heads WHERE tenant = 2", "no head"),
        (
            "a budget", "UPDATE budgets SET committed = committed - 1 WHERE committed > 0 AND year = 2023",
            "budget:general:2023:committed is"
        ),
        ("a lost budget", "DELETE FROM budgets WHERE disbursed > 0", "the 2023 budget of fund number"),
        (
            "an award", "UPDATE awards SET disbursed[1] = disbursed[1] - 1 WHERE tenant = 2",
            "award:A1:2023:disbursed is 1500000.00"
        ),
        ("an award's year", "UPDATE awards SET years[1] = 2022 WHERE tenant = 2", "award:A1:2022:committed is"),
        (
            "an award's day", "UPDATE awards SET latest = latest - 1 WHERE tenant = 2",
            "award:A1 says that its latest entry"
        ),
        ("a lost award", "DELETE FROM awards WHERE tenant = 2", "belongs to nothing"),
        ("a cap", "UPDATE caps SET committed = committed - 1", "cap:shanghai|pilot|P1:committed is 3499999.98"),
        (
            "a cap's days", "UPDATE caps SET dated_days = '{2023-01-01}', dated_amounts = '{1}'",
            "cap:shanghai|pilot|P1 counts its commitments"
        ),
        ("a basis", "UPDATE subjects SET basis_amounts = '{1}'", "the basis that E2-3 set"),
        ("a lost basis", "DELETE FROM bases", "the basis that E2-3 set"),
        ("a mark", "INSERT INTO marks VALUES (1, 2, 4, 5, NULL)", "E2-4 is not marked"),
    ]

    @Test(arguments: tampering.indices)
    func findsWhatWasChanged(index: Int) throws {
        let (what, sql, tells) = Self.tampering[index]
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        let before = try ledger.send("CHECK tenant=lingang")
        #expect(before["ok"] == "true" && before["entries"] == "5", "\(before.fields)")

        var connection = try ledger.database.connect()
        try connection.execute("SET session_replication_role = replica; \(sql)")
        let check = try ledger.send("CHECK tenant=lingang")
        #expect(check["ok"] == "false", "\(what)")
        let differences = (0..<(check.count("differences") ?? 0)).map { check["differences.\($0)"] ?? "" }
        #expect(differences.contains { $0.contains(tells) }, "\(what): \(differences)")
    }

    /// A shared cap shows the other payer's tampered balance to both.
    @Test func aSharedCapIsRecomputedFromAllItsPayers() throws {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        var connection = try ledger.database.connect()
        try connection.execute("UPDATE caps SET disbursed = disbursed + 1")
        for tenant in ["lingang", "zhangjiang"] {
            #expect(try ledger.send("CHECK tenant=\(tenant)")["ok"] == "false", "\(tenant)")
        }
        #expect(try ledger.send("CHECK tenant=shanghai")["ok"] == "true")
    }

    @Test func longJournalsAreWalkedInPortions() throws {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town)
        for start in stride(from: 0, to: 5_200, by: 1_300) {
            _ = try ledger.batch(
                (start..<start + 1_300).map {
                    "APPROPRIATE tenant=lingang fund=general year=2025 amount=0.01 date=2023-02-01 key=many\($0)"
                })
        }
        let check = try ledger.send("CHECK tenant=lingang")
        #expect(check["ok"] == "true" && check["entries"] == "5203" && check["transfers"] == "5202")
        #expect(try ledger.send("BUDGET tenant=lingang fund=general year=2025")["available"] == "52.00")
    }
}
