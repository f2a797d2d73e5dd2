import Foundation
import Glibc
import LineProtocol
import Postgres
import TestKit
import Testing

extension EndToEnd {
    /// What nobody can change unseen: not even the owner of the tables, with all triggers off.
    struct SealTests {
        @Test func aByteChangedInTheDatabaseIsNamed() async throws {
            try await PostgresServer.with { server in
                let url = server.url(database: "ledger")
                try await DaemonProcess.with(options: ["--database", url]) { daemon in
                    let client = try daemon.connect()
                    _ = try client.ask("TENANT.CREATE tenant=city name=城")
                    #expect(try client.ask("SEAL tenant=city").code == "NOT_FOUND")
                    for number in 1...9 { _ = try client.ask(Self.appropriate(number)) }
                    #expect(try client.ask("PERIOD.CLOSE tenant=city through=2023-12-31").isAccepted)
                    let seals = try client.ask("SEALS tenant=city").list("seals")
                    #expect(seals.count == 1 && seals.first?["seq"] == .number("9"))
                    _ = try client.ask(Self.appropriate(10))
                    let seal = try client.ask("SEAL tenant=city")
                    #expect(seal["seq"] == "10")
                    #expect(try client.ask("SEAL tenant=city").description == seal.description)

                    let files = try TemporaryDirectory()
                    defer { files.remove() }
                    let key = daemon.data + "/seal.pub"
                    func verify(_ name: String) throws -> ProgramRun {
                        let path = files.path + "/" + name
                        let export = try ProgramRun(
                            Programs.commandLine,
                            ["export", "--unix", daemon.socket, "--tenant", "city", "--output", path])
                        #expect(export.end == .exited(0), "\(export)")
                        return try ProgramRun(Programs.commandLine, ["verify", path, "--public-key", key])
                    }
                    let sound = try verify("sound.jsonl")
                    #expect(sound.end == .exited(0), "\(sound)")

                    var owner = try Connection(url)
                    try owner.execute(
                        "SET session_replication_role = replica; SET search_path = grantledger; "
                            + "UPDATE entries SET principal = 'somebody' WHERE sequence = 4")
                    let check = try client.ask("CHECK tenant=city")
                    #expect(
                        check["ok"] == "false" && check.list("differences").first?.plainText.contains("-4 ") == true)
                    let changed = try verify("changed.jsonl")
                    #expect(changed.end == .exited(1) && (changed.output + changed.errors).contains("-4"), "\(changed)")
                }
            }
        }

        /// What no midnight has sealed, since no daemon ran, is sealed when one starts. And its signing key lost, a daemon
        /// makes another, with which old seals do not verify: nobody may miss that.
        @Test func aStartSealsAndSaysThatItsKeyIsAnother() async throws {
            try await DaemonProcess.with { daemon in
                _ = try daemon.connect().ask("TENANT.CREATE tenant=city name=城")
                func restart(_ number: Int) throws -> Bool {
                    _ = try daemon.connect().ask(Self.appropriate(number))
                    daemon.send(SIGTERM)
                    _ = try daemon.waitForEnd()
                    if number == 2 { try FileManager.default.removeItem(atPath: daemon.data + "/seal.key") }
                    try daemon.start()
                    let isSealed = try waitUntil(atMost: .seconds(20)) {
                        let seals = try daemon.connect().ask("SEALS tenant=city").list("seals")
                        return seals.last?["seq"] == .number("\(number)")
                    }
                    #expect(isSealed)
                    return daemon.log.contains("of this daemon's seal.key")
                }
                #expect(try !restart(1))
                #expect(try restart(2))
            }
        }

        private static func appropriate(_ number: Int) -> String {
            "APPROPRIATE tenant=city fund=f year=2024 amount=\(number) date=2024-01-01 key=k\(number)"
        }
    }
}
