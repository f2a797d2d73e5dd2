import LedgerCore
import Testing

/// Each ladder begins with a command that is wrong in every way; each step mends the first fault, in the order in which
/// they are judged, until nothing is left to refuse. Every step stands on the same books.
@Suite struct RefusalOrderTests {
    static let prelude = """
        \(Town.all)
        shanghai: SCHEME.PUT steep 1 project rate=tenant cap=1000 window=P1Y conditions=filed payers=lingang,zhangjiang
        zhangjiang: SCHEME.SET steep rate=50%
        lingang: SUBJECT.OPEN steep S1 Acme 2023-01-01
        lingang: CONDITION.MEET steep S1 filed 2024-06-01
        lingang: BASIS.SET steep S1 2000 2023-01-01
        zhangjiang: SUBJECT.OPEN steep S2 Acme 2024-01-01
        zhangjiang: CONDITION.MEET steep S2 filed 2024-06-01
        zhangjiang: BASIS.SET steep S2 2000 2023-01-01
        zhangjiang: APPROPRIATE small 2024 600 2023-01-02
        zhangjiang: COMMIT Z steep S2 100 2024-07-01 fund=small key=z
        zhangjiang: PERIOD.CLOSE 2024-03-31
        pudong: APPROPRIATE general 2023 100 2023-01-02 key=used
        pudong: COMMIT B open O1 1 2023-02-01
        lingang: BASIS.SET deal D1 20000 2023-02-01 key=basis
        lingang: COMMIT D deal D1 999 2023-02-01
        lingang: COMMIT D deal D1 1 2023-02-01
        lingang: BASIS.SET deal D1 18000 2023-02-01
        lingang: COMMIT T capped C1 300 2023-07-01 schedule=2023:100,2024:200 key=t
        lingang: DISBURSE T 60 2023-08-01 key=paid
        lingang: DISBURSE T 10 2023-08-01 key=settled
        lingang: SETTLE @settled 2023-08-02 key=settlement
        lingang: RELEASE T 5 2023-08-03 key=released
        lingang: REVERSE @released 2023-08-03 key=undone
        lingang: APPROPRIATE bare 2023 10 2023-01-02 key=bare
        lingang: COMMIT U capped C1 10 2023-07-01 fund=bare
        lingang: PERIOD.CLOSE 2023-05-31
        """

    static let commitment = Row.table(
        """
        nowhere: COMMIT B nope S1 9999 2023-01-01 party=nope key=used -> NOT_FOUND argument=tenant
        pudong: COMMIT B nope S1 9999 2023-01-01 party=nope key=used -> KEY_CONFLICT argument=verb entry=E4-1
        pudong: COMMIT B nope S1 9999 2023-01-01 party=nope -> NOT_FOUND argument=scheme
        pudong: COMMIT B steep S9 9999 2023-01-01 party=nope -> NOT_FOUND argument=subject
        pudong: COMMIT B steep S1 9999 2023-01-01 party=nope -> NOT_FOUND argument=party
        pudong: COMMIT B steep S1 9999 2023-01-01 -> EXISTS argument=scheme
        pudong: COMMIT N steep S1 9999 2023-01-01 -> NOT_A_PAYER
        lingang: COMMIT N steep S1 9999 2023-05-31 -> PERIOD_CLOSED through=2023-05-31
        lingang: COMMIT N steep S1 9999 2024-05-31 -> CONDITION_UNMET condition=filed
        lingang: COMMIT N steep S1 9999 2024-06-01 -> PARAMETER_UNSET parameter=rate
        zhangjiang: COMMIT N steep S1 9999 2024-06-01 -> WINDOW_CLOSED until=2024-01-01
        zhangjiang: COMMIT Z steep S2 9999 2024-06-30 fund=small -> INVALID_ARGUMENT argument=date
        zhangjiang: COMMIT Z steep S2 900.01 2024-07-01 fund=small -> CAP_EXCEEDED remaining=900
        zhangjiang: COMMIT Z steep S2 900 2024-07-01 fund=small -> BUDGET_EXCEEDED remaining=500 limit=600 year=2024
        zhangjiang: COMMIT Z steep S2 500 2024-07-01 fund=small -> + committed=600 remaining=400
        """)

