import LedgerCore
import Testing

/// Rolling windows, calendar years and windows that are counted from a subject's opening.
@Suite struct WindowRuleTests {
    @Test func noThirtySixMonthsInARowHoldMoreThanTheCap() throws {
        var town = try TestBooks(
            Town.all,
            """
            APPROPRIATE general 2020 5000 2019-01-01
            APPROPRIATE general 2022 5000 2019-01-01
            """)
        try town.run(
            """
            COMMIT A rolling R1 600 2023-06-01 -> + remaining=400
            # The window that ends in 2023 holds both.
            COMMIT B rolling R1 400.01 2022-06-01 -> CAP_EXCEEDED remaining=400
            COMMIT B rolling R1 400 2022-06-01 -> + remaining=600
            # What is dated later counts too: the windows of 2020-06-02 and later reach 2023-06-01.
            COMMIT C rolling R1 0.01 2020-06-02 -> CAP_EXCEEDED remaining=0.00
            COMMIT C rolling R1 600 2020-06-01 -> + remaining=400
            COMMIT D rolling R1 0.01 2023-06-01 -> CAP_EXCEEDED
            # 2022's leave on the corresponding day, 2023's a year later.
            COMMIT D rolling R1 0.01 2025-05-31 -> CAP_EXCEEDED
            COMMIT D rolling R1 400.01 2025-06-01 -> CAP_EXCEEDED remaining=400
            COMMIT D rolling R1 400 2025-06-01 -> + remaining=0.00
            COMMIT E rolling R1 600 2026-06-01 -> + remaining=0.00
            REMAINING rolling R1 on=2026-05-31 -> + window.from=2023-06-01 window.until=2026-05-31 remaining=0.00
            REMAINING rolling R1 -> + committed=2600 limit=1000 window.open=true
            """)
    }

