import LedgerCore
import LedgerStore
import Postgres
import Testing

/// Several writers on one root, as several daemons are: never a fen over, and exactly as many accepted as fit.
struct ConcurrencyTests {
    @Test func writersShareACapAndABudget() throws {
        let ledger = try TestLedger()
        try ledger.load(
            """
            TENANT.CREATE tenant=city name=City
            SCHEME.PUT tenant=city scheme=capped version=1 name=Capped subject-kind=project cap=100
            PARTY.PUT tenant=city party=acme kind=company name=Acme
            SUBJECT.OPEN tenant=city scheme=capped subject=S1 party=acme opened=2023-01-01
            APPROPRIATE tenant=city fund=general year=2023 amount=60 date=2023-01-01 key=a1
            APPROPRIATE tenant=city fund=general year=2024 amount=60 date=2023-01-01 key=a2
            """)
        let conninfo = ledger.database.conninfo
        let now = ledger.now
        let outcomes = Collected<Outcome>()
        let failures = Collected<String>()
        let writers = 6
        let batches = 8
        onThreads(writers) { writer in
            do {
                var connection = try LedgerWriter(conninfo: conninfo, sealer: .forTests)
                for batch in 0..<batches {
                    let work = try (0..<5).map { index in
                        Work.single(
                            try TestLedger.envelope(
                                """
                                COMMIT tenant=city award=W\(writer) scheme=capped subject=S1 amount=1 \
                                date=202\(3 + (index + batch) % 2)-02-01 key=w\(writer)-\(batch)-\(index)
                                """))
                    }
                    for verdict in try connection.post(work, root: 1, at: now) {
                        if case .one(let outcome) = verdict { outcomes.add(outcome) }
                    }
                }
            } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.values == [])
        #expect(outcomes.values.count == writers * batches * 5)
        // Awards that began in 2024 refuse what is dated before; what is accepted fills cap and budgets to the fen.
        let accepted = outcomes.values.filter { $0.refusal == nil }.count
        let cap = try ledger.send("REMAINING tenant=city scheme=capped subject=S1")
        #expect(cap["committed"] == "\(accepted).00")
        let refused = Set(outcomes.values.compactMap { $0.refusal?.code })
        #expect(refused.isSubset(of: [.capExceeded, .budgetExceeded, .invalidArgument]))
        let left = try [2023, 2024].map { try ledger.send("BUDGET tenant=city fund=general year=\($0)")["available"] }
        #expect(accepted == 100 || left.contains("0.00"), "\(accepted) \(left)")
        #expect(try ledger.send("CHECK tenant=city")["ok"] == "true")
        #expect(try Invariants.violations(in: ledger.database) == [])
    }

    /// A change of the registry by one daemon is seen by the next batch of the others, under the root's lock.
    @Test func writersSeeEachOthersRegistry() throws {
        let first = try TestLedger()
        let second = try TestLedger(on: first.database)
        try first.load("TENANT.CREATE tenant=city name=City\nTENANT.CREATE tenant=north parent=city name=North")
        try second.load("PARTY.PUT tenant=north party=p1 kind=company name=P1")
        for version in 1...4 {
            let (one, other) = version % 2 == 0 ? (first, second) : (second, first)
            try one.load(
                "SCHEME.PUT tenant=city scheme=s version=\(version) name=S subject-kind=project cap=\(version) "
                    + "payers=north"
            )
            try other.load(
                """
                SUBJECT.OPEN tenant=north scheme=s subject=S\(version) party=p1 opened=2023-01-01
                TENANT.CREATE tenant=below-\(version) parent=city name=Below
                PARTY.PUT tenant=below-\(version) party=p2 kind=company name=P2
                """)
            let limit = try one.send("REMAINING tenant=north scheme=s subject=S\(version)")["limit"]
            #expect(limit == "\(version).00")
        }
        #expect(try Invariants.violations(in: first.database) == [])
    }

    @Test func tenantsAreCreatedByManyAtOnce() throws {
        let database = try TestDatabase()
        let failures = Collected<String>()
        let outcomes = Collected<Outcome>()
        onThreads(4) { thread in
            do {
                var writer = try LedgerWriter(conninfo: database.conninfo, sealer: .forTests)
                for number in 0..<5 {
                    for line in [
                        "TENANT.CREATE tenant=root-\(number) name=Root",
                        "TENANT.CREATE tenant=below-\(number)-\(thread) parent=root-\(number) name=Below",
                    ] {
                        outcomes.add(try writer.createTenant(TestLedger.envelope(line), at: Moment(microseconds: 0)))
                    }
                }
            } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.values == [])
        #expect(outcomes.values.allSatisfy { $0.refusal == nil })
        var connection = try database.connect()
        let counts = try connection.query("SELECT count(*), count(DISTINCT number), max(number) FROM tenants")
        #expect(try [counts.int8(0, 0), counts.int8(0, 1), Int64(counts.int4(0, 2))] == [25, 25, 25])
        #expect(try connection.query("SELECT count(*) FROM roots").int8(0, 0) == 5)
        #expect(try Invariants.violations(in: database) == [])

        let ledger = try TestLedger(on: database)
        #expect(try ledger.send("TENANT.CREATE tenant=root-1 parent=root-2 name=Root").refusal?.code == .exists)
        #expect(try ledger.send("TENANT.CREATE tenant=below-1-1 parent=root-2 name=Below").refusal?.code == .exists)
        #expect(try ledger.send("TENANT.CREATE tenant=root-1 name=Other").refusal?.code == .exists)
        #expect(try ledger.send("TENANT.CREATE tenant=new parent=nowhere name=New").refusal?.code == .notFound)
        let root = try #require(try ledger.reader.place(of: "root-3")?.root)
        let lineage = ["below-3-2", "root-3"]
        #expect(try ledger.reader.place(of: "below-3-2") == TenantPlace(root: root, lineage: lineage))
        #expect(try ledger.reader.place(of: "nowhere") == nil)
    }
}