    static let disbursement = Row.table(
        """
        nowhere: DISBURSE X 9999 2023-05-31 key=bare -> NOT_FOUND argument=tenant
        lingang: DISBURSE X 9999 2023-05-31 key=bare -> KEY_CONFLICT argument=verb
        lingang: DISBURSE X 9999 2023-05-31 -> NOT_FOUND argument=award
        lingang: DISBURSE T 9999 2023-05-31 -> PERIOD_CLOSED
        lingang: DISBURSE T 9999 2023-08-02 -> INVALID_ARGUMENT argument=date
        zhangjiang: DISBURSE Z 9999 2025-01-02 -> WINDOW_CLOSED until=2025-01-01
        lingang: DISBURSE T 9999 2023-08-03 -> AWARD_EXCEEDED remaining=30 committed=230 disbursed=70
        lingang: DISBURSE D 1000 2023-08-03 -> CAP_EXCEEDED limit=900 remaining=0.00
        lingang: DISBURSE D 900 2023-08-03 -> RATE_MISMATCH limit=900 committed=1000
        lingang: DISBURSE T 30 2023-08-03 -> + committed=200 disbursed=100
        """)

    static let afterwards = Row.table(
        """
        lingang: RELEASE X 9999 2023-05-31 -> NOT_FOUND argument=award
        lingang: RELEASE T 9999 2023-05-31 -> PERIOD_CLOSED
        lingang: RELEASE T 9999 2023-08-02 -> INVALID_ARGUMENT argument=date
        lingang: RELEASE T 230.01 2023-08-03 -> AWARD_EXCEEDED remaining=230
        lingang: RELEASE T 230 2023-08-03 -> + committed=0.00
        lingang: RECOVER X 9999 2023-05-31 -> NOT_FOUND argument=award
        lingang: RECOVER T 9999 2023-05-31 -> PERIOD_CLOSED
        lingang: RECOVER T 9999 2023-08-02 -> INVALID_ARGUMENT argument=date
        lingang: RECOVER T 70.01 2023-08-03 -> AWARD_EXCEEDED remaining=70
        lingang: RECOVER T 70 2023-08-03 -> + disbursed=0.00
        lingang: RESCHEDULE X 2024 2050 9999 2023-05-31 -> NOT_FOUND argument=award
        lingang: RESCHEDULE T 2024 2050 9999 2023-05-31 -> PERIOD_CLOSED
        lingang: RESCHEDULE T 2024 2050 9999 2023-08-02 -> INVALID_ARGUMENT argument=date
        lingang: RESCHEDULE T 2024 2050 200.01 2023-08-03 -> AWARD_EXCEEDED remaining=200
        lingang: RESCHEDULE T 2024 2050 200 2023-08-03 -> BUDGET_EXCEEDED year=2050 remaining=0.00
        lingang: RESCHEDULE T 2024 2025 200 2023-08-03 -> + committed=230
        """)

