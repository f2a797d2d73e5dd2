import LedgerCore
import Testing

/// What each posting verb does to award, cap and budget where nothing refuses it.
@Suite struct VerbTests {
    private func budget(_ town: TestBooks, _ year: Int, fund: String = "general") -> String {
        let number = town.books.registry.tenant("lingang").flatMap {
            town.books.fundNumbers[FundName(tenant: $0.number, fund: fund)]
        }
        guard let row = town.books.budgets[BudgetName(fund: number ?? 0, year: year)] else { return "none" }
        return "\(row.appropriated) \(row.committed) \(row.disbursed) \(row.available)"
    }

    @Test func appropriationsAndCarriedBudget() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            APPROPRIATE special 2023 1000 2023-01-02 -> + amount=1000 date=2023-01-02 award=absent
            APPROPRIATE special 2023 400 2023-01-02 change=cut
            APPROPRIATE special 2023 600.01 2023-01-02 change=cut -> BUDGET_EXCEEDED remaining=600 requested=600.01
            CARRY special 2023 2024 250 2023-12-31 key=carry
            CARRY special 2023 2024 350.01 2023-12-31 -> BUDGET_EXCEEDED year=2023 remaining=350 fund=special
            """)
        #expect(budget(town, 2023, fund: "special") == "350.00 0.00 0.00 350.00")
        #expect(budget(town, 2024, fund: "special") == "250.00 0.00 0.00 250.00")
        try town.run("REVERSE @carry 2024-01-01")
        #expect(budget(town, 2023, fund: "special") == "600.00 0.00 0.00 600.00")
    }

    @Test func moneyIsPaidFromTheEarliestYearAndGivenBackFromTheLatest() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 600 2023-07-01 schedule=2023:100,2024:200,2026:300 -> + committed=600 remaining=400
            COMMIT A capped C1 50 2023-07-01 -> + committed=650 remaining=350
            DISBURSE A 250 2024-01-05 -> + committed=400 disbursed=250 remaining=350
            DISBURSE A 100.01 2025-12-31 -> AWARD_EXCEEDED remaining=100
            RELEASE A 350 2024-02-01 -> + committed=50 remaining=700
            """)
        #expect(budget(town, 2023) == "50000000.00 0.00 150.00 49999850.00")
        #expect(budget(town, 2024) == "50000000.00 50.00 100.00 49999850.00")
        #expect(budget(town, 2026) == "50000000.00 0.00 0.00 50000000.00")
        try town.run(
            """
            # 2024's money comes first, and its budget gets it back, because it is 2024 still; 2023's does not.
            RECOVER A 120 2024-03-01 -> + disbursed=130 remaining=820
            RECOVER A 10 2024-03-02 restore=no -> + disbursed=120 remaining=820
            """)
        #expect(budget(town, 2024) == "50000000.00 50.00 0.00 49999950.00")
        #expect(budget(town, 2023) == "50000000.00 0.00 150.00 49999850.00")
        try town.run("REMAINING capped C1 -> + committed=50 disbursed=120 forfeited=10 remaining=820 excess=0.00")
    }

    /// Every year of a schedule needs its budget, and the earliest that lacks it is named.
    @Test func aScheduleNeedsTheBudgetOfEachYear() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            APPROPRIATE thin 2023 100 2023-01-02
            APPROPRIATE thin 2024 50 2023-01-02
            COMMIT A capped C1 200 2023-07-01 fund=thin schedule=2023:100,2024:60,2025:40 -> BUDGET_EXCEEDED year=2024
            COMMIT A capped C1 210 2023-07-01 fund=thin schedule=2023:110,2024:60,2025:40 -> BUDGET_EXCEEDED year=2023
            COMMIT A capped C1 150 2023-07-01 fund=thin schedule=2023:100,2024:50 -> + committed=150
            """)
    }

    /// Whatever order its years came in, an award is paid from the earliest.
    @Test func anEarlierYearThatComesLaterIsPaidFirst() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 300 2023-07-01 schedule=2024:100,2026:200
            COMMIT A capped C1 50 2023-07-01
            DISBURSE A 60 2024-07-01 -> + committed=290
            RESCHEDULE A 2023 2025 0.01 2024-07-01 -> AWARD_EXCEEDED remaining=0.00
            RELEASE A 200 2024-07-01
            RESCHEDULE A 2026 2025 0.01 2024-07-01 -> AWARD_EXCEEDED remaining=0.00
            """)
    }

    /// What was forfeited is used up for payments too.
    @Test func whatWasForfeitedIsNotPaidAgain() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET pilot P1 2000 2023-06-01
            COMMIT A pilot P1 1000 2023-07-01
            DISBURSE A 600 2023-07-02
            RECOVER A 100 2023-07-02 restore=no
            BASIS.SET pilot P1 1400 2023-07-03
            DISBURSE A 100.01 2023-07-03 -> CAP_EXCEEDED limit=700
            DISBURSE A 100 2023-07-03 -> + disbursed=600
            """)
    }

    @Test func aRescheduledCommitmentWaitsForItsYear() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 600 2023-07-01
            RESCHEDULE A 2023 2025 400 2023-08-01 -> + committed=600 remaining=400
            RESCHEDULE A 2023 2025 200.01 2023-08-01 -> AWARD_EXCEEDED remaining=200
            DISBURSE A 200.01 2023-09-01 -> AWARD_EXCEEDED remaining=200
            DISBURSE A 600 2025-01-01 -> + committed=0.00
            """)
        #expect(budget(town, 2023) == "50000000.00 0.00 200.00 49999800.00")
        #expect(budget(town, 2025) == "50000000.00 0.00 400.00 49999600.00")
    }

    @Test func settlementsDoNotMoveTheAward() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A capped C1 600 2023-07-01
            DISBURSE A 300 2023-08-01 key=d
            RECOVER A 100 2023-08-02 key=r
            SETTLE @d 2024-08-03 ref=ICBC-1 -> + amount=300 award=absent
            SETTLE @r 2024-08-03 -> + amount=100
            # Dated before the settlements: these are no entries of the award.
            DISBURSE A 10 2023-08-02 -> + disbursed=210
            """)
    }

    @Test func whatHasRoomIsCommitted() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            APPROPRIATE small 2023 300 2023-01-02
            APPROPRIATE large 2023 5000 2023-01-02
            COMMIT A capped C1 900 2023-07-01 fund=small fit=room -> + amount=300 committed=300 remaining=700
            COMMIT A capped C1 1 2023-07-01 fund=small fit=room -> BUDGET_EXCEEDED remaining=0.00
            COMMIT B capped C1 100 2023-07-01 fund=large fit=room -> + amount=100 remaining=600
            # However much was asked for: what is committed fits.
            COMMIT B capped C1 90000000000000 2023-07-01 fund=large fit=room dry-run=yes -> + amount=600
            COMMIT B capped C1 900 2023-07-01 fund=large fit=room key=rest -> + amount=600 remaining=0.00 committed=700
            COMMIT B capped C1 1 2023-07-01 fund=large fit=room -> CAP_EXCEEDED remaining=0.00
            COMMIT B capped C1 900 2023-07-01 fund=large fit=room key=rest -> + amount=600 replayed=true
            """)
    }

    @Test func anAwardKeepsSchemeSubjectAndFund() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            SUBJECT.OPEN capped C2 Acme 2023-06-01
            COMMIT A capped C1 10 2023-07-01 key=c
            REVERSE @c 2023-07-01
            COMMIT A open O1 10 2023-07-01 -> EXISTS argument=scheme
            COMMIT A capped C2 10 2023-07-01 -> EXISTS argument=subject
            COMMIT A capped C1 10 2023-07-01 fund=special -> EXISTS argument=fund
            COMMIT A capped C1 10 2023-07-01 -> + committed=10
            # Another tenant's awards are its own.
            zhangjiang: COMMIT A capped C1 10 2024-07-01 -> + committed=10 remaining=980
            """)
    }

    @Test func withoutALimitNothingRemainsToBeSaid() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET open O1 5 2023-07-01
            COMMIT A open O1 40000000 2023-07-01 -> + remaining=null
            REMAINING open O1 -> + limit=null remaining=null binding=none excess=0.00 committed=40000000
            """)
    }

    @Test func aLoweredBasisStopsPaymentsButNotWhatGivesBack() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET pilot P1 2000 2023-06-01
            COMMIT A pilot P1 1000 2023-07-01
            DISBURSE A 300 2023-07-02 key=d
            BASIS.SET pilot P1 1000 2023-07-03
            DISBURSE A 200.01 2023-07-03 -> CAP_EXCEEDED limit=500 committed=700 disbursed=300 remaining=0.00
            REMAINING pilot P1 -> + remaining=0.00 excess=500 binding=rate limit=500
            COMMIT A pilot P1 0.01 2023-07-03 -> CAP_EXCEEDED
            RECOVER A 100 2023-07-03 key=r
            RELEASE A 300 2023-07-03 key=l
            DISBURSE A 300.01 2023-07-03 -> CAP_EXCEEDED
            DISBURSE A 300 2023-07-03 -> + disbursed=500 committed=100
            REVERSE @r 2023-07-04 -> CAP_EXCEEDED
            REVERSE @l 2023-07-04 -> CAP_EXCEEDED limit=500 requested=300
            RELEASE A 100 2023-07-04 -> + remaining=0.00
            """)
    }
}
