import Glibc
import LedgerCore
import LedgerStore
import Postgres
import TestKit
import Testing

/// A connection that is lost around COMMIT: the attempt tells whether it stands, and nothing is posted twice or lost.
struct LostConnectionTests {
    private static let lines = [
        "COMMIT tenant=lingang award=A2 scheme=pilot subject=P1 amount=100 date=2023-08-02 key=lost1",
        "DISBURSE tenant=lingang award=A2 amount=40 date=2023-08-02 key=lost2",
        "DISBURSE tenant=lingang award=A2 amount=100 date=2023-08-02 key=lost3",
    ]

    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        return ledger
    }

    @Test(arguments: [CuttingProxy.Cut.before, .after])
    func aroundCommitOfABatch(cut: CuttingProxy.Cut) throws {
        let ledger = try Self.ledger()
        let work = try Self.lines.map { Work.single(try TestLedger.envelope($0)) }
        let proxy = try CuttingProxy(to: ledger.database.conninfo, cut: cut, around: "COMMIT\0")
        defer { proxy.stop() }

        var writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        let attempt = try #require(
            attempt { () throws(StoreError) in _ = try writer.post(work, root: 1, at: ledger.now) })
        let isUsable = writer.isUsable
        #expect(!isUsable)
        writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        // Somebody else's batch comes between, or not at all.
        try ledger.load("APPROPRIATE tenant=lingang fund=general year=2023 amount=1 date=2023-08-02 key=between")
        let verdicts = try writer.post(work, root: 1, at: ledger.now, after: attempt)

        let outcomes = verdicts.compactMap { if case .one(let outcome) = $0 { outcome } else { nil } }
        #expect(outcomes.map { $0.refusal?.code } == [nil, nil, .awardExceeded])
        #expect(outcomes.map { $0["replayed"] } == [nil, nil, nil])
        #expect(outcomes[1]["committed"] == "60.00" && outcomes[1]["disbursed"] == "40.00")
        // Committed, the batch came before the one between; cut off, after it.
        #expect(outcomes[0]["entry"] == (cut == .after ? "E2-6" : "E2-7"))
        let check = try ledger.send("CHECK tenant=lingang")
        #expect(check["ok"] == "true" && check["entries"] == "8", "\(check.fields)")
        #expect(try Invariants.violations(in: ledger.database) == [])
    }

    @Test(arguments: [CuttingProxy.Cut.before, .after])
    func aroundCommitOfAVoucher(cut: CuttingProxy.Cut) throws {
        let ledger = try Self.ledger()
        let steps: [VoucherStep] = [
            .command(try TestLedger.envelope(Self.lines[0])),
            .query(try TestLedger.query("AWARD tenant=lingang award=A2")),
            .command(try TestLedger.envelope(Self.lines[1])),
        ]
        let proxy = try CuttingProxy(to: ledger.database.conninfo, cut: cut, around: "COMMIT\0")
        defer { proxy.stop() }
        var writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        let attempt = try #require(
            attempt { () throws(StoreError) in _ = try writer.run(voucher: steps, root: 1, at: ledger.now) })
        writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        guard case .all(let outcomes) = try writer.run(voucher: steps, root: 1, at: ledger.now, after: attempt) else {
            Issue.record("the voucher was aborted")
            return
        }
        #expect(outcomes.map { $0["committed"] } == ["100.00", "100.00", "60.00"])
        #expect(outcomes.map { $0["replayed"] } == [nil, nil, nil])
        #expect(try ledger.send("CHECK tenant=lingang")["entries"] == "7")
    }

    @Test(arguments: [CuttingProxy.Cut.before, .after])
    func registrationsAreSimplySentAgain(cut: CuttingProxy.Cut) throws {
        let ledger = try Self.ledger()
        let envelope = try TestLedger.envelope("PARTY.PUT tenant=lingang party=p9 kind=company name=P9")
        let proxy = try CuttingProxy(to: ledger.database.conninfo, cut: cut, around: "COMMIT\0")
        defer { proxy.stop() }
        var writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        let lost = try #require(
            attempt { () throws(StoreError) in _ = try writer.post([.single(envelope)], root: 1, at: ledger.now) })
        writer = try LedgerWriter(conninfo: proxy.conninfo, sealer: .forTests)
        let verdicts = try writer.post([.single(envelope)], root: 1, at: ledger.now, after: lost)
        guard case .one(let outcome) = verdicts[0] else { return }
        #expect(outcome.refusal == nil)
        #expect(try ledger.send("PARTIES tenant=lingang party=p9").count("parties") == 1)
        #expect(try Invariants.violations(in: ledger.database) == [])
    }

    @Test func beforeAnythingWasSentNothingIsPosted() throws {
        let ledger = try Self.ledger()
        var server = try ledger.database.connect()
        let work = [Work.single(try TestLedger.envelope(Self.lines[0]))]
        _ = try server.query(
            """
            SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
        let error = failure { () throws(StoreError) in _ = try ledger.writer.post(work, root: 1, at: ledger.now) }
        guard case .unavailable? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let isUsable = ledger.writer.isUsable
        #expect(!isUsable)
        ledger.writer = try LedgerWriter(conninfo: ledger.database.conninfo, sealer: .forTests)
        ledger.reader = try LedgerReader(conninfo: ledger.database.conninfo)
        #expect(try ledger.send("CHECK tenant=lingang")["entries"] == "5")
        #expect(try ledger.send(Self.lines[0])["replayed"] == nil)
    }

    /// After a backend was killed PostgreSQL ends all others and starts anew; libpq then reports a write that failed while
    /// the connection's status still says that all is well.
    @Test func aCrashWhileAReaderIsIdleIsALostConnection() async throws {
        try await PostgresServer.with { server in
            let conninfo = server.url(database: "ledger")
            _ = try Migrator.migrate(conninfo: conninfo)
            let now = Moment(microseconds: 0)
            var writer = try LedgerWriter(conninfo: conninfo, sealer: .forTests)
            _ = try writer.createTenant(TestLedger.envelope("TENANT.CREATE tenant=city name=City"), at: now)
            for question in [Question.check, .trialBalance(on: nil), .budget(fund: "f", year: 2024)] {
                var reader = try LedgerReader(conninfo: conninfo)
                let query = Query(tenant: "city", question: question)
                _ = try reader.answer([query], at: now)
                let victim = try Connection(conninfo)
                let bystander = try Connection(conninfo)
                kill(victim.backendPID, SIGKILL)
                // Nobody announces when it has gone down, and when it is back.
                let isBack = waitUntil(atMost: .seconds(60)) {
                    kill(bystander.backendPID, 0) != 0 && (try? Connection(conninfo)) != nil
                }
                #expect(isBack)
                let error = failure { () throws(StoreError) in _ = try reader.answer([query], at: now) }
                guard case .unavailable? = error else {
                    Issue.record("\(question): \(String(describing: error))")
                    continue
                }
            }
        }
    }

    /// The server ends the connection while it writes: the transaction is gone, and the attempt finds that out.
    @Test func aBackendThatDiesWhileItWritesLeavesNothing() throws {
        let ledger = try Self.ledger()
        var owner = try ledger.database.connect()
        try owner.execute(
            """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;
            CREATE TRIGGER die AFTER INSERT ON entries EXECUTE FUNCTION die()
            """)
        let work = [Work.single(try TestLedger.envelope(Self.lines[0]))]
        let attempt = try #require(
            attempt { () throws(StoreError) in _ = try ledger.writer.post(work, root: 1, at: ledger.now) })
        try owner.execute("DROP TRIGGER die ON entries")
        ledger.writer = try LedgerWriter(conninfo: ledger.database.conninfo, sealer: .forTests)
        _ = try ledger.writer.post(work, root: 1, at: ledger.now, after: attempt)
        #expect(try ledger.send("CHECK tenant=lingang")["entries"] == "6")
    }

    /// A transaction that lost against another one is run again, and nobody notices.
    @Test func serializationFailuresAreTriedAgain() throws {
        let ledger = try Self.ledger()
        var owner = try ledger.database.connect()
        try owner.execute(
            """
            CREATE SEQUENCE tries;
            GRANT USAGE ON SEQUENCE tries TO grantledger_daemon;
            CREATE FUNCTION fail_twice() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('grantledger.tries') < 3 THEN RAISE EXCEPTION 'again' USING ERRCODE = '40P01'; END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER fail_twice AFTER INSERT ON entries EXECUTE FUNCTION fail_twice()
            """)
        #expect(try ledger.send(Self.lines[0])["entry"] == "E2-6")
        #expect(try owner.query("SELECT last_value FROM tries").int8(0, 0) == 3)
        // What never succeeds is given up, with the connection fit for more.
        try owner.execute("ALTER SEQUENCE tries RESTART WITH 1 MINVALUE -100; SELECT setval('tries', -50)")
        let work = [Work.single(try TestLedger.envelope(Self.lines[1]))]
        let error = failure { () throws(StoreError) in _ = try ledger.writer.post(work, root: 1, at: ledger.now) }
        guard case .unavailable? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let isUsable = ledger.writer.isUsable
        #expect(isUsable)
        try owner.execute("DROP TRIGGER fail_twice ON entries")
        #expect(try ledger.send(Self.lines[1])["entry"] == "E2-7")
    }

    /// The attempt of what `body` throws, where that is an unknown outcome.
    private func attempt(_ body: () throws(StoreError) -> Void) -> Attempt? {
        if case .outcomeUnknown(let attempt)? = failure(body) { attempt } else { nil }
    }
}
