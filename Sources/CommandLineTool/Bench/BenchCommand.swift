import ArgumentParser
import Foundation
import LedgerCore

/// `grantledger bench`
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast a daemon posts and answers, and prove its books afterwards.",
        discussion: """
            Each scenario makes tenants of its own, whose names begin with "bench-", so speak to a daemon that is \
            there for measuring, as an operator over all tenants. The loop is closed, each reply bringing on the next \
            request, unless --rate is given: then requests are due at a fixed rate, and one that waits behind a slow \
            reply counts from when it was due. Afterwards each answered posting must stand in the journal once, and \
            CHECK be ok, or there is no result. The rate counts replies in the measured time; times are milliseconds.

            Scenarios:
            \(BenchScenario.allCases.map { "  \($0.rawValue): \($0.explanation)" }.joined(separator: "\n"))
            """)

    @Argument(help: "Which scenarios, one after the other. (default: all)")
    var scenarios: [BenchScenario] = []

    @Option(help: "How many connections; the scenario lone has one.")
    var connections = 32

    @Option(help: "How many requests wait for their replies on each connection.")
    var inFlight = 16

    @Option(help: "For how many seconds is measured.")
    var seconds = 10

    @Option(help: "For how many seconds it runs before that.")
    var warmUp = 2

    @Option(help: "How many roots the scenario roots has; awards and subjects are shared out among them.")
    var roots = 8

    @Option(help: "Requests a second over all connections: an open loop.")
    var rate: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        guard (1...60_000).contains(connections) else { throw ValidationError("--connections is from 1 to 60000.") }
        guard (1...10_000).contains(inFlight) else { throw ValidationError("--in-flight is from 1 to 10000.") }
        guard (1...3_600).contains(seconds) else { throw ValidationError("--seconds is from 1 to 3600.") }
        guard (1...125).contains(roots) else { throw ValidationError("--roots is from 1 to 125.") }
        guard (0...600).contains(warmUp) else { throw ValidationError("--warm-up is from 0 to 600.") }
        guard (1...10_000_000).contains(rate ?? 1) else { throw ValidationError("--rate is from 1 to 10000000.") }
    }

    func run() async throws {
        let daemon = try connection.daemon()
        guard daemon.tls == nil else { throw Misuse("bench speaks without TLS; use --unix or --tcp on loopback") }
        let run = "bench-" + String(Int(Date().timeIntervalSince1970 * 1_000), radix: 36)
        var results: [BenchRun.Result] = []
        for scenario in scenarios.isEmpty ? BenchScenario.allCases : scenarios {
            let isLone = scenario == .lone
            let bench = BenchRun(
                daemon: daemon,
                workload: BenchWorkload(scenario: scenario, run: run + "-\(results.count)", roots: roots),
                connections: isLone ? 1 : connections, inFlight: isLone ? 1 : inFlight, warmUp: warmUp,
                seconds: seconds, rate: rate, note: { Terminal.writeError($0 + "\n") })
            let result = try await bench.run()
            results.append(result)
            if connection.json { Terminal.write([jsonLine(result.fields)]) }
        }
        if !connection.json { Terminal.write(BenchRun.Result.table(results)) }
    }
}
