import LedgerCore
import Testing

/// Registrations may be sent again with the same content; what is asked first is what is refused first.
@Suite struct RegistrationTests {
    static let prelude = """
        \(Town.all)
        shanghai: SCHEME.PUT steep 1 project rate=tenant cap=tenant conditions=filed,heard payers=lingang
        shanghai: PARTY.PUT Firm company uscc=91310000631696382C name=某公司 bank=ICBC
        shanghai: PARTY.PUT Bare company
        lingang: SUBJECT.OPEN steep S1 Acme 2024-01-01
        lingang: CONDITION.MEET steep S1 filed 2024-01-01 evidence=doc-1
        lingang: CONDITION.MEET pilot P1 filed 2023-06-01
        lingang: BASIS.SET pilot P1 1000 2023-06-01
        lingang: COMMIT A pilot P1 1 2023-06-01 key=c
        lingang: REVERSE @c 2023-06-01
        """

    static let rows = Row.table(
        """
        shanghai: TENANT.CREATE 上海市 -> + tenant=shanghai parent=null
        shanghai: TENANT.CREATE 上海 -> EXISTS argument=name
        lingang: TENANT.CREATE 临港 -> EXISTS argument=parent
        lingang: TENANT.CREATE 临港 parent=pudong -> EXISTS argument=parent
        yangpu: TENANT.CREATE 杨浦 parent=nowhere -> NOT_FOUND argument=parent
        yangpu: TENANT.CREATE 杨浦 parent=yangpu -> NOT_FOUND argument=parent
        yangpu: TENANT.CREATE 杨浦 parent=shanghai -> + parent=shanghai

        shanghai: SCHEME.PUT capped 1 project cap=1000 -> + version=1
        shanghai: SCHEME.PUT capped 1 project cap=1001 -> EXISTS argument=cap
        shanghai: SCHEME.PUT capped 1 deal cap=1000 -> EXISTS argument=subject-kind
        shanghai: SCHEME.PUT capped 1 project cap=1000 name=x -> EXISTS argument=name
        shanghai: SCHEME.PUT capped 1 project cap=1000 rate=1% -> EXISTS argument=rate
        shanghai: SCHEME.PUT capped 1 project cap=1000 rule=exact -> EXISTS argument=rate-rule
        shanghai: SCHEME.PUT capped 1 project cap=1000 window=P1Y -> EXISTS argument=window
        shanghai: SCHEME.PUT capped 1 project cap=1000 governs=cost -> EXISTS argument=window-governs
        shanghai: SCHEME.PUT capped 1 project cap=1000 conditions=x -> EXISTS argument=conditions
        shanghai: SCHEME.PUT capped 1 project cap=1000 payers=lingang -> EXISTS argument=payers
        shanghai: SCHEME.PUT capped 1 project cap=1000 authorities=x -> EXISTS argument=authorities
        shanghai: SCHEME.PUT capped 1 project cap=1000 section=1 -> EXISTS argument=section
        shanghai: SCHEME.PUT capped 3 project cap=1000 -> INVALID_ARGUMENT argument=version
        shanghai: SCHEME.PUT capped 2 project cap=2000 -> + version=2
        shanghai: SCHEME.PUT fresh 2 project -> INVALID_ARGUMENT argument=version
        shanghai: SCHEME.PUT fresh 1 project payers=nowhere -> NOT_FOUND argument=payers
        lingang: SCHEME.PUT fresh 1 project payers=lingang,pudong -> INVALID_ARGUMENT argument=payers
        lingang: SCHEME.PUT fresh 1 project payers=lingang -> + version=1

        lingang: SCHEME.SET nope rate=1% -> NOT_FOUND argument=scheme
        pudong: SCHEME.SET pilot rate=1% -> INVALID_ARGUMENT argument=rate
        pudong: SCHEME.SET founder cap=1 -> INVALID_ARGUMENT argument=cap
        pudong: SCHEME.SET steep rate=1% -> NOT_A_PAYER
        shanghai: SCHEME.SET steep rate=1% -> NOT_A_PAYER
        lingang: SCHEME.SET steep rate=1% -> + rate=1% cap=null
        lingang: SCHEME.SET steep cap=7 -> + cap=7 rate=null

        shanghai: PARTY.PUT Firm company uscc=91310000631696382C name=改名 -> + name=改名
        shanghai: PARTY.PUT Firm person -> EXISTS argument=kind
        shanghai: PARTY.PUT Firm company uscc=91100000100003962T -> EXISTS argument=uscc
        lingang: PARTY.PUT Firm person -> + kind=person

        lingang: SUBJECT.OPEN nope S1 Acme 2024-01-01 -> NOT_FOUND argument=scheme
        lingang: SUBJECT.OPEN steep S1 Nobody 2024-01-02 -> NOT_FOUND argument=party
        pudong: SUBJECT.OPEN steep S1 Cone 2024-01-02 -> EXISTS argument=party
        lingang: SUBJECT.OPEN steep S1 Acme 2024-01-02 -> EXISTS argument=opened
        pudong: SUBJECT.OPEN steep S1 Acme 2024-01-01 -> NOT_A_PAYER
        pudong: SUBJECT.OPEN steep S9 Acme 2024-01-01 -> NOT_A_PAYER
        shanghai: SUBJECT.OPEN steep S1 Acme 2024-01-01 -> + version=1
        lingang: SUBJECT.OPEN steep S1 Cone 2024-01-02 correct=yes -> + opened=2024-01-02 party=Cone
        lingang: SUBJECT.OPEN pilot P1 Acme 2023-06-02 correct=yes -> EXISTS argument=opened
        lingang: SUBJECT.OPEN pilot P1 Acme 2023-06-01 correct=yes -> + opened=2023-06-01

        lingang: CONDITION.MEET steep S9 filed 2024-01-01 -> NOT_FOUND argument=subject
        pudong: CONDITION.MEET steep S1 seen 2024-01-01 -> INVALID_ARGUMENT argument=condition
        pudong: CONDITION.MEET steep S1 filed 2024-01-02 evidence=doc-1 -> EXISTS argument=date
        lingang: CONDITION.MEET steep S1 filed 2024-01-01 evidence=doc-2 -> EXISTS argument=evidence
        pudong: CONDITION.MEET steep S1 filed 2024-01-01 evidence=doc-1 -> NOT_A_PAYER
        lingang: CONDITION.MEET steep S1 filed 2024-01-01 evidence=doc-1 -> + date=2024-01-01
        shanghai: CONDITION.MEET steep S1 heard 2024-01-03 -> + condition=heard
        lingang: CONDITION.MEET steep S1 filed 2024-02-01 correct=yes -> + date=2024-02-01
        lingang: CONDITION.MEET pilot P1 filed 2023-06-02 correct=yes -> EXISTS argument=date

        nowhere: PERIOD.CLOSE 2024-01-01 -> NOT_FOUND argument=tenant
        lingang: PERIOD.CLOSE 2024-01-01 -> + through=2024-01-01
        """)