    static let entries = Row.table(
        """
        lingang: SETTLE E2-999 2023-05-31 -> NOT_FOUND argument=entry
        lingang: SETTLE c 2023-05-31 -> NOT_FOUND argument=entry
        lingang: SETTLE @t 2023-05-31 -> INVALID_ARGUMENT argument=entry
        lingang: SETTLE @settled 2023-05-31 -> ALREADY_SETTLED
        lingang: SETTLE @paid 2023-05-31 -> PERIOD_CLOSED
        lingang: SETTLE @paid 2023-07-31 -> INVALID_ARGUMENT argument=date
        lingang: SETTLE @paid 2023-08-01 -> + amount=60 award=absent
        lingang: REVERSE E2-999 2023-05-31 -> NOT_FOUND argument=entry
        zhangjiang: REVERSE E2-1 2023-05-31 -> NOT_FOUND argument=entry
        lingang: REVERSE @undone 2023-05-31 -> INVALID_ARGUMENT argument=entry
        lingang: REVERSE @basis 2023-05-31 -> INVALID_ARGUMENT argument=entry
        lingang: REVERSE @released 2023-05-31 -> ALREADY_REVERSED
        lingang: REVERSE @settled 2023-05-31 -> ALREADY_SETTLED
        lingang: REVERSE @t 2023-05-31 -> PERIOD_CLOSED
        lingang: REVERSE @t 2023-06-30 -> INVALID_ARGUMENT argument=date
        lingang: REVERSE @t 2023-08-02 -> INVALID_ARGUMENT argument=date
        lingang: REVERSE @t 2023-08-03 -> AWARD_EXCEEDED
        lingang: REVERSE @bare 2023-08-03 -> BUDGET_EXCEEDED remaining=0.00 year=2023
        lingang: REVERSE @settlement 2023-08-01 -> INVALID_ARGUMENT argument=date
        lingang: REVERSE @settlement 2023-08-02 -> + amount=10 award=absent
        lingang: REVERSE @paid 2023-08-03 -> + committed=290 disbursed=10
        """)

    static let budgets = Row.table(
        """
        nowhere: APPROPRIATE bare 2023 1 2023-05-31 change=cut -> NOT_FOUND argument=tenant
        lingang: APPROPRIATE bare 2023 1 2023-05-31 change=cut -> PERIOD_CLOSED
        lingang: APPROPRIATE bare 2023 0.01 2023-06-01 change=cut -> BUDGET_EXCEEDED limit=10 committed=10
        lingang: APPROPRIATE bare 2023 90000000000000 2023-06-01 -> TOO_LARGE
        lingang: APPROPRIATE bare 2023 89999999999990 2023-06-01 -> + amount=89999999999990
        lingang: CARRY bare 2023 2024 0.01 2023-05-31 -> PERIOD_CLOSED
        lingang: CARRY bare 2023 2024 0.01 2023-06-01 -> BUDGET_EXCEEDED
        lingang: CARRY unknown 2023 2024 0.01 2023-06-01 -> BUDGET_EXCEEDED limit=0.00
        lingang: CARRY general 2023 2024 1000 2023-06-01 -> + amount=1000
        lingang: BASIS.SET nope Y1 1 2023-05-31 -> NOT_FOUND argument=scheme
        lingang: BASIS.SET yearly Y9 1 2023-05-31 -> NOT_FOUND argument=subject
        lingang: BASIS.SET yearly Y1 1 2023-05-31 -> MISSING_ARGUMENT argument=period
        pudong: BASIS.SET pilot P1 1 2023-05-31 period=2024 -> INVALID_ARGUMENT argument=period
        pudong: BASIS.SET pilot P1 1 2023-05-31 -> NOT_A_PAYER
        lingang: BASIS.SET pilot P1 1 2023-05-31 -> PERIOD_CLOSED
        shanghai: BASIS.SET pilot P1 0 2023-06-01 -> + amount=0
        """)

    static let books = Result { try TestBooks(prelude) }
    static let ladders = commitment + disbursement + afterwards + entries + budgets

    @Test(arguments: ladders) func theFirstFaultIsNamed(_ row: Row) throws {
        var books = try Self.books.get()
        try books.check(row)
        audit(books.books)
    }

    /// Whatever the books can refuse stands on a ladder.
    @Test func everyRefusalOfTheBooksStandsOnALadder() {
        let ofTheServer: Set<RefusalCode> = [
            .badRequest, .unknownCommand, .noAuthentication, .wrongPassword, .noPermission, .executionAborted,
            .overloaded, .unavailable,
        ]
        let judged = Set(RefusalCode.allCases).subtracting(ofTheServer).map(\.name)
        #expect(Set(Self.ladders.map(\.expectation.code)) == Set(judged + ["+"]))
    }
}
