import Foundation
import LineProtocol
import TestKit
import Testing

/// A real daemon and the reference model are given the same random commands of every verb, over the Unix socket and in
/// pipelines: every code and every figure is equal, and afterwards the books are sound.
///
/// By hand: `GRANTLEDGER_SEED=7 GRANTLEDGER_DAEMON_COMMANDS=20000 swift test --filter DaemonAgreement`.
struct DaemonAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["GRANTLEDGER_SEED"].flatMap(UInt64.init) ?? .random(in: 0..<1_000_000_000)
    private static let commands = environment["GRANTLEDGER_DAEMON_COMMANDS"].flatMap(Int.init) ?? 3_000
    /// A world has tenants of its own, so that many go into the same books.
    private static let world = 500
    private static let longestPipeline = 200

    @Test func daemonAndModelAgree() async throws {
        print("DaemonAgreementTests: seed \(Self.seed), \(Self.commands) commands")
        try await withTaskExecutorPreference(ThreadsOfTheirOwn.shared) {
            try await DaemonProcess.with { daemon in
                let client = try daemon.connect()
                for start in stride(from: 0, to: Self.commands, by: Self.world) {
                    let seed = Self.seed &+ UInt64(start)
                    guard let difference = try Self.play(seed, client) else { continue }
                    Issue.record("seed \(seed)\n\(difference)\n\(daemon.errors)")
                    return
                }
            }
        }
    }

    /// The first difference in a world, if there is one.
    private static func play(_ seed: UInt64, _ client: LineClient) throws -> String? {
        var generator = CommandGenerator(seed: seed)
        var lengths = SeededRandom(seed: seed)
        var rehearsal = DaemonRehearsal(client, today: today)
        var left = Self.world
        while left > 0 {
            let length = min(left, Int.random(in: 1...longestPipeline, using: &lengths))
            for _ in 0..<length {
                if let found = try rehearsal.add(generator.next()) { return found }
            }
            if let found = try rehearsal.flush() { return found }
            left -= length
        }
        for tenant in rehearsal.model.tenants.keys.sorted() {
            let check = try client.ask("CHECK tenant=\(tenant)")
            guard check["ok"] == "true", check["entries"] == "\(rehearsal.model.entries(tenant: tenant).count)" else {
                return "CHECK of \(tenant): \(check)"
            }
            let balance = try client.ask("TRIAL.BALANCE tenant=\(tenant)")
            guard let debits = balance["debits"], debits == balance["credits"] else {
                return "TRIAL.BALANCE of \(tenant): \(balance)"
            }
        }
        return nil
    }

    /// In the tenants' time zone, as the daemon has it.
    private static func today() -> String {
        let shanghai = Date(timeIntervalSinceNow: 8 * 3_600)
        return shanghai.formatted(.iso8601.year().month().day())
    }
}
