import LedgerCore
import Testing

/// A key answers for ever what it answered first.
@Suite struct KeyTests {
    static let prelude = """
        \(Town.all)
        COMMIT A capped C1 500 2023-07-01 key=c
        DISBURSE A 100 2023-07-02 key=d ref=x
        RECOVER A 10 2023-07-03 key=r
        APPROPRIATE general 2023 5 2023-07-01 key=a
        BASIS.SET yearly Y1 5 2023-07-01 key=b period=2023
        COMMIT B capped C1 5 2023-07-01 key=s schedule=2023:2,2024:3 incurred=2023-01-01
        COMMIT B capped C1 5 2023-07-01 key=p party=Bolt
        """

    static let rows = Row.table(
        """
        COMMIT A capped C1 500 2023-07-01 key=c -> + replayed=true committed=500 disbursed=0.00 remaining=500
        COMMIT A capped C1 500.00 2023-07-01 key=c fund=general fit=whole -> + replayed=true
        COMMIT A capped C1 500.0 2023-07-01 key=c party=Acme -> + replayed=true
        COMMIT A capped C1 500 2023-07-01 key=c dry-run=yes -> + replayed=true entry=absent seq=absent
        # A used key is judged before all else that the books can say.
        COMMIT Z nope C1 500 2023-07-01 key=c -> KEY_CONFLICT argument=award
        COMMIT A nope C1 500 2023-07-01 key=c -> KEY_CONFLICT argument=scheme
        COMMIT A capped C9 501 2023-07-01 key=c -> KEY_CONFLICT argument=subject
        COMMIT A capped C1 501 2023-07-02 key=c -> KEY_CONFLICT argument=amount
        COMMIT A capped C1 500 2023-07-02 key=c fund=x -> KEY_CONFLICT argument=date
        COMMIT A capped C1 500 2023-07-01 key=c fund=x -> KEY_CONFLICT argument=fund
        COMMIT A capped C1 500 2023-07-01 key=c fit=room -> KEY_CONFLICT argument=fit
        COMMIT A capped C1 500 2023-07-01 key=c party=Bolt -> KEY_CONFLICT argument=party
        COMMIT A capped C1 500 2023-07-01 key=c incurred=2023-07-01 -> KEY_CONFLICT argument=incurred
        COMMIT A capped C1 501 2023-07-01 key=c dry-run=yes -> KEY_CONFLICT argument=amount
        COMMIT B capped C1 5 2023-07-01 key=s schedule=2023:2,2024:3 incurred=2023-01-01 -> + replayed=true
        COMMIT B capped C1 5 2023-07-01 key=s schedule=2023:3,2024:2 -> KEY_CONFLICT argument=schedule
        COMMIT B capped C1 5 2023-07-01 key=s incurred=2023-01-01 -> KEY_CONFLICT argument=schedule
        COMMIT B capped C1 5 2023-07-01 key=p party=Bolt -> + replayed=true
        COMMIT B capped C1 5 2023-07-01 key=p -> KEY_CONFLICT argument=party
        RELEASE A 500 2023-07-01 key=c -> KEY_CONFLICT argument=verb entry=E2-5
        DISBURSE A 100 2023-07-02 key=d ref=x -> + replayed=true disbursed=100
        DISBURSE A 100 2023-07-02 key=d ref=y -> KEY_CONFLICT argument=ref
        DISBURSE A 100 2023-07-02 key=d -> KEY_CONFLICT argument=ref
        RECOVER A 10 2023-07-03 key=r restore=yes -> + replayed=true
        RECOVER A 10 2023-07-03 key=r restore=no -> KEY_CONFLICT argument=restore
        APPROPRIATE general 2023 5 2023-07-01 key=a change=add -> + replayed=true
        APPROPRIATE general 2023 5 2023-07-01 key=a change=cut -> KEY_CONFLICT argument=change
        APPROPRIATE general 2024 5 2023-07-01 key=a -> KEY_CONFLICT argument=year
        BASIS.SET yearly Y1 5 2023-07-01 key=b period=2023 -> + replayed=true
        BASIS.SET yearly Y1 5 2023-07-01 key=b period=2024 -> KEY_CONFLICT argument=period
        # Keys are each tenant's own, and a refused or dry one stays free.
        zhangjiang: APPROPRIATE general 2024 7 2023-07-01 key=c -> + replayed=absent
        DISBURSE A 1 2023-07-03 key=free dry-run=yes -> + entry=absent seq=absent replayed=absent disbursed=91
        """)

    static let books = Result { try TestBooks(prelude) }

    @Test(arguments: rows) func aUsedKey(_ row: Row) throws {
        var books = try Self.books.get()
        try books.check(row)
        audit(books.books)
    }

    /// Whatever has happened since.
    @Test func aReplaySaysWhatWasSaid() throws {
        var books = try Self.books.get()
        try books.run(
            """
            REVERSE @r 2023-07-04
            REVERSE @d 2023-07-04
            RELEASE A 500 2023-07-04
            SUBJECT.OPEN capped C2 Cone 2023-06-01
            PERIOD.CLOSE 2024-12-31
            DISBURSE A 100 2023-07-02 key=d ref=x -> + replayed=true committed=400 disbursed=100 remaining=500
            RECOVER A 10 2023-07-03 key=r -> + replayed=true disbursed=90
            APPROPRIATE general 2023 5 2023-07-01 key=late -> PERIOD_CLOSED
            APPROPRIATE general 2023 5 2025-07-01 key=late -> + replayed=absent
            """)
    }

    @Test func aKeyThatComesTwiceInOneBatchIsPostedOnce() throws {
        var books = try Self.books.get()
        let line = "DISBURSE A 1 2023-07-03 key=twice"
        guard case .posted(let first) = try books.outcome(of: line),
            case .posted(let second) = try books.outcome(of: line)
        else {
            Issue.record("refused")
            return
        }
        #expect(!first.isReplay && second.isReplay)
        #expect(first.entry == second.entry && first.award == second.award)
    }
}
