import TestKit
import Testing

extension EndToEnd {
    struct OutageTests {
        /// While the database is away, requests are answered with UNAVAILABLE and not left hanging; the same daemon
        /// goes on when it is back.
        @Test func aDatabaseMayGoAndComeBack() async throws {
            try await PostgresServer.with { server in
                try await DaemonProcess.with(options: ["--database", server.url(database: "ledger")]) { daemon in
                    let client = try daemon.connect()
                    _ = try client.ask("TENANT.CREATE tenant=city name=城市")
                    for outage in 1...2 {
                        #expect(try client.ask(Self.appropriate(outage))["seq"] == "\(3 * outage - 2)")

                        try server.stop()
                        #expect(try client.ask("PING").isAccepted)
                        #expect(try client.ask(Self.budget).code == "UNAVAILABLE")
                        #expect(try client.ask(Self.appropriate(100 + outage)).code == "UNAVAILABLE")
                        let status = try client.ask("STATUS")
                        #expect(status.isAccepted && status["database"] != "ok", "\(status)")

                        try server.start()
                        let isBack = try waitUntil(atMost: .seconds(60)) { try client.ask(Self.budget).isAccepted }
                        #expect(isBack, "\(daemon.errors)")
                        #expect(try client.ask("STATUS")["database"] == "ok")
                        // The same line again, as the code allows.
                        #expect(try client.ask(Self.appropriate(100 + outage))["seq"] == "\(3 * outage - 1)")
                        #expect(try client.ask(Self.appropriate(200 + outage))["seq"] == "\(3 * outage)")
                    }
                    #expect(daemon.isRunning)
                    try expectSoundBooks(of: "city", client)
                }
            }
        }

        private static let budget = "BUDGET tenant=city fund=f year=2024"

        private static func appropriate(_ number: Int) -> String {
            "APPROPRIATE tenant=city fund=f year=2024 amount=1 date=2024-01-01 key=k\(number)"
        }
    }
}