    static let books = Result { try TestBooks(prelude) }

    @Test(arguments: rows) func aRegistration(_ row: Row) throws {
        var books = try Self.books.get()
        try books.check(row)
        // Whatever was accepted is accepted again, and changes nothing more.
        if row.expectation.code == "+" {
            let after = Snapshot(books.books)
            try books.check(row)
            #expect(Snapshot(books.books) == after)
        }
    }

    @Test func aPeriodIsOnlyClosedForward() throws {
        var books = try Self.books.get()
        try books.run(
            """
            PERIOD.CLOSE 2024-06-30
            PERIOD.CLOSE 2024-01-31 -> + through=2024-06-30
            APPROPRIATE general 2024 1 2024-06-30 -> PERIOD_CLOSED through=2024-06-30
            APPROPRIATE general 2024 1 2024-07-01
            CONDITION.MEET steep S1 heard 2024-01-31
            zhangjiang: APPROPRIATE general 2024 1 2024-06-30
            """)
    }

    @Test func aSubjectKeepsTheVersionItWasOpenedUnder() throws {
        var books = try Self.books.get()
        try books.run(
            """
            shanghai: SCHEME.PUT capped 2 project cap=2000
            SUBJECT.OPEN capped C2 Acme 2023-06-01 -> + version=2
            SUBJECT.OPEN capped C1 Acme 2023-06-01 -> + version=1
            COMMIT N capped C1 1000.01 2023-07-01 -> CAP_EXCEEDED limit=1000
            COMMIT N capped C2 2000 2023-07-01 -> + remaining=0.00
            """)
    }

    @Test func theNearestTenantsSchemeAndPartyHold() throws {
        var books = try Self.books.get()
        try books.run(
            """
            lingang: SCHEME.PUT capped 1 project cap=5
            SUBJECT.OPEN capped own Acme 2023-06-01
            COMMIT N capped own 5.01 2023-07-01 -> CAP_EXCEEDED limit=5
            COMMIT N capped C1 1 2023-07-01 -> NOT_FOUND argument=subject
            zhangjiang: COMMIT N capped C1 1 2024-07-01 -> + remaining=999
            zhangjiang: COMMIT N capped own 1 2024-07-01 -> NOT_FOUND argument=subject
            # A nearer party of the same name is another one.
            lingang: PARTY.PUT Acme company
            lingang: COMMIT G clan G1 1 2023-07-01 party=Acme -> INVALID_ARGUMENT argument=party
            zhangjiang: COMMIT G clan G1 1 2024-07-01 party=Acme -> + remaining=999
            """)
    }

    /// What is not given stays as it was set.
    @Test func aParameterIsReplacedByItself() throws {
        var books = try Self.books.get()
        try books.run(
            """
            SCHEME.SET steep rate=1%
            SCHEME.SET steep cap=7 -> + rate=1% cap=7
            SCHEME.SET steep rate=2% -> + rate=2% cap=7
            """)
    }
}
