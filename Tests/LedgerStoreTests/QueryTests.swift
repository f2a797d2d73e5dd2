import LedgerCore
import LedgerStore
import Postgres
import Testing

/// Each query's reply, over one small history.
struct QueryTests {
    static let history = """
        SCHEME.PUT tenant=shanghai scheme=yearly version=1 name=Yearly subject-kind=company rate=tenant cap=1000 \
        window=calendar-year authorities=kjw
        PARTY.PUT tenant=lingang party=bolt kind=company name=Bolt
        SUBJECT.OPEN tenant=lingang scheme=yearly subject=P1 party=bolt opened=2023-02-01
        BASIS.SET tenant=lingang scheme=yearly subject=P1 period=2023 amount=2000 date=2023-02-02 key=b2
        SCHEME.SET tenant=lingang scheme=yearly rate=10%
        COMMIT tenant=lingang award=Y1 scheme=yearly subject=P1 amount=150 date=2023-08-03 key=y1
        RELEASE tenant=lingang award=Y1 amount=50 date=2023-08-04 key=y2
        DISBURSE tenant=lingang award=Y1 amount=100 date=2023-08-05 key=y3
        RECOVER tenant=lingang award=Y1 amount=30 date=2023-08-06 key=y4 restore=no
        SETTLE tenant=lingang entry=E2-9 date=2023-08-07 key=y5 ref="bank 1"
        REVERSE tenant=lingang entry=E2-11 date=2023-08-08 key=y6
        DISBURSE tenant=zhangjiang award=A1 amount=400000 date=2023-08-08 key=z1
        """

    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger(today: "2023-10-01")
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days + "\n" + history)
        return ledger
    }

    private func expect(
        _ ledger: TestLedger, _ line: String, _ figures: [(String, String?)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try ledger.send(line)
        for (path, value) in figures {
            #expect(outcome[path] == value, "\(path) of \(line): \(outcome.fields)", sourceLocation: sourceLocation)
        }
    }

    @Test func awardsAndBudgets() throws {
        let ledger = try Self.ledger()
        try expect(
            ledger, "AWARD tenant=lingang award=A1",
            [
                ("scheme", "pilot"), ("subject", "P1"), ("fund", "general"), ("party", "acme"),
                ("latest", "2023-08-01"),
                ("committed", "2499999.99"), ("disbursed", "1500000.01"), ("recovered", "0.00"),
                ("years.0.year", "2023"),
                ("years.0.committed", "2499999.99"), ("years.0.disbursed", "1500000.01"), ("years.1.year", nil),
            ])
        try expect(
            ledger, "AWARD tenant=lingang award=Y1",
            [("committed", "0.00"), ("disbursed", "70.00"), ("released", "50.00"), ("recovered", "30.00")])
        try expect(
            ledger, "AWARD tenant=shanghai award=A1",
            [("message", "no award \"A1\": shanghai has no such award; its first COMMIT makes it")])
        try expect(
            ledger, "BUDGET tenant=lingang fund=general year=2023",
            [
                ("appropriated", "20000000.00"), ("committed", "2499999.99"), ("disbursed", "1500070.01"),
                ("available", "15999930.00"),
            ])
        try expect(
            ledger, "BUDGET tenant=lingang fund=nothing year=2030", [("appropriated", "0.00"), ("available", "0.00")])
        try expect(
            ledger, "AWARDS tenant=lingang",
            [
                ("awards", "2 values"), ("awards.0.award", "A1"), ("awards.1.award", "Y1"),
                ("awards.1.disbursed", "70.00"),
            ])
        for (filter, count) in [
            ("after=A1", 1), ("limit=1", 1), ("scheme=pilot", 1), ("subject=P1", 2), ("party=bolt", 1),
            ("party=nobody", 0), ("after=Y1", 0),
        ] {
            #expect(try ledger.send("AWARDS tenant=lingang \(filter)").count("awards") == count, "\(filter)")
        }
    }

    @Test func entriesAndJournal() throws {
        let ledger = try Self.ledger()
        let disbursement: [(String, String?)] = [
            ("entry", "E2-9"), ("seq", "9"), ("kind", "DISBURSE"), ("key", "y3"), ("date", "2023-08-05"),
            ("posted-at", "2023-10-01T04:00:00.000000Z"), ("amount", "100.00"), ("principal", "operator"),
            ("award", "Y1"),
            ("party", "bolt"), ("settled-by", nil), ("reversed-by", nil), ("content.award", "Y1"),
            ("content.amount", "100.00"),
            ("content.key", nil), ("transfers", "4 values"), ("transfers.0.debit", "budget:general:2023:disbursed"),
            ("transfers.0.credit", "budget:general:2023:committed"), ("transfers.0.amount", "100.00"),
            ("transfers.2.debit", "cap:shanghai|yearly|P1|lingang|2023:disbursed"),
            ("transfers.3.credit", "payable:lingang|bolt"), ("replayed", nil),
        ]
        try expect(ledger, "ENTRY tenant=lingang entry=E2-9", disbursement)
        try expect(ledger, "ENTRY tenant=lingang key=y3", disbursement)
        #expect(try ledger.send("ENTRY tenant=lingang key=y3")["hash"]?.count == 64)
        try expect(
            ledger, "ENTRY tenant=lingang key=y5",
            [
                ("settles", "E2-9"), ("reversed-by", "E2-12"), ("award", "Y1"), ("party", "bolt"),
                ("content.ref", "bank 1"),
            ])
        try expect(ledger, "ENTRY tenant=lingang key=y6", [("reverses", "E2-11"), ("kind", "REVERSE")])
        for unknown in ["entry=E2-99", "entry=E3-1", "entry=x", "entry=E2-0", "key=none"] {
            #expect(try ledger.send("ENTRY tenant=lingang \(unknown)").refusal?.code == .notFound, "\(unknown)")
        }
        try ledger.load("SETTLE tenant=lingang entry=E2-9 date=2023-08-09 key=y7")
        try expect(ledger, "ENTRY tenant=lingang key=y3", [("settled-by", "E2-13")])

        try expect(
            ledger, "JOURNAL tenant=lingang after=3 limit=2",
            [("entries", "2 values"), ("entries.0.seq", "4"), ("entries.1.seq", "5"), ("last", "5")])
        try expect(ledger, "JOURNAL tenant=lingang after=13", [("entries", "0 values"), ("last", "13")])
        try expect(ledger, "JOURNAL tenant=shanghai", [("entries", "0 values"), ("last", "0")])
        try expect(ledger, "JOURNAL tenant=zhangjiang", [("entries", "3 values"), ("entries.2.key", "z1")])
    }

    @Test(
        arguments: [
            ("award=A1", ["c1", "d1"]), ("award=Y1", ["y1", "y2", "y3", "y4", "y5", "y6"]),
            ("subject=P1 scheme=pilot", ["b1", "c1", "d1"]),
            ("subject=P1 scheme=yearly", ["b2", "y1", "y2", "y3", "y4", "y5", "y6"]), ("party=acme", ["c1", "d1"]),
            ("party=bolt", ["y1", "y2", "y3", "y4", "y5", "y6"]), ("award=Y1 after=8 limit=2", ["y3", "y4"]),
            ("award=A9", nil), ("subject=P9 scheme=pilot", nil), ("subject=P1 scheme=none", nil), ("party=nobody", nil),
        ] as [(String, [String]?)])
    func historyOf(what: String, keys: [String]?) throws {
        let outcome = try Self.ledger().send("HISTORY tenant=lingang \(what)")
        #expect((outcome.refusal?.code == .notFound) == (keys == nil))
        #expect((0..<(outcome.count("entries") ?? 0)).map { outcome["entries.\($0).key"] ?? "" } == keys ?? [])
    }

    @Test func schemesAndSubjects() throws {
        let ledger = try Self.ledger()
        try ledger.load(
            """
            SCHEME.PUT tenant=lingang scheme=pilot version=1 name=Own subject-kind=project cap=7 section="1.2, \\"3\\""
            SUBJECT.OPEN tenant=lingang scheme=pilot subject=P1 party=bolt opened=2023-02-01
            """)
        try expect(
            ledger, "SCHEMES tenant=zhangjiang",
            [
                ("schemes", "2 values"), ("schemes.0.scheme", "pilot"), ("schemes.0.owner", "shanghai"),
                ("schemes.0.name", "中试 \"pilot\""), ("schemes.0.rate", "50%"), ("schemes.0.cap", "10000000.00"),
                ("schemes.0.window", "P3Y"), ("schemes.0.conditions.0", "filed"), ("schemes.0.payers.1", "zhangjiang"),
                ("schemes.0.authorities.1", "jxw"), ("schemes.0.section", "2.3.7"), ("schemes.1.rate", "tenant"),
                ("schemes.1.payers", "*"), ("schemes.1.own-rate", "null"),
            ])
        try expect(
            ledger, "SCHEMES tenant=lingang",
            [
                ("schemes", "2 values"), ("schemes.0.owner", "lingang"), ("schemes.0.cap", "7.00"),
                ("schemes.0.rate", "null"),
                ("schemes.1.own-rate", "10%"),
            ])
        try expect(
            ledger, "SCHEMES tenant=lingang after=pilot limit=5",
            [("schemes", "1 values"), ("schemes.0.scheme", "yearly")])
        try expect(ledger, "SCHEMES tenant=lingang scheme=none", [("schemes", "0 values")])

        try expect(
            ledger, "SUBJECTS tenant=zhangjiang scheme=pilot",
            [
                ("subjects", "1 values"), ("subjects.0.subject", "P1"), ("subjects.0.party", "acme"),
                ("subjects.0.opened", "2023-06-01"), ("subjects.0.basis", "16000000.00"),
                ("subjects.0.limit", "8000000.00"),
                ("subjects.0.committed", "3099999.99"), ("subjects.0.disbursed", "1900000.01"),
                ("subjects.0.remaining", "3000000.00"), ("subjects.0.conditions.0.evidence", "文号 409"),
            ])
        try expect(
            ledger, "SUBJECTS tenant=lingang limit=1",
            [
                ("subjects", "2 values"), ("subjects.0.scheme", "pilot"), ("subjects.0.limit", "7.00"),
                ("subjects.1.scheme", "yearly"),
                ("subjects.1.basis.0.period", "2023"), ("subjects.1.limit", "200.00"),
                ("subjects.1.forfeited", "30.00"),
            ])
        try expect(
            ledger, "SUBJECTS tenant=shanghai party=bolt", [("subjects", "1 values"), ("subjects.0.scheme", "yearly")])
        try expect(ledger, "SUBJECTS tenant=shanghai after=P1", [("subjects", "0 values")])
    }

    @Test func parties() throws {
        let ledger = try Self.ledger()
        try ledger.load("PARTY.PUT tenant=lingang party=acme kind=person name=Another")
        try expect(
            ledger, "PARTIES tenant=lingang",
            [
                ("parties", "2 values"), ("parties.0.party", "acme"), ("parties.0.name", "Another"),
                ("parties.0.owner", "lingang"),
                ("parties.0.committed", "0.00"), ("parties.1.party", "bolt"), ("parties.1.disbursed", "70.00"),
                ("parties.1.recovered", "30.00"),
            ])
        try expect(
            ledger, "PARTIES tenant=zhangjiang",
            [
                ("parties", "1 values"), ("parties.0.group", "G1"), ("parties.0.bank", "ICBC"),
                ("parties.0.disbursed", "400000.00"),
            ])
        try expect(
            ledger, "PARTIES tenant=lingang scheme=yearly", [("parties", "1 values"), ("parties.0.party", "bolt")])
        try expect(ledger, "PARTIES tenant=lingang after=acme", [("parties", "1 values")])

        try expect(
            ledger, "PARTY tenant=shanghai party=acme",
            [
                ("name", "某公司"), ("committed", "3099999.99"), ("disbursed", "1900000.01"), ("awards", "2 values"),
                ("awards.0.award", "A1"), ("awards.0.scheme", "pilot"), ("awards.0.subject", "P1"),
            ])
        try expect(
            ledger, "PARTY tenant=shanghai party=acme on=2023-08-02",
            [("committed", "3499999.99"), ("disbursed", "1500000.01")])
        try expect(
            ledger, "PARTY tenant=shanghai party=acme on=2023-07-02",
            [("committed", "4000000.00"), ("awards", "1 values")])
        try expect(
            ledger, "PARTY tenant=zhangjiang party=acme",
            [("disbursed", "400000.00"), ("awards.0.tenant", "zhangjiang")])
        #expect(try ledger.send("PARTY tenant=zhangjiang party=bolt").refusal?.code == .notFound)
    }

    @Test func trialBalances() throws {
        let ledger = try Self.ledger()
        let balance = try ledger.send("TRIAL.BALANCE tenant=lingang")
        #expect(balance["debits"] == balance["credits"])
        let names = (0..<(balance.count("accounts") ?? 0)).map { balance["accounts.\($0).account"] ?? "" }
        #expect(names == names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(
            names.contains("receivable:lingang|bolt") && names.contains("cash:general")
                && names.contains("award:Y1:2023:granted"))
        let earlier = try ledger.send("TRIAL.BALANCE tenant=lingang on=2023-01-31")
        #expect(earlier.count("accounts") == 4 && earlier["debits"] == "40000000.00")
        #expect(try ledger.send("TRIAL.BALANCE tenant=shanghai").count("accounts") == 0)

        // The same, as the database's own view says it.
        var connection = try ledger.database.connect()
        let view = try connection.query(
            """
            SELECT account, round(debits, 2)::text, round(credits, 2)::text FROM accounts WHERE tenant = 'lingang'
            ORDER BY account COLLATE "C"
            """)
        let rows = try (0..<view.count).map { [try view.text($0, 0), try view.text($0, 1), try view.text($0, 2)] }
        let lines = names.indices.map { row in
            ["account", "debits", "credits"].map { balance["accounts.\(row).\($0)"] ?? "" }
        }
        #expect(rows == lines)
    }

    @Test func reports() throws {
        let ledger = try Self.ledger()
        #expect(try ledger.send("EXCESS tenant=lingang").count("subjects") == 0)
        try ledger.load(
            """
            BASIS.SET tenant=lingang scheme=pilot subject=P1 amount=3000000 date=2023-09-01 key=b9
            BASIS.SET tenant=lingang scheme=yearly subject=P1 period=2023 amount=500 date=2023-09-01 key=b8
            """)
        try expect(
            ledger, "EXCESS tenant=lingang",
            [
                ("subjects", "2 values"), ("subjects.0.scheme", "pilot"), ("subjects.0.limit", "1500000.00"),
                ("subjects.0.excess", "3500000.00"), ("subjects.0.release", "3099999.99"),
                ("subjects.0.recover", "400000.01"),
                ("subjects.1.scheme", "yearly"), ("subjects.1.period", "2023"), ("subjects.1.excess", "50.00"),
                ("subjects.1.recover", "50.00"),
            ])
        try expect(ledger, "EXCESS tenant=zhangjiang", [("subjects", "1 values")])
        try expect(ledger, "EXCESS tenant=lingang scheme=yearly", [("subjects", "1 values")])
        #expect(try ledger.send("EXCESS tenant=lingang scheme=none").refusal?.code == .notFound)

        try expect(
            ledger, "OUTSTANDING tenant=lingang",
            [
                ("on", "2023-10-01"), ("committed", "2499999.99"), ("awards", "1 values"), ("awards.0.award", "A1"),
                ("awards.0.since", "2023-07-01"), ("awards.0.days", "92"), ("ages.2.days", "91-180"),
                ("ages.2.committed", "2499999.99"), ("ages.0.committed", "0.00"),
            ])
        try expect(
            ledger, "OUTSTANDING tenant=lingang on=2023-08-03",
            [
                ("awards", "2 values"), ("awards.0.award", "A1"), ("awards.0.days", "33"),
                ("awards.1.committed", "150.00"),
            ])

        try expect(
            ledger, "SUMMARY tenant=shanghai",
            [
                ("committed", "3099999.99"), ("disbursed", "1900070.01"), ("recovered", "30.00"),
                ("available", "54999930.00"),
                ("subjects", "2"), ("beneficiaries", "2"), ("lines", "2 values"), ("lines.0.scheme", "pilot"),
                ("lines.0.disbursed", "1900000.01"), ("lines.1.recovered", "30.00"), ("lines.0.available", "null"),
            ])
        try expect(
            ledger, "SUMMARY tenant=shanghai by=authority",
            [
                ("lines", "2 values"), ("lines.0.authority", "jxw"), ("lines.0.subjects", "1"),
                ("lines.1.authority", "kjw"), ("lines.1.subjects", "2"),
            ])
        try expect(
            ledger, "SUMMARY tenant=shanghai by=payer",
            [
                ("lines.0.payer", "lingang"), ("lines.0.available", "35999930.00"), ("lines.1.payer", "zhangjiang"),
                ("lines.1.committed", "600000.00"),
            ])
        try expect(
            ledger, "SUMMARY tenant=lingang by=year",
            [
                ("lines.0.year", "2023"), ("lines.0.available", "15999930.00"), ("lines.1.year", "2024"),
                ("lines.1.available", "20000000.00"),
            ])
        try expect(
            ledger, "SUMMARY tenant=lingang by=year on=2023-07-15",
            [("committed", "4000000.00"), ("disbursed", "0.00"), ("lines.0.available", "16000000.00")])
    }

    /// A batch of everything sees one snapshot and answers in order, and what an unknown tenant asks stops nobody.
    @Test func batchesAnswerInOrder() throws {
        let ledger = try Self.ledger()
        let lines = [
            "BUDGET tenant=lingang fund=general year=2024", "AWARD tenant=nobody award=A1", "CHECK tenant=zhangjiang",
            "REMAINING tenant=zhangjiang scheme=pilot subject=P1", "JOURNAL tenant=lingang limit=1",
        ]
        let outcomes = try ledger.reader.answer(lines.map { try TestLedger.query($0) }, at: ledger.now)
        #expect(outcomes[0]["year"] == "2024")
        #expect(outcomes[1].refusal?.code == .notFound)
        #expect(outcomes[2]["entries"] == "3")
        #expect(outcomes[3]["committed"] == "3099999.99")
        #expect(outcomes[4]["last"] == "1")
        #expect(try ledger.reader.answer([], at: ledger.now) == [])
    }

    /// Turnovers grow without bound, though balances do not.
    @Test func turnoversBeyondAnAmountAreShown() throws {
        let ledger = try TestLedger()
        try ledger.load("TENANT.CREATE tenant=city name=City")
        let most = "90000000000000.00"
        let lines = (0..<1_100).flatMap { index in
            ["add", "cut"].map {
                "APPROPRIATE tenant=city fund=general year=2023 amount=\(most) change=\($0) "
                    + "date=2023-01-01 key=\($0)\(index)"
            }
        }
        #expect(try ledger.batch(lines).allSatisfy { $0.refusal == nil })
        let balance = try ledger.send("TRIAL.BALANCE tenant=city")
        #expect(balance["debits"] == "198000000000000000.00" && balance["debits"] == balance["credits"])
        #expect(try ledger.send("CHECK tenant=city")["ok"] == "true")
    }

    /// What was paid stays with whom it was paid to, whoever is named later.
    @Test func aSecondPayeeTakesOverNothingThatWasPaid() throws {
        let ledger = try Self.ledger()
        try ledger.load(
            """
            PARTY.PUT tenant=lingang party=cone kind=company name=Cone
            COMMIT tenant=lingang award=S1 scheme=pilot subject=P1 amount=300 date=2023-08-09 key=s1
            DISBURSE tenant=lingang award=S1 amount=100 date=2023-08-09 key=s2
            COMMIT tenant=lingang award=S1 scheme=pilot subject=P1 amount=50 date=2023-08-10 key=s3 party=cone
            DISBURSE tenant=lingang award=S1 amount=20 date=2023-08-11 key=s4
            SETTLE tenant=lingang entry=E2-14 date=2023-08-12 key=s5
            RECOVER tenant=lingang award=S1 amount=50 date=2023-08-13 key=s6
            RELEASE tenant=lingang award=S1 amount=10 date=2023-08-13 key=s7
            """)
        try expect(
            ledger, "PARTY tenant=lingang party=cone",
            [("committed", "220.00"), ("disbursed", "0.00"), ("recovered", "20.00"), ("awards.0.award", "S1")])
        try expect(
            ledger, "PARTY tenant=lingang party=acme",
            [("awards.1.award", "S1"), ("awards.1.disbursed", "70.00"), ("awards.1.recovered", "30.00")])
        try expect(
            ledger, "PARTY tenant=lingang party=acme on=2023-08-09",
            [("awards.1.committed", "200.00"), ("awards.1.disbursed", "100.00")])
        try expect(ledger, "PARTY tenant=lingang party=cone on=2023-08-09", [("committed", "0.00")])
        try expect(
            ledger, "PARTY tenant=lingang party=acme on=2023-08-12",
            [("awards.1.disbursed", "100.00"), ("awards.1.recovered", "0.00"), ("awards.1.committed", "0.00")])
        try expect(
            ledger, "PARTIES tenant=lingang party=cone",
            [("parties.0.committed", "220.00"), ("parties.0.disbursed", "0.00"), ("parties.0.recovered", "20.00")])
        try expect(ledger, "AWARDS tenant=lingang party=cone", [("awards", "1 values"), ("awards.0.award", "S1")])
        try expect(ledger, "AWARDS tenant=lingang party=acme", [("awards", "2 values"), ("awards.1.party", "cone")])
        try expect(ledger, "ENTRY tenant=lingang key=s1", [("party", nil)])
        try expect(ledger, "ENTRY tenant=lingang key=s2", [("party", "acme")])
        let histories = [
            ("cone", ["s1", "s3", "s4", "s6", "s7"]), ("acme", ["c1", "d1", "s1", "s2", "s3", "s5", "s6", "s7"]),
        ]
        for (party, keys) in histories {
            let outcome = try ledger.send("HISTORY tenant=lingang party=\(party)")
            #expect((0..<20).compactMap { outcome["entries.\($0).key"] } == keys)
        }
        try expect(ledger, "CHECK tenant=lingang", [("ok", "true")])
        #expect(try Invariants.violations(in: ledger.database) == [])
    }

    /// A tenant below may have a party of the same identifier: lists mean the one that the tenant finds.
    @Test func partiesOfOneIdentifierAreToldApart() throws {
        let ledger = try Self.ledger()
        try ledger.load(
            """
            PARTY.PUT tenant=zhangjiang party=twin kind=company name=Theirs
            PARTY.PUT tenant=lingang party=twin kind=company name=Ours
            SUBJECT.OPEN tenant=zhangjiang scheme=pilot subject=T1 party=twin opened=2023-02-01
            BASIS.SET tenant=zhangjiang scheme=pilot subject=T1 amount=1000 date=2023-02-02 key=t1
            CONDITION.MEET tenant=zhangjiang scheme=pilot subject=T1 condition=filed date=2023-02-01
            COMMIT tenant=lingang award=T scheme=pilot subject=T1 amount=10 date=2023-08-09 key=t2
            """)
        try expect(ledger, "AWARDS tenant=lingang party=twin", [("awards", "0 values")])
        try expect(ledger, "AWARD tenant=lingang award=T", [("party", "twin"), ("party-owner", "zhangjiang")])
        try expect(ledger, "PARTY tenant=lingang party=twin", [("owner", "lingang"), ("awards", "0 values")])
    }
}
