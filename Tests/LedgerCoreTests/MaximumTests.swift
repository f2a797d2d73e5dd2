import Testing

/// No sum passes the largest amount: where one would, the posting is refused long before an integer could overflow.
@Suite struct MaximumTests {
    static let most = "90000000000000"
    static let rich = """
        \(Town.tenants)
        \(Town.schemes)
        \(Town.parties)
        \(Town.subjects)
        APPROPRIATE general 2023 \(most) 2023-01-02
        APPROPRIATE general 2024 \(most) 2023-01-02
        """

    /// `released` grows with every round; after a thousand rounds it would overflow and end the process.
    @Test func whatWasReleasedNeverPassesTheMaximum() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            COMMIT A open O1 \(Self.most) 2023-07-01
            RELEASE A \(Self.most) 2023-07-01
            COMMIT A open O1 \(Self.most) 2023-07-01
            RELEASE A \(Self.most) 2023-07-01 -> TOO_LARGE
            """)
    }

    @Test func whatWasRecoveredNeverPassesTheMaximum() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            COMMIT A open O1 \(Self.most) 2023-07-01
            DISBURSE A \(Self.most) 2023-07-01
            RECOVER A \(Self.most) 2023-07-01
            COMMIT A open O1 \(Self.most) 2023-07-01
            DISBURSE A \(Self.most) 2023-07-01
            RECOVER A \(Self.most) 2023-07-01 -> TOO_LARGE
            """)
    }

    /// What is used again is a sum like any other, also where there is no limit to ask.
    @Test func aReversalNeverPassesTheMaximum() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            COMMIT A open O1 \(Self.most) 2023-07-01
            RELEASE A \(Self.most) 2023-07-01 key=l
            COMMIT B open O1 \(Self.most) 2024-07-01
            REVERSE @l 2024-07-01 -> TOO_LARGE
            """)
    }

    /// Where there is no limit the maximum is one.
    @Test func withoutALimitTheMaximumIsOne() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            COMMIT A open O1 \(Self.most) 2023-07-01 -> + remaining=null
            COMMIT A open O1 0.01 2024-07-01 -> TOO_LARGE
            APPROPRIATE general 2023 0.01 2023-07-01 -> TOO_LARGE
            APPROPRIATE general 2023 0.01 2023-07-01 change=cut -> BUDGET_EXCEEDED remaining=0.00
            CARRY general 2024 2023 1 2023-07-01 -> TOO_LARGE
            """)
    }

    /// What was cut has been appropriated anew: there is no room for it to come back.
    @Test func aReversedCutNeverPassesTheMaximum() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            APPROPRIATE general 2023 5 2023-07-01 change=cut key=cut
            APPROPRIATE general 2023 1 2023-07-01
            REVERSE @cut 2023-07-01 -> TOO_LARGE
            APPROPRIATE general 2023 1 2023-07-01 change=cut
            REVERSE @cut 2023-07-01
            """)
    }

    /// Each year holds itself to the maximum, and so does the sum of the years.
    @Test func whatAnAwardRecoveredInAllYearsNeverPassesTheMaximum() throws {
        var town = try TestBooks(Self.rich)
        try town.run(
            """
            COMMIT A open O1 \(Self.most) 2023-07-01
            DISBURSE A \(Self.most) 2023-07-01
            RECOVER A \(Self.most) 2023-07-01
            COMMIT A open O1 \(Self.most) 2024-07-01
            DISBURSE A \(Self.most) 2024-07-01
            RECOVER A \(Self.most) 2024-07-01 -> TOO_LARGE
            """)
    }

    /// A rolling window lets a limit be used again and again, but the sum of all that is used is a balance too.
    @Test func whatIsUsedUnderARollingWindowNeverPassesTheMaximum() throws {
        var town = try TestBooks(
            Self.rich,
            """
            shanghai: SCHEME.PUT vast 1 company cap=\(Self.most) window=rolling-P1M
            SUBJECT.OPEN vast V1 Acme 2023-06-01
            """)
        try town.run(
            """
            COMMIT A vast V1 \(Self.most) 2023-07-01
            COMMIT B vast V1 \(Self.most) 2024-07-01 -> TOO_LARGE
            """)
    }

    /// Where no limit says how much there is room for, the budget does: what is asked for beyond it is not counted.
    @Test func withoutALimitWhatHasRoomIsWhatTheBudgetHolds() throws {
        var town = try TestBooks(Town.all, "APPROPRIATE small 2023 100 2023-01-02\nCOMMIT A open O1 10 2023-07-01")
        try town.run("COMMIT B open O1 \(Self.most) 2023-07-01 fund=small fit=room -> + amount=100")
    }
}
