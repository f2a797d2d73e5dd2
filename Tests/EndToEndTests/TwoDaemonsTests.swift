import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// Two daemons on one database that somebody else runs.
    struct TwoDaemonsTests {
        private static let connections = 32
        private static let each = 25

        /// All connections of both commit against one cap and one budget. No order of theirs lets a fen too much
        /// through, and since all amounts are the same, it is known how many fit.
        @Test func aCapAndABudgetHoldAcrossDaemons() async throws {
            try await PostgresServer.with { server in
                try await DaemonProcess.with(count: 2, options: ["--database", server.url(database: "shared")]) {
                    daemons in
                    try Self.prepare(daemons[0].connect())
                    var accepted = ["capped": 0, "budgeted": 0]
                    try await withThrowingTaskGroup(of: [String: Int].self) { group in
                        for (number, daemon) in daemons.enumerated() {
                            for connection in 0..<Self.connections {
                                group.addTask { try Self.commitAll("\(number)-\(connection)", daemon.connect()) }
                            }
                        }
                        for try await counts in group { accepted.merge(counts, uniquingKeysWith: +) }
                    }
                    // 1,287 × 7.77 = 9,999.99, and 1,126 × 4.44 = 4,999.44.
                    #expect(accepted == ["capped": 1_287, "budgeted": 1_126])
                    for daemon in daemons {
                        let client = try daemon.connect()
                        try Self.afterwards.play(client)
                        try expectSoundBooks(of: "city", client)
                    }
                }
            }
        }

        private static func prepare(_ client: LineClient) throws {
            try Dialogue(
                """
                TENANT.CREATE tenant=city name=城市
                  +
                SCHEME.PUT tenant=city scheme=capped version=1 name=有上限 subject-kind=project cap=10000
                  +
                SCHEME.PUT tenant=city scheme=budgeted version=1 name=无上限 subject-kind=project
                  +
                PARTY.PUT tenant=city party=acme kind=company name=公司
                  +
                SUBJECT.OPEN tenant=city scheme=capped subject=p party=acme opened=2024-01-01
                  +
                SUBJECT.OPEN tenant=city scheme=budgeted subject=p party=acme opened=2024-01-01
                  +
                APPROPRIATE tenant=city fund=capped year=2024 amount=90000 date=2024-01-01 key=b1
                  +
                APPROPRIATE tenant=city fund=budgeted year=2024 amount=5000 date=2024-01-01 key=b2
                  +
                """
            ).play(client)
        }

        private static let afterwards = Dialogue(
            """
            REMAINING tenant=city scheme=capped subject=p
              + limit=10000.00 committed=9999.99 remaining=0.01 excess=0.00
            BUDGET tenant=city fund=capped year=2024
              + committed=9999.99 available=80000.01
            REMAINING tenant=city scheme=budgeted subject=p
              + limit=null committed=4999.44
            BUDGET tenant=city fund=budgeted year=2024
              + committed=4999.44 available=0.56
            """)

        /// How many commitments of each kind were accepted; every other one was refused for its limit.
        private static func commitAll(_ name: String, _ client: LineClient) throws -> [String: Int] {
            let kinds = [("capped", "7.77", "CAP_EXCEEDED"), ("budgeted", "4.44", "BUDGET_EXCEEDED")]
            var accepted: [String: Int] = [:]
            for (kind, amount, refusal) in kinds.shuffled() {
                let lines = (0..<each).map { number in
                    "COMMIT tenant=city award=\(kind)-\(name) scheme=\(kind) subject=p fund=\(kind) amount=\(amount)"
                        + " date=2024-02-01 key=\(kind)-\(name)-\(number)"
                }
                for reply in try client.ask(lines) {
                    if reply.isAccepted {
                        accepted[kind, default: 0] += 1
                    } else {
                        #expect(reply.code == refusal, "\(reply)")
                    }
                }
            }
            return accepted
        }

        /// A query on one daemon sees what the other one has answered, and so does a key.
        @Test func whatOneHasAnsweredTheOtherShows() async throws {
            try await PostgresServer.with { server in
                try await DaemonProcess.with(count: 2, options: ["--database", server.url(database: "shared")]) {
                    daemons in
                    let clients = try daemons.map { try $0.connect() }
                    _ = try clients[0].ask("TENANT.CREATE tenant=city name=城市")
                    for number in 1...40 {
                        let line = "APPROPRIATE tenant=city fund=f year=2024 amount=1 date=2024-01-01 key=k\(number)"
                        let posted = try clients[number % 2].ask(line)
                        let other = clients[(number + 1) % 2]
                        #expect(posted["seq"] == "\(number)", "\(posted)")
                        #expect(try other.ask("BUDGET tenant=city fund=f year=2024")["appropriated"] == "\(number).00")
                        let replay = try other.ask(line)
                        #expect(replay["replayed"] == "true" && replay["entry"] == posted["entry"], "\(replay)")
                    }

                    // Who waits at one daemon hears of what is posted at the other.
                    let follower = try daemons[0].connect()
                    try follower.send("JOURNAL tenant=city after=40 wait=60s\n")
                    let line = "APPROPRIATE tenant=city fund=f year=2024 amount=1 date=2024-01-01 key=last"
                    #expect(try clients[1].ask(line)["seq"] == "41")
                    let news = try follower.receive()
                    #expect(
                        news?["last"] == "41" && news?.list("entries").first?["key"] == .text("last"), "\(news as Any)")
                }
            }
        }
    }
}
