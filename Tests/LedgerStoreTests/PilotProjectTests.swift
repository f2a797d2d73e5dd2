import LedgerCore
import Testing

/// The pilot project of the city's policy, through the database: half of the investment, at most ten million, three
/// years.
struct PilotProjectTests {
    static let town = """
        TENANT.CREATE tenant=shanghai name=上海市
        TENANT.CREATE tenant=lingang parent=shanghai name=临港
        TENANT.CREATE tenant=zhangjiang parent=shanghai name=张江
        SCHEME.PUT tenant=shanghai scheme=pilot version=1 name="中试 \\"pilot\\"" subject-kind=project rate=50% \
        cap=10000000 window=P3Y conditions=filed payers=lingang,zhangjiang authorities=kjw,jxw section=2.3.7
        PARTY.PUT tenant=shanghai party=acme kind=company name=某公司 group=G1 bank=ICBC account=6222
        SUBJECT.OPEN tenant=lingang scheme=pilot subject=P1 party=acme opened=2023-06-01
        CONDITION.MEET tenant=lingang scheme=pilot subject=P1 condition=filed date=2023-06-01 evidence="文号 409"
        APPROPRIATE tenant=lingang fund=general year=2023 amount=20000000 date=2023-01-05 key=a1
        APPROPRIATE tenant=lingang fund=general year=2024 amount=20000000 date=2023-01-05 key=a2
        APPROPRIATE tenant=zhangjiang fund=general year=2023 amount=20000000 date=2023-01-05 key=a1
        BASIS.SET tenant=lingang scheme=pilot subject=P1 amount=16000000 date=2023-06-01 key=b1
        """

    static let days = """
        COMMIT tenant=lingang award=A1 scheme=pilot subject=P1 amount=4000000 date=2023-07-01 key=c1
        DISBURSE tenant=lingang award=A1 amount=1500000.01 date=2023-08-01 key=d1 ref=ICBC-1
        COMMIT tenant=zhangjiang award=A1 scheme=pilot subject=P1 amount=1000000 date=2023-08-02 key=c1
        """

    @Test func holdsToTheFen() throws {
        let ledger = try TestLedger()
        try ledger.load(Self.town + "\n" + Self.days)

        let refused = try ledger.send(
            "COMMIT tenant=lingang award=A2 scheme=pilot subject=P1 amount=3000000.01 date=2023-08-03 key=c2")
        #expect(refused.refusal?.code == .capExceeded)
        #expect(refused["limit"] == "8000000.00")
        #expect(refused["remaining"] == "3000000.00")

        let replay = try ledger.send(
            "DISBURSE tenant=lingang award=A1 amount=1500000.01 date=2023-08-01 key=d1 ref=ICBC-1")
        #expect(replay["replayed"] == "true")
        #expect(replay["committed"] == "2499999.99")
        #expect(replay["disbursed"] == "1500000.01")

        let remaining = try ledger.send("REMAINING tenant=zhangjiang scheme=pilot subject=P1 amount=3000000.01")
        #expect(remaining["remaining"] == "3000000.00")
        #expect(remaining["committed"] == "3499999.99")
        #expect(remaining["would"] == "CAP_EXCEEDED")
        let earlier = try ledger.send("REMAINING tenant=zhangjiang scheme=pilot subject=P1 on=2023-07-15")
        #expect(earlier["remaining"] == "4000000.00")
        let before = try ledger.send("REMAINING tenant=zhangjiang scheme=pilot subject=P1 on=2023-05-31")
        #expect(before["limit"] == "0.00")
        #expect(before["binding"] == "condition")

        for tenant in ["shanghai", "lingang", "zhangjiang"] {
            let check = try ledger.send("CHECK tenant=\(tenant)")
            #expect(check["ok"] == "true", "\(check.fields)")
            let balance = try ledger.send("TRIAL.BALANCE tenant=\(tenant)")
            #expect(balance["debits"] == balance["credits"])
        }
    }
}
