import TestKit
import Testing

extension EndToEnd {
    /// `grantledger` against a real daemon.
    struct CommandLineTests {
        private static func run(_ arguments: [String]) throws -> ProgramRun {
            try ProgramRun(Programs.commandLine, arguments + ["--unix", DaemonProcess.shared().socket])
        }

        @Test func exitCodesTellWhatHappened() async throws {
            let budget = ["budget", "--tenant", "lingang", "--fund", "none", "--year", "2024"]
            let answered = try Self.run(budget)
            #expect(answered.end == .exited(0) && answered.output.contains("0.00"), "\(answered)")
            let json = try Self.run(budget + ["--json"])
            #expect(json.end == .exited(0) && json.output.hasPrefix("{\""), "\(json)")

            let refused = try Self.run(["award", "--tenant", "lingang", "--award", "unheard-of"])
            #expect(refused.end == .exited(1) && refused.errors.contains("NOT_FOUND"), "\(refused)")

            let misused = try Self.run(["award", "--colour", "red"])
            #expect(misused.end == .exited(64), "\(misused)")

            let unreachable = try ProgramRun(
                Programs.commandLine, budget + ["--unix", "/nonexistent/grantledger.sock"])
            #expect(unreachable.end == .exited(69), "\(unreachable)")
        }

        @Test func theCatalogueAppliedAgainChangesNothing() async throws {
            let client = try DaemonProcess.shared().connect()
            let before = try client.ask("SCHEMES tenant=shanghai").description
            let run = try Self.run(["apply", Programs.catalogue])
            #expect(run.end == .exited(0), "\(run)")
            #expect(try client.ask("SCHEMES tenant=shanghai").description == before)
        }
    }
}
