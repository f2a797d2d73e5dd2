import LedgerCore
import Testing

@Suite struct RemainingTests {
    static let prelude = """
        \(Town.all)
        shanghai: SCHEME.PUT steep 1 project rate=50% cap=1000 window=P1Y conditions=filed payers=lingang
        lingang: SUBJECT.OPEN steep S1 Acme 2024-01-01
        lingang: BASIS.SET steep S1 1000 2024-01-01
        lingang: SUBJECT.OPEN steep S2 Acme 2024-01-01
        lingang: CONDITION.MEET steep S2 filed 2024-02-01
        lingang: BASIS.SET steep S2 2000 2024-01-01
        lingang: COMMIT A steep S2 300 2024-03-01
        lingang: DISBURSE A 200 2024-03-01
        lingang: RECOVER A 50 2024-03-01 restore=no
        """

    /// Today is 2024-05-01.
    static let rows = Row.table(
        """
        REMAINING steep S2 -> + on=2024-05-01 limit=1000 committed=100 disbursed=150 forfeited=50 remaining=700
        REMAINING steep S2 -> + excess=0.00 binding=cap window.from=2024-01-01 window.until=2025-01-01 window.open=true
        REMAINING steep S2 -> + caps.0.kind=cap caps.0.limit=1000 caps.0.remaining=700 caps.1.kind=rate
        REMAINING steep S2 -> + would=absent period=absent
        REMAINING steep S2 amount=700 -> + would=+
        REMAINING steep S2 amount=700.01 -> + would=CAP_EXCEEDED
        REMAINING steep S2 amount=1 on=2025-01-01 -> + would=+ window.open=true
        REMAINING steep S2 amount=1 on=2025-01-02 -> + would=WINDOW_CLOSED window.open=false binding=window
        REMAINING steep S2 amount=1 on=2024-01-31 -> + would=CONDITION_UNMET binding=condition remaining=0.00
        REMAINING steep S2 amount=1 on=2024-02-01 -> + would=+ binding=cap remaining=700
        REMAINING steep S1 amount=1 -> + would=CONDITION_UNMET binding=condition limit=500 caps.1.limit=500
        # Outside the window as well: the first in the order of the errors is named.
        REMAINING steep S1 on=2030-01-01 -> + binding=condition window.open=false
        REMAINING founder F1 -> + binding=parameter limit=null remaining=0.00
        REMAINING founder F1 on=2030-01-01 -> + binding=parameter window.open=false
        REMAINING capped C1 amount=1000 -> + would=+ window.from=null window.until=null window.open=true
        pudong: REMAINING capped C1 amount=1 -> + would=BUDGET_EXCEEDED remaining=1000
        pudong: REMAINING steep S2 -> NOT_A_PAYER
        shanghai: REMAINING steep S2 amount=1 -> + remaining=700 would=NOT_A_PAYER
        REMAINING steep S9 -> NOT_FOUND argument=subject
        REMAINING nope S2 -> NOT_FOUND argument=scheme
        nowhere: REMAINING steep S2 -> NOT_FOUND argument=tenant
        """)

    static let books = Result { try TestBooks(prelude) }

    @Test(arguments: rows) func whatRemains(_ row: Row) throws {
        var books = try Self.books.get()
        try books.check(row)
    }

    /// A window that governs cost says so, and leaves the rest as it is.
    @Test func outsideAWindowOfCostsOnlyOpenSaysSo() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            SCHEME.SET founder rate=10%
            BASIS.SET founder F1 1000 2024-01-01
            REMAINING founder F1 on=2030-01-01 -> + window.open=false remaining=100 binding=rate window.governs=cost
            """)
    }

    /// What the store found for an earlier day takes the place of what stands now.
    @Test func onAnEarlierDay() throws {
        let books = try Self.books.get().books
        let subject = try #require(books.subjects.values.first { $0.name.subject == "S2" })
        let day = try #require(Day("2024-03-01"))
        let past = PastUse(
            cap: CapRow(
                number: 1, name: CapName(subject: subject.number, payer: 0, period: 0), committed: Amount(fen: 5_000),
                disbursed: Amount(fen: 70_000)),
            bases: [SubjectRow.Basis(period: 0, amount: Amount(fen: 100_000))])
        let question = RemainingQuestion(scheme: "steep", subject: "S2", on: day)
        let answer = books.remaining(question, tenant: "lingang", past: past, today: TestBooks.now.day)
        Expectation("+ limit=500 committed=50 disbursed=700 forfeited=0.00 remaining=0.00 excess=250 binding=rate")
            .check(
                answer, of: "REMAINING", sourceLocation: #_sourceLocation)
        let unused = books.remaining(
            question, tenant: "lingang", past: PastUse(cap: nil, bases: []), today: TestBooks.now.day)
        Expectation("+ limit=0.00 committed=0.00 disbursed=0.00 remaining=0.00 excess=0.00").check(
            unused, of: "REMAINING", sourceLocation: #_sourceLocation)
    }

    @Test func underARollingWindowItSaysWhenItFrees() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A rolling R1 300 2023-06-01
            COMMIT A rolling R1 200 2024-02-29
            REMAINING rolling R1 -> + remaining=500 window.from=2021-05-02 window.until=2024-05-01
            REMAINING rolling R1 -> + window.frees.0.on=2026-06-01
            REMAINING rolling R1 -> + window.frees.0.amount=300 window.frees.1.on=2027-03-01 window.frees.1.amount=200
            REMAINING rolling R1 on=2026-06-01 -> + remaining=800
            REMAINING rolling R1 on=2026-05-31 -> + remaining=500
            """)
    }
}
