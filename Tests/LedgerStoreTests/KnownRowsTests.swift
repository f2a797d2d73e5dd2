import LedgerCore
import LedgerStore
import Postgres
import TestKit
import Testing

/// Rows that a daemon holds in memory are relied on only as long as they stand.
struct KnownRowsTests {
    /// An award of 100, of which 40 are paid; what it needs is known to the ledger's writer.
    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        try ledger.load(
            """
            COMMIT tenant=lingang award=A2 scheme=pilot subject=P1 amount=100 date=2023-08-02 key=k1
            DISBURSE tenant=lingang award=A2 amount=40 date=2023-08-02 key=k2
            """)
        return ledger
    }

    private static func work(_ lines: String...) throws -> [Work] {
        try lines.map { Work.single(try TestLedger.envelope($0)) }
    }

    @Test func whatAnotherDaemonPostsCounts() throws {
        let ledger = try Self.ledger()
        let other = try TestLedger(on: ledger.database)
        try other.load("DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=k3")
        let refused = try ledger.send("DISBURSE tenant=lingang award=A2 amount=1 date=2023-08-02 key=k4")
        #expect(refused.refusal?.code == .awardExceeded)
        try other.load("RECOVER tenant=lingang award=A2 amount=1 date=2023-08-02 key=k5")
        let replayed = try other.send("DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=k3")
        #expect(replayed["replayed"] == "true")
        #expect(try Invariants.violations(in: ledger.database) == [])
    }

    @Test func aKeyThatWasUsedIsToldBeforeAnyLimit() throws {
        let ledger = try Self.ledger()
        try ledger.load("DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=k3")
        let entries = try ledger.send("CHECK tenant=lingang")["entries"]
        for _ in 0..<3 {
            let outcomes = try ledger.batch([
                "DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=k3",
                "DISBURSE tenant=lingang award=A2 amount=61 date=2023-08-02 key=k3",
                "DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=new",
            ])
            #expect(outcomes[0]["replayed"] == "true")
            #expect(outcomes[1].refusal?.code == .keyConflict)
            #expect(outcomes[2].refusal?.code == .awardExceeded)
        }
        #expect(try ledger.send("CHECK tenant=lingang")["entries"] == entries)
    }

    /// The next batch is decided over what one is about to leave; that one is lost on its way.
    @Test(arguments: ["60", "61"]) func whatNeverCameToStandIsForgotten(amount: String) throws {
        let ledger = try Self.ledger()
        let known = KnownBooks()
        let first = try Self.work("DISBURSE tenant=lingang award=A2 amount=60 date=2023-08-02 key=k3")
        let second = try Self.work("DISBURSE tenant=lingang award=A2 amount=\(amount) date=2023-08-02 key=k4")

        var writer = try LedgerWriter(conninfo: ledger.database.conninfo, sealer: .forTests, known: known)
        _ = try writer.post(
            try Self.work("DISBURSE tenant=lingang award=A2 amount=1 date=2023-08-02 key=k2"), root: 1, at: ledger.now)
        let database = ledger.database
        let cut = Cut {
            guard var connection = try? database.connect() else { return }
            _ = try? connection.query(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
        }
        #expect(throws: StoreError.self) { try writer.post(first, root: 1, at: ledger.now, in: cut) }

        var next = try LedgerWriter(conninfo: ledger.database.conninfo, sealer: .forTests, known: known)
        guard case .one(let outcome) = try next.post(second, root: 1, at: ledger.now)[0] else { return }
        #expect(outcome.refusal?.code == (amount == "60" ? nil : .awardExceeded))
        #expect(outcome["disbursed"] == (amount == "60" ? "100.00" : "40.00"))
        #expect(try Invariants.violations(in: ledger.database) == [])
    }
}

/// Does something once the batch is decided, known to others, and not sent yet.
private struct Cut: Succession {
    let act: @Sendable () -> Void

    func letFollow() {}
    func holdLock() {}
    func waitForLockOfBefore() { act() }
    func waitForBefore() {}
}
