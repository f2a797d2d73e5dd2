import LedgerCore
import Testing

/// Each entry is undone once, and only while what it did can still be undone.
@Suite struct ReversalTests {
    /// The last step of each story takes back the step before it, and the cap and the award stand where they stood.
    @Test(arguments: [
        "APPROPRIATE general 2023 10 2023-07-02", "APPROPRIATE general 2023 10 2023-07-02 change=cut",
        "CARRY general 2023 2024 10 2023-07-02", "COMMIT A capped C1 10 2023-07-02 schedule=2023:4,2025:6",
        "COMMIT N capped C1 10 2023-07-02", "RESCHEDULE A 2023 2025 10 2023-07-02", "DISBURSE A 150 2024-07-02",
        "RELEASE A 150 2023-07-02", "RECOVER A 15 2023-07-02", "RECOVER A 15 2023-07-02 restore=no",
        "RECOVER A 15 2024-07-02", "COMMIT R rolling R1 10 2023-07-02", "RELEASE Q 150 2023-07-02",
        "RECOVER Q 15 2023-07-02", "RECOVER Q 15 2023-07-02 restore=no", "COMMIT Q rolling R1 10 2023-07-02",
    ]) func whatIsReversedIsAsItWas(_ command: String) throws {
        var town = try TestBooks(
            Town.all,
            """
            COMMIT A capped C1 300 2023-07-01 schedule=2023:100,2024:200
            DISBURSE A 20 2023-07-01
            COMMIT Q rolling R1 100 2023-06-01
            COMMIT Q rolling R1 200 2023-07-01
            DISBURSE Q 20 2023-07-01
            """)
        let before = figures(town)
        try town.run("\(command) key=it")
        #expect(figures(town) != before)
        try town.run("REVERSE @it 2024-07-02\nREVERSE @it 2024-07-02 -> ALREADY_REVERSED")
        #expect(figures(town) == before)
    }

    /// What caps, budgets and awards hold, without rows that hold nothing.
    private func figures(_ town: TestBooks) -> [String] {
        let years = town.books.awards.values.flatMap { award in
            award.years.map {
                "\(award.name.award) \($0.year) \($0.committed) \($0.disbursed) \($0.released) \($0.recovered)"
            }
        }
        let budgets = town.books.budgets.values.map {
            "\($0.name.fund) \($0.name.year) \($0.appropriated) \($0.committed) \($0.disbursed)"
        }
        let caps = town.books.caps.values.map {
            "\($0.name.subject) \($0.committed) \($0.disbursed) \($0.forfeited) \($0.dated)"
        }
        let dated = town.books.awards.values.map { award in
            "\(award.name.award) \(award.dated.filter { $0.amount != .zero })"
        }
        return (years + budgets + caps + dated).filter { !$0.hasSuffix(" 0.00 0.00 0.00 0.00") && !$0.hasSuffix(" []") }
            .sorted()
    }

    @Test func chainsOfReversals() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 300 2023-07-01 key=c
            DISBURSE A 100 2023-07-02 key=d
            SETTLE @d 2023-07-03 key=s
            REVERSE @d 2023-07-04 -> ALREADY_SETTLED
            SETTLE @d 2023-07-04 -> ALREADY_SETTLED
            REVERSE @s 2023-07-04 key=x -> + amount=100 award=absent
            REVERSE @s 2023-07-04 -> ALREADY_REVERSED
            REVERSE @x 2023-07-04 -> INVALID_ARGUMENT argument=entry
            SETTLE @s 2023-07-04 -> INVALID_ARGUMENT argument=entry
            # Settled anew, and undone anew.
            SETTLE @d 2023-07-05 key=s2
            REVERSE @d 2023-07-05 -> ALREADY_SETTLED
            REVERSE @s2 2023-07-05
            REVERSE @d 2023-07-05 -> + committed=300 disbursed=0.00
            SETTLE @d 2023-07-05 -> ALREADY_REVERSED
            REVERSE @c 2023-07-05 -> + committed=0.00 remaining=1000
            """)
    }

    @Test func theYearsMustStillHoldTheMoney() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 300 2023-07-01 key=c
            RESCHEDULE A 2023 2024 100 2023-07-01 key=m
            # In all there is enough, in 2023 there is not.
            REVERSE @c 2023-07-01 -> AWARD_EXCEEDED remaining=200
            COMMIT A capped C1 100 2023-07-01
            REVERSE @c 2023-07-01 -> + committed=100
            DISBURSE A 100 2024-07-01 key=d
            REVERSE @m 2024-07-01 -> AWARD_EXCEEDED
            RECOVER A 1 2024-07-01 key=r
            REVERSE @d 2024-07-01 -> AWARD_EXCEEDED remaining=99
            REVERSE @r 2024-07-01
            REVERSE @d 2024-07-01 -> + committed=100 disbursed=0.00
            """)
    }

    @Test func whatIsRestoredNeedsCapAndBudget() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            APPROPRIATE small 2023 1000 2023-01-02 key=a
            COMMIT A capped C1 1000 2023-07-01 fund=small
            REVERSE @a 2023-07-01 -> BUDGET_EXCEEDED
            RELEASE A 400 2023-07-01 key=l
            COMMIT B capped C1 100 2023-07-01
            REVERSE @l 2023-07-01 -> CAP_EXCEEDED remaining=300 requested=400
            RELEASE B 100 2023-07-01
            APPROPRIATE small 2023 1 2023-07-01 change=cut key=cut
            REVERSE @l 2023-07-01 -> BUDGET_EXCEEDED remaining=399
            REVERSE @cut 2023-07-01
            REVERSE @l 2023-07-01 -> + committed=1000 remaining=0.00
            DISBURSE A 1000 2023-07-02
            RECOVER A 500 2023-07-02 key=r
            COMMIT B capped C1 1 2023-07-02 key=b
            REVERSE @r 2023-07-02 -> CAP_EXCEEDED remaining=499
            REVERSE @b 2023-07-02
            APPROPRIATE small 2023 500 2023-07-02 change=cut key=cut2
            REVERSE @r 2023-07-02 -> BUDGET_EXCEEDED remaining=0.00
            REVERSE @cut2 2023-07-02
            REVERSE @r 2023-07-02 -> + disbursed=1000
            # What stayed used up needs no room again.
            RECOVER A 500 2024-07-02 restore=no key=f -> + remaining=0.00
            REVERSE @f 2024-07-02 -> + disbursed=1000 remaining=0.00
            """)
    }

    @Test func aReversalAsksNoConditionAndNoWindow() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET pilot P1 2000 2023-06-01
            COMMIT A pilot P1 1000 2023-07-01
            RELEASE A 400 2023-07-01 key=l
            REVERSE @l 2030-01-01 -> + committed=1000
            COMMIT A pilot P1 1 2030-01-01 -> WINDOW_CLOSED
            """)
    }
}
