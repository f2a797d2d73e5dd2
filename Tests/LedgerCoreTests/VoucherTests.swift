import LedgerCore
import Testing

/// A voucher is posted whole or not at all.
@Suite struct VoucherTests {
    private func receipts(_ verdict: Verdict) throws -> [Receipt] {
        guard case .all(let outcomes) = verdict else { throw TestBooks.UnexpectedVerdict(verdicts: [verdict]) }
        return try outcomes.map { outcome in
            guard case .posted(let receipt) = outcome else { throw TestBooks.UnexpectedVerdict(verdicts: [verdict]) }
            return receipt
        }
    }

    @Test func eachSeesTheOnesBefore() throws {
        var town = try TestBooks(Town.all)
        let verdict = try town.verdict(
            ofGroup: """
                APPROPRIATE small 2023 100 2023-01-02
                COMMIT A capped C1 100 2023-07-01 fund=small key=c
                DISBURSE A 60 2023-07-02
                DISBURSE A 30 2023-07-03 dry-run=yes
                DISBURSE A 40 2023-07-03
                COMMIT A capped C1 100 2023-07-01 fund=small key=c
                zhangjiang: APPROPRIATE small 2023 100 2023-01-02
                """)
        let receipts = try receipts(verdict)
        #expect(receipts.map { $0.entry?.sequence } == [5, 6, 7, nil, 8, 6, 2])
        #expect(receipts.map(\.isReplay) == [false, false, false, false, false, true, false])
        #expect(receipts[4].award?.disbursed == Amount(fen: 10_000))
        audit(town.books)
    }

    @Test(arguments: 0..<4) func oneRefusalTakesBackAll(_ place: Int) throws {
        var town = try TestBooks(Town.all)
        var lines = [
            "APPROPRIATE small 2023 100 2023-01-02", "shanghai: SCHEME.PUT fresh 1 project",
            "yangpu: TENANT.CREATE 杨浦 parent=shanghai",
        ]
        lines.insert("COMMIT A capped C1 1000.01 2023-07-01", at: place)
        let before = Snapshot(town.books)
        guard case .aborted(let index, let refusal) = try town.verdict(ofGroup: lines.joined(separator: "\n")) else {
            Issue.record("posted")
            return
        }
        #expect(index == place)
        #expect(refusal.code == .capExceeded)
        #expect(Snapshot(town.books) == before)
        #expect(
            town.books.changes.tenants.count == 4 && !town.books.changes.schemes.contains { $0.name.scheme == "fresh" })
        audit(town.books)
    }

    @Test func aConflictingKeyAbortsAndAReplayDoesNot() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 10 2023-07-01 key=c")
        let replay = try town.verdict(ofGroup: "COMMIT A capped C1 10 2023-07-01 key=c\nDISBURSE A 10 2023-07-01")
        #expect(try receipts(replay).map(\.isReplay) == [true, false])
        guard
            case .aborted(1, let refusal) = try town.verdict(
                ofGroup: "COMMIT B capped C1 10 2023-07-01\nCOMMIT A capped C1 11 2023-07-01 key=c")
        else {
            Issue.record("posted")
            return
        }
        #expect(refusal.code == .keyConflict)
    }

    /// The same work over the same books gives the same verdicts and the same books.
    @Test func decidingAgainDecidesTheSame() throws {
        let story = """
            COMMIT A capped C1 600 2023-07-01 schedule=2023:100,2024:500
            DISBURSE A 600 2024-07-01
            COMMIT B capped C1 500 2023-07-01
            RECOVER A 300 2024-07-02 restore=no
            """
        var first = try TestBooks(Town.all)
        var second = try TestBooks(Town.all)
        for row in Row.table(story) {
            #expect(try first.outcome(of: row.command) == second.outcome(of: row.command))
        }
        #expect(Snapshot(first.books) == Snapshot(second.books))
    }
}

/// What a batch needs is known from its commands alone.
@Suite struct TouchTests {
    private func touch(_ line: String) throws -> (Touch, Registry) {
        let registry = try TestBooks(Town.tenants, Town.schemes).books.registry
        let command = try ScriptLine(line, tenant: "lingang").command(key: "k")
        return (Touch(of: [.single(Envelope(command: command, principal: "tester"))], registry: registry), registry)
    }

    @Test func aCommitmentTouchesAwardFundSubjectAndEveryPartyOfThatName() throws {
        let (touch, registry) = try touch("COMMIT A capped C1 10 2023-07-01 fund=f party=P")
        let lingang = try #require(registry.tenant("lingang")?.number)
        let shanghai = try #require(registry.tenant("shanghai")?.number)
        #expect(touch.tenants == [lingang])
        #expect(touch.keys == [KeyName(tenant: lingang, key: "k")])
        #expect(touch.awards == [AwardName(tenant: lingang, award: "A")])
        #expect(touch.funds == [FundName(tenant: lingang, fund: "f")])
        #expect(
            touch.subjects == [SubjectName(scheme: SchemeName(owner: shanghai, scheme: "capped"), subject: "C1")])
        #expect(
            touch.parties == [PartyName(owner: lingang, party: "P"), PartyName(owner: shanghai, party: "P")])
    }

    @Test(arguments: [
        ("REVERSE E2-7 2023-07-01", 1), ("SETTLE E2-7 2023-07-01", 1), ("REVERSE E3-7 2023-07-01", 0),
        ("REVERSE nonsense 2023-07-01", 0),
    ]) func entriesAreTouchedByTheirOwnTenant(_ line: String, _ count: Int) throws {
        #expect(try touch(line).0.entries.count == count)
    }

    @Test(arguments: [
        "DISBURSE A 10 2023-07-01", "RELEASE A 10 2023-07-01", "RECOVER A 10 2023-07-01",
        "RESCHEDULE A 2023 2024 10 2023-07-01",
    ]) func awardsAreTouchedByName(_ line: String) throws { #expect(try touch(line).0.awards.map(\.award) == ["A"]) }

    @Test func unknownTenantsTouchNothing() throws {
        #expect(try touch("nowhere: DISBURSE A 10 2023-07-01").0 == Touch())
        #expect(try touch("yangpu: TENANT.CREATE 杨浦 parent=shanghai").0.newTenants == ["yangpu"])
    }
}
