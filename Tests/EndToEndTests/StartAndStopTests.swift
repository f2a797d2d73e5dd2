import Foundation
import Glibc
import Postgres
import TestKit
import Testing

extension EndToEnd {
    struct StartAndStopTests {
        /// Told to end in the midst of a pipeline, in each way there is, the daemon ends as agreed and keeps what it has answered.
        @Test func aSignalEndsItAndEveryAnswerIsKept() async throws {
            try await DaemonProcess.with { daemon in
                _ = try daemon.connect().ask("TENANT.CREATE tenant=city name=城")
                var answered: [String: String] = [:]
                for (life, signal) in [SIGTERM, SIGINT, SIGHUP, SIGQUIT].enumerated() {
                    let client = try daemon.connect()
                    let keys = (1...1_500).map { "\(life)-\($0)" }
                    try client.send(keys.map { "\(Self.appropriate) key=\($0)\n" }.joined())
                    for key in keys {
                        guard let reply = try client.receive() else { break }
                        if let seq = reply["seq"] { answered[key] = seq }
                        if key == keys[300] { daemon.send(signal) }
                    }
                    #expect(try daemon.waitForEnd(atMost: .seconds(10)) == .exited(0), "\(daemon.errors)")
                    #expect(PostgresProcesses(under: daemon.data).ids == [])
                    #expect(answered.count > 300 * (life + 1))
                    try daemon.start()
                }
                let client = try daemon.connect()
                let kept = try client.ask(answered.keys.map { "ENTRY tenant=city key=\($0)" })
                for (answer, entry) in zip(answered, kept) {
                    #expect(entry["seq"] == answer.value, "\(answer.key) was answered with \(answer.value)")
                }
                try expectSoundBooks(of: "city", client)
            }
        }

        private static let appropriate = "APPROPRIATE tenant=city fund=general year=2024 amount=1 date=2024-01-01"

        /// Somebody holds a lock that a batch waits for: who sent it is told so, and the daemon ends in time.
        @Test func aSignalEndsItWhileTheDatabaseHangs() async throws {
            try await PostgresServer.with { server in
                let url = server.url(database: "ledger")
                try await DaemonProcess.with(options: ["--database", url]) { daemon in
                    let client = try daemon.connect()
                    _ = try client.ask("TENANT.CREATE tenant=city name=城")
                    var holder = try Connection(url)
                    try holder.execute("BEGIN; SELECT FROM grantledger.roots FOR UPDATE")
                    try client.send("\(Self.appropriate) key=stuck\n")
                    let isStuck = try waitUntil(atMost: .seconds(20)) {
                        try holder.query("SELECT count(*) FROM pg_locks WHERE NOT granted").int8(0, 0) > 0
                    }
                    #expect(isStuck)
                    daemon.send(SIGTERM)
                    #expect(try client.receive()?.code == "UNAVAILABLE")
                    #expect(try daemon.waitForEnd(atMost: .seconds(10)) == .exited(0), "\(daemon.errors)")

                    try holder.execute("ROLLBACK")
                    try daemon.start()
                    let again = try daemon.connect()
                    #expect(try again.ask("\(Self.appropriate) key=stuck").isAccepted)
                    #expect(try again.ask("CHECK tenant=city")["entries"] == "1")
                }
            }
        }

        @Test func aSecondStartGoesOnWhereTheFirstEnded() async throws {
            try await DaemonProcess.with(options: ["--catalogue", Programs.catalogue]) { daemon in
                let questions = [
                    "SCHEMES tenant=shanghai", "JOURNAL tenant=lingang", "TRIAL.BALANCE tenant=lingang",
                    "PARTIES tenant=lingang", "REMAINING tenant=lingang scheme=restart-grant subject=t on=2024-01-01",
                ]
                try Dialogue(
                    """
                    PARTY.PUT tenant=lingang party=team kind=team name=团队
                      +
                    SUBJECT.OPEN tenant=lingang scheme=restart-grant subject=t party=team opened=2024-01-01
                      +
                    APPROPRIATE tenant=lingang fund=general year=2024 amount=7.07 date=2024-01-01 key=k
                      +
                    """
                ).play(daemon.connect())
                let before = try daemon.connect().ask(questions).map(\.description)
                daemon.send(SIGTERM)
                #expect(try daemon.waitForEnd() == .exited(0))
                try daemon.start()
                #expect(try daemon.connect().ask(questions).map(\.description) == before)
            }
        }

        @Test func withoutACatalogueThereIsNothing() async throws {
            try await DaemonProcess.with { daemon in
                try Dialogue(
                    """
                    SCHEMES tenant=shanghai
                      NOT_FOUND
                    TENANT.CREATE tenant=elsewhere name=别处
                      +
                    SCHEMES tenant=elsewhere
                      + schemes=
                    """
                ).play(daemon.connect())
            }
        }

        // MARK: What is wrong with a start

        @Test func aDirectoryIsForOneDaemon() async throws {
            let daemon = try DaemonProcess.shared()
            let second = try ProgramRun(Programs.daemon, ["--data", daemon.data, "--port", "0"])
            #expect(second.end == .exited(1))
            #expect(second.output.isEmpty)
            #expect(second.errors.split(separator: "\n").count == 1 && second.errors.contains(daemon.data))
            #expect(try daemon.connect().ask("PING").isAccepted)
            // Whoever may open the lock's file could hold the lock.
            var facts = stat()
            #expect(stat(daemon.data + "/grantledgerd.lock", &facts) == 0 && facts.st_mode & 0o777 == 0o600)
        }

        @Test func aPortInUseIsNamed() async throws {
            let directory = try TemporaryDirectory()
            defer {
                PostgresProcesses.end(under: directory.path)
                directory.remove()
            }
            let port = try DaemonProcess.shared().tcpPort
            let run = try ProgramRun(Programs.daemon, ["--data", directory.path + "/data", "--port", "\(port)"])
            #expect(run.end == .exited(1))
            #expect(run.output.isEmpty)
            let complaint = run.errors.split(separator: "\n").last ?? ""
            #expect(complaint.hasPrefix("grantledgerd: ") && complaint.contains("\(port)"), "\(run)")
            #expect(PostgresProcesses(under: directory.path).ids == [])
        }

        @Test(arguments: [
            ["--colour", "red"], ["--port", "http"], ["--port", "65536"], ["--data"], ["now"], ["--database", ""],
            ["--database", "ledger"],
        ])
        func misuseIsOneLine(arguments: [String]) async throws {
            let run = try ProgramRun(Programs.daemon, arguments)
            #expect(run.end == .exited(64))
            #expect(run.output.isEmpty)
            #expect(run.errors.split(separator: "\n").count == 1, "\(run)")
        }

        @Test(arguments: [
            ["--catalogue", "/nonexistent/catalogue.yaml"],
            ["--database", "postgresql:///grantledger?host=/nonexistent&user=postgres"],
            ["--data", "/proc/nobody/can/write/here"],
        ])
        func aFailureIsOneLine(arguments: [String]) async throws {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let data = arguments.contains("--data") ? [] : ["--data", directory.path + "/data"]
            let run = try ProgramRun(Programs.daemon, ["--port", "0"] + data + arguments)
            #expect(run.end == .exited(1))
            #expect(run.output.isEmpty)
            #expect(run.errors.split(separator: "\n").last?.hasPrefix("grantledgerd: ") == true, "\(run)")
        }
    }
}
