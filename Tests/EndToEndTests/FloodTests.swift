import Glibc
import Synchronization
import TestKit
import Testing

extension EndToEnd {
    /// Clients that are broken or mean no good, many at once, and one that asks what remains while an applicant waits.
    struct FloodTests {
        @Test func aFloodLeavesTheOthersAnswered() async throws {
            try await DaemonProcess.with { daemon in
                Self.raiseFileLimit()
                let owner = try daemon.connect()
                let lines = [
                    "TENANT.CREATE tenant=loud name=loud", "TENANT.CREATE tenant=calm name=calm",
                    "SCHEME.PUT tenant=calm scheme=s version=1 name=S subject-kind=project cap=100",
                    "PARTY.PUT tenant=calm party=p kind=company name=P",
                    "SUBJECT.OPEN tenant=calm scheme=s subject=x party=p opened=2024-01-01",
                ]
                #expect(try owner.ask(lines).allSatisfy(\.isAccepted))
                let loud = try daemon.createPrincipal("loud role=finance tenant=loud")
                let calm = try daemon.createPrincipal("calm role=committee tenant=calm")

                let idle = try (0..<2_000).map { _ in try LineClient(tcp: daemon.tcpPort) }
                let slow = try (0..<200).map { _ in try LineClient(tcp: daemon.tcpPort) }
                let flooding = try (0..<50).map { number in
                    let client = try LineClient(tcp: daemon.tcpPort)
                    guard try client.ask("AUTH loud \(loud)").isAccepted else { throw PlayFailure("no sign-in") }
                    return client
                }
                let asked = try LineClient(tcp: daemon.tcpPort)
                #expect(try asked.ask("AUTH calm \(calm)").isAccepted)
                let posting = "APPROPRIATE tenant=loud fund=f year=2024 amount=1 date=2024-01-01 key=one\n"
                let burst = Array(
                    repeatElement(Array((posting + "BUDGET tenant=loud fund=f year=2024\n").utf8), count: 200).joined())
                for round in 1...20 {
                    // Whatever each of them can get rid of; none of them reads a reply.
                    for client in flooding { _ = try client.sendSome(burst[...]) }
                    for client in slow { _ = try client.sendSome(Array("P".utf8)[...]) }
                    #expect(try asked.ask("PING").isAccepted)
                    let reply = try asked.ask("REMAINING tenant=calm scheme=s subject=x")
                    #expect(reply["remaining"] == "100.00", "round \(round): \(reply)")
                }
                #expect(daemon.isRunning)
                for client in idle + slow + flooding { client.close() }
                try expectSoundBooks(of: "loud", daemon.connect())
            }
        }

        private static func raiseFileLimit() {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }
}
