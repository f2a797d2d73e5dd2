import LedgerCore
import Testing

/// A payment that the bank sends back: DISBURSE and SETTLE are undone in one entry, once, and nothing else is.
@Suite struct ReturnTests {
    private static let paid = """
        COMMIT A capped C1 300 2023-07-01 schedule=2023:100,2024:200
        DISBURSE A 150 2024-07-02 key=d
        SETTLE @d 2024-07-03 key=s
        """

    @Test func theYearsHoldTheMoneyAgain() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            \(Self.paid)
            RETURN @d 2024-07-09 key=r ref=ICBC-9 -> + amount=150 committed=300 disbursed=0.00
            DISBURSE A 300 2024-07-10 -> + committed=0.00 disbursed=300
            """)
        let years = town.books.awards.values.first { $0.name.award == "A" }?.years ?? []
        #expect(years.map(\.disbursed.fen) == [10_000, 20_000])
    }

    /// Payable, cash and expense stand at what they were before the disbursement.
    @Test func theMoneyIsBack() throws {
        var town = try TestBooks(Town.all)
        try town.run("\(Self.paid)\nRETURN @d 2024-07-09")
        var balances: [AccountID: Amount] = [:]
        for transfer in town.books.entries.values.flatMap(\.transfers) {
            balances[transfer.debit, default: .zero] += transfer.amount
            balances[transfer.credit, default: .zero] -= transfer.amount
        }
        let money = balances.filter { [.expense, .cash, .payable].contains($0.key.slot) }
        #expect(money.count == 3)
        #expect(money.values.allSatisfy { $0 == .zero })
    }

    @Test func whatIsReturnedIsDone() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            \(Self.paid)
            RETURN @d 2024-07-09 key=r
            RETURN @d 2024-07-09 -> ALREADY_REVERSED
            REVERSE @d 2024-07-09 -> ALREADY_REVERSED
            SETTLE @d 2024-07-09 -> ALREADY_REVERSED
            REVERSE @s 2024-07-09 -> ALREADY_REVERSED
            REVERSE @r 2024-07-09 -> INVALID_ARGUMENT argument=entry
            RETURN @r 2024-07-09 -> INVALID_ARGUMENT argument=entry
            """)
    }

    @Test func onlyASettledDisbursementOnItsDayOrLater() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 300 2023-07-01 key=c
            DISBURSE A 150 2023-07-02 key=d
            RETURN @d 2023-07-03 -> INVALID_ARGUMENT argument=entry
            RETURN @c 2023-07-03 -> INVALID_ARGUMENT argument=entry
            SETTLE @d 2023-07-05 key=s
            RETURN @s 2023-07-06 -> INVALID_ARGUMENT argument=entry
            RETURN @d 2023-07-04 -> INVALID_ARGUMENT argument=date
            REVERSE @s 2023-07-05
            RETURN @d 2023-07-06 -> INVALID_ARGUMENT argument=entry
            SETTLE @d 2023-07-07
            DISBURSE A 10 2023-08-01
            RETURN @d 2023-07-31 -> INVALID_ARGUMENT argument=date
            RETURN @d 2023-08-01 -> + committed=290 disbursed=10
            """)
    }

    /// What a former payee had been paid and sent back is no longer what it holds.
    @Test func aFormerPayeeHoldsNoLongerWhatItReturned() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 300 2023-07-01
            DISBURSE A 150 2023-07-02 key=d
            SETTLE @d 2023-07-03
            COMMIT A capped C1 50 2023-07-04 party=Bolt
            DISBURSE A 20 2023-07-05
            """)
        #expect(formerlyPaid(town) == [15_000])
        try town.run("RETURN @d 2023-07-06")
        #expect(formerlyPaid(town) == [0])
    }

    private func formerlyPaid(_ town: TestBooks) -> [Int64] {
        town.books.awards.values.flatMap(\.formerPayees).map(\.paid.fen)
    }
}
