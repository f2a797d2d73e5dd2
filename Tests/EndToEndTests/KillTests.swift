import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// By hand: `GRANTLEDGER_KILL_ROWS=20000 GRANTLEDGER_KILLS=10 swift test --filter KillTests`; GRANTLEDGER_SEED
    /// takes the seed of a run that failed.
    struct KillTests {
        private static let rows = number("GRANTLEDGER_KILL_ROWS", standard: 2_000)
        private static let kills = number("GRANTLEDGER_KILLS", standard: 4)
        private static let seed = environment["GRANTLEDGER_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000)
        private static let awards = 40

        /// Payments are imported while the daemon, its PostgreSQL's connections, and all of it are killed; the import
        /// is repeated until it is done. Each payment is then there once.
        @Test func everyRowIsPostedExactlyOnce() async throws {
            print("KillTests: seed \(Self.seed), \(Self.rows) rows, \(Self.kills) kills")
            var random = SeededRandom(seed: Self.seed)
            let points = (0..<Self.kills).map { _ in Int.random(in: 1..<Self.rows * 9 / 10, using: &random) }.sorted()
            let victims = points.indices.map { DaemonProcess.Victim.allCases[$0 % 3] }.shuffled(using: &random)

            try await DaemonProcess.with { daemon in
                try Self.prepare(daemon.connect())
                let booked = try daemon.connect().ask("JOURNAL tenant=city limit=5000").list("entries").count
                let file = try TemporaryDirectory()
                defer { file.remove() }
                try Self.payments.write(toFile: file.path + "/payments.csv", atomically: true, encoding: .utf8)

                try await withThrowingTaskGroup { group in
                    group.addTask { try Self.importUntilDone(file.path + "/payments.csv", daemon) }
                    for (point, victim) in zip(points, victims) {
                        try Self.wait(for: booked + point, daemon)
                        try daemon.kill(victim)
                        if victim != .backends { try daemon.start() }
                    }
                    try await group.waitForAll()
                }
                #expect(daemon.isRunning)
                try Self.expectEveryRow(daemon.connect())
                let again = try Self.importOnce(file.path + "/payments.csv", daemon)
                #expect(again.end == .exited(0))
                #expect(again.output.contains("\"posted\":0") && again.output.contains("\"replayed\":\(Self.rows)"))
            }
        }

        // MARK: Before

        private static func key(_ row: Int) -> String { "pay-\(row)" }

        /// Fen, different from row to row.
        private static func amount(_ row: Int) -> Int { 100 + row % 97 }

        private static var payments: String {
            let rows = (0..<rows).map { row in
                let fen = amount(row)
                return "A\(row % awards),\(fen / 100).\(fen % 100 / 10)\(fen % 10),2024-03-01,\(key(row)),付款 \(row)\n"
            }
            return "award,amount,date,key,ref\n" + rows.joined()
        }

        private static func prepare(_ client: LineClient) throws {
            try Dialogue(
                """
                TENANT.CREATE tenant=city name=城市
                  +
                SCHEME.PUT tenant=city scheme=grant version=1 name=资助 subject-kind=project cap=90000000
                  +
                PARTY.PUT tenant=city party=acme kind=company name=公司
                  +
                SUBJECT.OPEN tenant=city scheme=grant subject=p party=acme opened=2024-01-01
                  +
                APPROPRIATE tenant=city fund=general year=2024 amount=90000000 date=2024-01-01 key=budget
                  +
                """
            ).play(client)
            let commit = "COMMIT tenant=city scheme=grant subject=p amount=1000000 date=2024-02-01"
            let commits = (0..<awards).map { award in
                "\(commit) award=A\(award) key=commit-\(award)"
            }
            for reply in try client.ask(commits) { #expect(reply.isAccepted, "\(reply)") }
        }

        // MARK: Meanwhile

        private static func importOnce(_ file: String, _ daemon: DaemonProcess) throws -> ProgramRun {
            // Few rows at once, so that a batch is under way at every moment, and little patience, so that the import
            // gives up here and there.
            try ProgramRun(
                Programs.commandLine,
                [
                    "import", file, "--unix", daemon.socket, "--tenant", "city", "--in-flight", "16", "--patience", "1",
                    "--json",
                ], atMost: .seconds(600))
        }

        private static func importUntilDone(_ file: String, _ daemon: DaemonProcess) throws {
            for _ in 0..<300 {
                let run = try importOnce(file, daemon)
                if run.end == .exited(0) { return }
                guard run.end == .exited(69) else { throw PlayFailure("the import failed: \(run)") }
            }
            throw PlayFailure("the import does not come to an end")
        }

        /// Until the journal has that many entries.
        private static func wait(for count: Int, _ daemon: DaemonProcess) throws {
            let client = try daemon.connect()
            let isReached = try waitUntil(atMost: .seconds(300), every: .milliseconds(1)) {
                let reply = try client.ask("JOURNAL tenant=city after=\(count - 1) limit=1")
                return !reply.list("entries").isEmpty
            }
            guard isReached else { throw PlayFailure("entry \(count) is never posted: \(daemon.errors)") }
        }

        // MARK: Afterwards

        private static func expectEveryRow(_ client: LineClient) throws {
            let entries = try journal(of: "city", client, page: 700).flatMap { $0.list("entries") }
            let payments = entries.filter { $0["kind"]?.plainText.uppercased() == "DISBURSE" }
            let keys = payments.compactMap { $0["key"]?.plainText }
            #expect(keys.count == rows)
            #expect(Set(keys).symmetricDifference((0..<rows).map(key)) == [], "missing, or never sent")
            for award in 0..<awards {
                let paid = stride(from: award, to: rows, by: awards).map(amount).reduce(0, +)
                let reply = try client.ask("AWARD tenant=city award=A\(award)")
                let digits = reply["disbursed"]?.filter { $0 != "." }
                #expect(digits.flatMap { Int($0) } == paid, "\(reply)")
            }
            try expectSoundBooks(of: "city", client)
        }
    }
}