    @Test func whatIsReleasedLeavesTheLatestDay() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A rolling R1 600 2023-06-01
            COMMIT A rolling R1 400 2024-06-01 key=late
            RELEASE A 500 2024-06-02 key=l
            # 500 of 2023 are left, nothing of 2024: from 2026-06-01 on all is free.
            COMMIT B rolling R1 500.01 2026-05-31 -> CAP_EXCEEDED remaining=500
            COMMIT B rolling R1 1000 2026-06-01 key=b
            # What is restored counts at its commitment's date, 2024-06-01, whose windows reach B.
            REVERSE @l 2026-06-02 -> CAP_EXCEEDED limit=1000
            RELEASE B 400 2026-06-02
            REVERSE @l 2026-06-02 -> + committed=1000
            # A reversed commitment takes off itself first.
            REVERSE @late 2026-06-02 -> + committed=600 remaining=400
            REMAINING rolling R1 on=2026-05-31 -> + remaining=400
            """)
    }

    /// Of the second commitment 50 are left; the other 50 come off the award's latest, not off the first of that day.
    @Test func aReversedCommitmentTakesOffItselfAndThenTheLatest() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A rolling R1 100 2023-06-01
            COMMIT A rolling R1 100 2023-06-01 key=second
            RELEASE A 50 2023-06-01
            COMMIT A rolling R1 100 2023-08-01
            REVERSE @second 2023-08-01
            REMAINING rolling R1 on=2023-07-31 -> + remaining=900
            """)
    }

    @Test func underARollingWindowPaymentsAskNoLimit() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A rolling R1 1000 2023-06-01
            DISBURSE A 1000 2023-06-01
            COMMIT B rolling R1 1000 2026-06-01
            DISBURSE B 1000 2026-06-01 -> + disbursed=1000
            RECOVER B 300 2026-06-02 restore=no -> + remaining=0.00
            RECOVER B 300 2026-06-02 -> + remaining=300
            """)
    }

    @Test func eachCalendarYearHasACapAndABasis() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET yearly Y1 20000 2023-06-01 period=2023
            BASIS.SET yearly Y1 5000 2023-06-01 period=2024
            COMMIT A yearly Y1 1000.01 2023-12-31 -> CAP_EXCEEDED limit=1000
            COMMIT A yearly Y1 1000 2023-12-31 -> + remaining=0.00
            COMMIT A yearly Y1 1 2024-01-01 -> EXISTS argument=date
            COMMIT B yearly Y1 500.01 2024-01-01 -> CAP_EXCEEDED limit=500
            COMMIT B yearly Y1 500 2024-01-01 -> + remaining=0.00
            COMMIT C yearly Y1 0.01 2025-01-01 -> CAP_EXCEEDED limit=0.00
            # The window governs payment: 2023's award is paid in 2023.
            DISBURSE A 1 2024-01-01 -> WINDOW_CLOSED until=2023-12-31
            DISBURSE A 1 2023-12-31
            REMAINING yearly Y1 -> + period=2024 limit=500 binding=rate window.from=2024-01-01 window.open=true
            REMAINING yearly Y1 period=2023 -> + limit=1000 committed=999 binding=window window.open=false
            REMAINING yearly Y1 on=2023-12-31 -> + period=2023 window.open=true binding=cap
            """)
    }

    @Test func theYearOfTheCostCountsWhereItGoverns() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A spending X1 600 2024-02-01 incurred=2023-12-31 -> + remaining=400
            COMMIT B spending X1 1000 2024-02-01 incurred=2024-01-31 -> + remaining=0.00
            COMMIT A spending X1 400.01 2025-01-01 incurred=2023-01-01 -> CAP_EXCEEDED remaining=400
            COMMIT A spending X1 1 2025-01-01 incurred=2024-01-01 -> EXISTS argument=incurred
            DISBURSE A 600 2026-01-01 -> + disbursed=600
            # Where no cost is named the date's year counts.
            COMMIT C spending X1 0.01 2024-03-01 -> CAP_EXCEEDED
            REMAINING spending X1 period=2023 -> + disbursed=600 remaining=400 window.open=false binding=cap
            """)
    }

    @Test(arguments: [
        ("P1Y", "2024-02-29", "2025-02-28"), ("P1M", "2024-01-31", "2024-02-29"), ("P1M", "2023-01-31", "2023-02-28"),
        ("P4Y", "2024-02-29", "2028-02-29"), ("P18M", "2023-06-30", "2024-12-30"),
    ]) func theLastDayOfAWindow(_ window: String, _ opened: String, _ until: String) throws {
        let last = try #require(Day(until))
        var town = try TestBooks(
            Town.all,
            """
            shanghai: SCHEME.PUT brief 1 project window=\(window)
            SUBJECT.OPEN brief S Acme \(opened)
            APPROPRIATE years \(last.year) 100 2023-01-01
            """)
        try town.run(
            """
            COMMIT A brief S 1 \(Day(opened)?.adding(days: -1).description ?? "") fund=years -> WINDOW_CLOSED
            COMMIT A brief S 1 \(last) fund=years
            COMMIT A brief S 1 \(last.next) fund=years -> WINDOW_CLOSED from=\(opened) until=\(until)
            DISBURSE A 1 \(last.next) -> WINDOW_CLOSED
            DISBURSE A 1 \(last)
            """)
    }

    @Test func aGroupsCapIsSharedByItsMembers() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            COMMIT A clan G1 600 2023-07-01 party=Bolt -> + remaining=400
            COMMIT B clan G1 400.01 2023-07-01 -> CAP_EXCEEDED
            COMMIT B clan G1 400 2023-07-01 -> + remaining=0.00
            COMMIT C clan G1 1 2023-07-01 party=Cone -> INVALID_ARGUMENT argument=party
            COMMIT C clan G1 1 2023-07-01 party=Dune -> NOT_FOUND argument=party
            SUBJECT.OPEN clan G2 Acme 2023-06-01 -> INVALID_ARGUMENT argument=party
            """)
    }
}
