import LedgerCore
import LedgerStore
import LineProtocol
import Testing

struct VoucherTests {
    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        return ledger
    }

    private static func steps(_ lines: [String]) throws -> [VoucherStep] {
        try lines.map { line in
            guard case .success(.query(let query, _)) = try TestLedger.parse(line) else {
                return .command(try TestLedger.envelope(line))
            }
            return .query(query)
        }
    }

    @Test func eachStepSeesTheOnesBefore() throws {
        let ledger = try Self.ledger()
        let verdict = try ledger.writer.run(
            voucher: Self.steps([
                "REMAINING tenant=lingang scheme=pilot subject=P1",
                "COMMIT tenant=lingang award=A2 scheme=pilot subject=P1 amount=1000000 date=2023-08-03 key=v1",
                "DISBURSE tenant=lingang award=A2 amount=400000 date=2023-08-03 key=v2",
                "REMAINING tenant=lingang scheme=pilot subject=P1", "AWARD tenant=lingang award=A2",
                "SCHEME.PUT tenant=lingang scheme=own version=1 name=Own subject-kind=project cap=7",
                "SUBJECT.OPEN tenant=lingang scheme=own subject=O1 party=acme opened=2023-08-03",
                "REMAINING tenant=lingang scheme=own subject=O1", "JOURNAL tenant=lingang after=5",
                "DISBURSE tenant=lingang award=A1 amount=1500000.01 date=2023-08-01 key=d1 ref=ICBC-1",
                "CHECK tenant=lingang",
            ]), root: 1, at: ledger.now)
        guard case .all(let outcomes) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(outcomes[0]["remaining"] == "3000000.00")
        #expect(outcomes[2]["committed"] == "600000.00")
        #expect(outcomes[3]["remaining"] == "2000000.00")
        #expect(outcomes[4]["disbursed"] == "400000.00")
        #expect(outcomes[7]["limit"] == "7.00")
        #expect(outcomes[8]["entries.1.key"] == "v2" && outcomes[8]["last"] == "7")
        #expect(outcomes[9]["replayed"] == "true")
        #expect(outcomes[10]["ok"] == "true" && outcomes[10]["entries"] == "7")
        // The next batch sees what the voucher registered.
        #expect(try ledger.send("REMAINING tenant=lingang scheme=own subject=O1")["limit"] == "7.00")
        #expect(try ledger.send("CHECK tenant=lingang")["ok"] == "true")
    }

    @Test func aRefusalLeavesNothing() throws {
        let ledger = try Self.ledger()
        let commit = "COMMIT tenant=lingang award=A2 scheme=pilot subject=P1 amount=1000000 date=2023-08-03 key=v1"
        let scheme = "SCHEME.PUT tenant=lingang scheme=own version=1 name=Own subject-kind=project cap=7"
        let query = "AWARD tenant=lingang award=A2"
        let vouchers: [(lines: [String], index: Int, code: RefusalCode)] = [
            (
                [scheme, commit, query, "DISBURSE tenant=lingang award=A2 amount=1000000.01 date=2023-08-03 key=v2"], 3,
                .awardExceeded
            ),
            (
                [scheme, query, commit, "DISBURSE tenant=lingang award=A3 amount=1 date=2023-08-03 key=v2", query], 1,
                .notFound
            ),
            (
                [commit, query, scheme, "DISBURSE tenant=lingang award=A3 amount=1 date=2023-08-03 key=v2"], 3,
                .notFound
            ),
            ([scheme, commit, "AWARD tenant=nobody award=A2"], 2, .notFound),
        ]
        for (lines, index, code) in vouchers {
            let verdict = try ledger.writer.run(voucher: Self.steps(lines), root: 1, at: ledger.now)
            guard case .aborted(index, let refusal) = verdict else {
                Issue.record("\(verdict)")
                continue
            }
            #expect(refusal.code == code)
            #expect(try ledger.send("CHECK tenant=lingang")["entries"] == "5")
            #expect(try ledger.send("SCHEMES tenant=lingang scheme=own").count("schemes") == 0)
        }
        // What was rolled back is not remembered either: another version of the same number takes its place.
        try TestLedger(on: ledger.database).load(
            "SCHEME.PUT tenant=lingang scheme=own version=1 name=Own subject-kind=project cap=9")
        try ledger.load("SUBJECT.OPEN tenant=lingang scheme=own subject=O1 party=acme opened=2023-08-03")
        #expect(try ledger.send("REMAINING tenant=lingang scheme=own subject=O1")["limit"] == "9.00")
    }

    @Test func aGroupOfABatchIsAllOrNothing() throws {
        let ledger = try Self.ledger()
        let good = try TestLedger.envelope(
            "APPROPRIATE tenant=lingang fund=general year=2023 amount=1 date=2023-08-03 key=g1")
        let bad = try TestLedger.envelope("DISBURSE tenant=lingang award=A9 amount=1 date=2023-08-03 key=g2")
        let other = try TestLedger.envelope(
            "APPROPRIATE tenant=lingang fund=general year=2023 amount=2 date=2023-08-03 key=g3")
        let verdicts = try ledger.writer.post([.group([good, bad]), .group([other, good])], root: 1, at: ledger.now)
        guard case .aborted(1, let refusal) = verdicts[0], case .all(let outcomes) = verdicts[1] else {
            Issue.record("\(verdicts)")
            return
        }
        #expect(refusal.code == .notFound)
        #expect(outcomes.map { $0["entry"] } == ["E2-6", "E2-7"])
        #expect(try ledger.send("CHECK tenant=lingang")["ok"] == "true")
    }
}
