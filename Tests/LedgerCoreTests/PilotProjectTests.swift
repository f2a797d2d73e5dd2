import Testing

/// What a bureau does in its first three years, entry by entry.
@Suite struct PilotProjectTests {
    @Test func aPilotProjectStopsAtTheFenWhereThePolicyEnds() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET pilot P1 16000000 2023-06-01 -> + amount=16000000 award=absent
            COMMIT A1 pilot P1 4000000 2023-07-01 key=c1 schedule=2024:1500000,2025:2500000 -> + remaining=4000000
            COMMIT A1 pilot P1 4000000.01 2023-07-01 -> CAP_EXCEEDED limit=8000000.00 remaining=4000000.00
            COMMIT A1 pilot P1 4000000.01 2023-07-01 -> CAP_EXCEEDED committed=4000000 requested=4000000.01
            # 40 million would give 20, but the cap is 10: six are left, not sixteen.
            BASIS.SET pilot P1 40000000 2023-09-01
            COMMIT A2 pilot P1 6000000.01 2023-09-01 -> CAP_EXCEEDED limit=10000000 remaining=6000000
            COMMIT A2 pilot P1 6000000 2023-09-01 -> + remaining=0.00
            COMMIT A2 pilot P1 0.01 2023-09-01 -> CAP_EXCEEDED remaining=0.00
            # What 2024 does not hold is not paid in 2024.
            DISBURSE A1 1500000.01 2024-05-01 -> AWARD_EXCEEDED remaining=1500000 limit=4000000
            DISBURSE A1 1500000 2024-05-01 key=d1 -> + committed=2500000 disbursed=1500000
            DISBURSE A1 0.01 2024-12-31 -> AWARD_EXCEEDED remaining=0.00
            # The corresponding day is the window's last.
            DISBURSE A1 1 2026-06-02 -> WINDOW_CLOSED from=2023-06-01 until=2026-06-01
            DISBURSE A1 2500000 2026-06-01 -> + committed=0.00 disbursed=4000000
            COMMIT A1 pilot P1 4000000 2023-07-01 key=c1 schedule=2024:1500000,2025:2500000 -> + replayed=true seq=6
            DISBURSE A1 1500000 2024-05-01 key=d1 -> + replayed=true committed=2500000 disbursed=1500000
            """)
    }

    @Test func anAcquisitionOfTwoZonesStopsAtFiveMillionInAll() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET deal D1 200000000 2024-01-10
            lingang: COMMIT L1 deal D1 3000000 2024-02-01 -> + remaining=2000000
            zhangjiang: COMMIT Z1 deal D1 2000000.01 2024-02-01 -> CAP_EXCEEDED limit=5000000 committed=3000000
            zhangjiang: COMMIT Z1 deal D1 1000000 2024-02-01 -> + remaining=1000000
            # The rate is exact: nobody is paid before all of it is committed.
            lingang: DISBURSE L1 100 2024-03-01 -> RATE_MISMATCH limit=5000000 committed=4000000 remaining=1000000
            zhangjiang: COMMIT Z1 deal D1 1000000 2024-02-01 -> + remaining=0.00
            lingang: DISBURSE L1 3000000 2024-03-01 -> + disbursed=3000000
            # Once something is paid the rest may fall short.
            zhangjiang: RELEASE Z1 500000 2024-03-01
            zhangjiang: DISBURSE Z1 1500000 2024-03-02 -> + committed=0.00
            zhangjiang: DISBURSE L1 1 2024-03-02 -> NOT_FOUND argument=award
            pudong: COMMIT Q1 deal D1 1 2024-03-02 -> NOT_A_PAYER
            """)
    }

    @Test func aFoundersCompanyIsPaidForItsFirstThreeYears() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET founder F1 1000 2024-01-01
            COMMIT A founder F1 10 2026-08-01 incurred=2026-06-01 -> PARAMETER_UNSET parameter=rate
            shanghai: SCHEME.SET founder rate=20% -> NOT_A_PAYER
            SCHEME.SET founder rate=20% -> + rate=20% cap=null
            # The day of the cost is inside, the payment's is free.
            COMMIT A founder F1 10 2026-08-01 -> WINDOW_CLOSED
            COMMIT A founder F1 10 2026-08-01 incurred=2026-06-02 -> WINDOW_CLOSED from=2023-06-01 until=2026-06-01
            COMMIT A founder F1 10 2026-08-01 incurred=2023-05-31 -> WINDOW_CLOSED
            COMMIT A founder F1 10 2026-08-01 incurred=2026-06-01 -> + remaining=190
            DISBURSE A 10 2026-12-31 -> + disbursed=10
            # What the payer sets later is for subjects that it has not committed on.
            SCHEME.SET founder rate=50% -> + rate=50%
            COMMIT A founder F1 190.01 2026-12-31 incurred=2023-06-01 -> CAP_EXCEEDED limit=200
            SUBJECT.OPEN founder F2 Acme 2024-01-01
            BASIS.SET founder F2 1000 2024-01-01
            COMMIT B founder F2 500 2026-12-31 incurred=2024-01-01 -> + remaining=0.00
            """)
    }

    @Test func aReversedFirstCommitmentStillFixesTheParameters() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            BASIS.SET founder F1 1000 2024-01-01
            SCHEME.SET founder rate=20%
            COMMIT A founder F1 10 2024-05-01 incurred=2024-01-01 dry-run=yes -> + entry=absent remaining=190
            SCHEME.SET founder rate=30%
            COMMIT A founder F1 10 2024-05-01 incurred=2024-01-01 key=c -> + remaining=290
            REVERSE @c 2024-05-01 -> + remaining=300 committed=0.00
            SCHEME.SET founder rate=40%
            COMMIT A founder F1 300.01 2024-05-01 incurred=2024-01-01 -> CAP_EXCEEDED limit=300
            """)
    }

    @Test func eachPayerKeepsWhatItHadSetAtItsOwnFirstCommitment() throws {
        var town = try TestBooks(Town.all)
        try town.run(
            """
            shanghai: SCHEME.PUT reward 1 company rate=tenant payers=lingang,zhangjiang
            SUBJECT.OPEN reward W1 Acme 2024-01-01
            BASIS.SET reward W1 1000 2024-01-01
            lingang: SCHEME.SET reward rate=10%
            zhangjiang: SCHEME.SET reward rate=20%
            lingang: COMMIT A reward W1 60 2024-05-01 -> + remaining=40
            # A cap of its own: what the other zone has committed does not count.
            zhangjiang: SCHEME.SET reward rate=30%
            zhangjiang: COMMIT A reward W1 100 2024-05-01 -> + remaining=200
            lingang: SCHEME.SET reward rate=90%
            zhangjiang: SCHEME.SET reward rate=90%
            lingang: COMMIT A reward W1 40.01 2024-05-01 -> CAP_EXCEEDED limit=100 committed=60
            zhangjiang: COMMIT A reward W1 200.01 2024-05-01 -> CAP_EXCEEDED limit=300 committed=100
            """)
    }
}
