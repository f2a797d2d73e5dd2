import TestKit
import Testing

extension EndToEnd {
    /// `grantledger bench` against a real daemon, for as short as can be.
    struct BenchTests {
        private static func bench(_ arguments: [String]) async throws -> ProgramRun {
            try await DaemonProcess.with { daemon in
                try ProgramRun(
                    Programs.commandLine,
                    ["bench", "--unix", daemon.socket, "--seconds", "1", "--warm-up", "0", "--json"] + arguments)
            }
        }

        @Test func everyScenarioIsAnsweredAndProved() async throws {
            let run = try await Self.bench(["--connections", "4", "--in-flight", "8"])
            #expect(run.end == .exited(0), "\(run)")
            let lines = run.output.split(separator: "\n")
            let scenarios = ["hot", "spread", "roots", "mixed", "remaining", "refuse", "lone"]
            #expect(lines.count == scenarios.count)
            for (line, scenario) in zip(lines, scenarios) {
                #expect(line.hasPrefix("{\"scenario\":\"\(scenario)\""), "\(line)")
                #expect(!line.contains("\"replies\":0,"), "\(line)")
                #expect(line.contains("\"refused\":{}") == (scenario != "refuse"), "\(line)")
                #expect(line.contains("\"entries\":0}") == (scenario == "remaining"), "\(line)")
            }
        }

        @Test func anOpenLoopKeepsItsRate() async throws {
            let run = try await Self.bench(["hot", "--connections", "4", "--rate", "40"])
            #expect(run.end == .exited(0), "\(run)")
            let replies = run.output.firstMatch(of: /"replies":([0-9]+)/).flatMap { Int($0.1) } ?? 0
            // Replies that come after the second are not counted; a slow machine has more of them.
            #expect((1...40).contains(replies), "\(run)")
        }
    }
}
