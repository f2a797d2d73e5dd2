import TestKit
import Testing

extension EndToEnd {
    /// A pilot project from its filing to the last day of its window, with each refusal at the very fen and day.
    struct PilotProjectTests {
        @Test func overTheUnixSocketAsLines() async throws {
            let daemon = try DaemonProcess.shared()
            try Self.story("pilot-unix").play(daemon.connect())
            try expectSoundBooks(of: "lingang", daemon.connect())
        }

        @Test func overTCPAsRespArrays() async throws {
            let client = try DaemonProcess.shared().connectTCP()
            try Self.story("pilot-tcp").play(client, as: .arrays)
            try expectSoundBooks(of: "lingang", client)
        }

        /// `id` is the subject's, and what all other names of this telling begin with.
        private static func story(_ id: String) -> Dialogue {
            let commit = "COMMIT scheme=pilot-project subject=\(id) fund=\(id)"
            let twoYears = "schedule=2024:1999999.99,2025:4000000.01"
            return Dialogue(
                """
                PING
                  +
                USE tenant=lingang
                  +
                PARTY.PUT party=\(id) kind=company name="上海某某\\"中试\\"有限公司 100%"
                  +
                SUBJECT.OPEN scheme=pilot-project subject=\(id) party=\(id) opened=2023-06-01
                  +
                APPROPRIATE fund=\(id) year=2023 amount=5000000 key=\(id)-b2023 date=2023-06-01
                  + amount=5000000.00 date=2023-06-01
                APPROPRIATE fund=\(id) year=2024 amount=3000000 key=\(id)-b2024 date=2023-06-01
                  + amount=3000000.00
                APPROPRIATE fund=\(id) year=2025 amount=4000000.01 key=\(id)-b2025 date=2023-06-01
                  + amount=4000000.01

                # Nothing before the filing, and nothing before there is a basis.
                \(commit) award=\(id)-A amount=4000000 date=2023-07-01 key=\(id)-1
                  CONDITION_UNMET
                CONDITION.MEET scheme=pilot-project subject=\(id) condition=filed date=2023-06-01
                  +
                \(commit) award=\(id)-A amount=4000000 date=2023-07-01 key=\(id)-1
                  CAP_EXCEEDED limit=0.00 committed=0.00 disbursed=0.00 requested=4000000.00 remaining=0.00
                BASIS.SET scheme=pilot-project subject=\(id) amount=16000000 date=2023-06-01 key=\(id)-basis1
                  + amount=16000000.00

                # Half of sixteen million.
                \(commit) award=\(id)-A amount=4000000 date=2023-07-01 key=\(id)-1
                  + award=\(id)-A amount=4000000.00 committed=4000000.00 disbursed=0.00 remaining=4000000.00
                \(commit) award=\(id)-A amount=4000000.01 date=2023-07-01 key=\(id)-2
                  CAP_EXCEEDED limit=8000000.00 committed=4000000.00 requested=4000000.01 remaining=4000000.00

                # Ten million, not half of forty.
                BASIS.SET scheme=pilot-project subject=\(id) amount=40000000 date=2024-01-10 key=\(id)-basis2
                  + amount=40000000.00
                REMAINING scheme=pilot-project subject=\(id) on=2024-02-01 amount=6000000.01
                  + limit=10000000.00 committed=4000000.00 remaining=6000000.00 binding=cap would=CAP_EXCEEDED
                \(commit) award=\(id)-B amount=6000000.01 date=2024-02-01 key=\(id)-3
                  CAP_EXCEEDED limit=10000000.00 committed=4000000.00 requested=6000000.01 remaining=6000000.00
                \(commit) award=\(id)-B amount=6000000 date=2024-02-01 \(twoYears) key=\(id)-3 dry-run=yes
                  + amount=6000000.00 committed=6000000.00 remaining=0.00
                \(commit) award=\(id)-B amount=6000000 date=2024-02-01 \(twoYears) key=\(id)-3
                  + amount=6000000.00 committed=6000000.00 disbursed=0.00 remaining=0.00
                \(commit) award=\(id)-B amount=0.01 date=2024-02-01 key=\(id)-4
                  CAP_EXCEEDED limit=10000000.00 committed=10000000.00 requested=0.01 remaining=0.00

                # 2025's money is not for 2024, and nothing is paid after three years.
                DISBURSE award=\(id)-B amount=2000000 date=2024-03-01 key=\(id)-5
                  AWARD_EXCEEDED committed=6000000.00 disbursed=0.00 requested=2000000.00 remaining=1999999.99
                DISBURSE award=\(id)-B amount=1999999.99 date=2024-03-01 key=\(id)-5
                  + committed=4000000.01 disbursed=1999999.99 remaining=0.00
                DISBURSE award=\(id)-B amount=1 date=2026-06-02 key=\(id)-6
                  WINDOW_CLOSED
                DISBURSE award=\(id)-B amount=4000000.01 date=2026-06-01 key=\(id)-6
                  + committed=0.00 disbursed=6000000.00 remaining=0.00

                # A key is for one posting.
                DISBURSE award=\(id)-B amount=4000000.01 date=2026-06-01 key=\(id)-6
                  + replayed=true amount=4000000.01 committed=0.00 disbursed=6000000.00
                DISBURSE award=\(id)-B amount=4000000.02 date=2026-06-01 key=\(id)-6
                  KEY_CONFLICT argument=amount
                RELEASE award=\(id)-B amount=4000000.01 date=2026-06-01 key=\(id)-6
                  KEY_CONFLICT argument=verb

                # What the books say now.
                AWARD award=\(id)-B
                  + scheme=pilot-project subject=\(id) fund=\(id) committed=0.00 disbursed=6000000.00 recovered=0.00
                BUDGET fund=\(id) year=2024
                  + appropriated=3000000.00 committed=0.00 disbursed=1999999.99 available=1000000.01
                BUDGET fund=\(id) year=2025
                  + appropriated=4000000.01 committed=0.00 disbursed=4000000.01 available=0.00
                REMAINING scheme=pilot-project subject=\(id) on=2026-06-02
                  + remaining=0.00 committed=4000000.00 disbursed=6000000.00 binding=window
                REMAINING tenant=huangpu scheme=pilot-project subject=\(id)
                  NOT_A_PAYER
                """)
        }
    }
}
