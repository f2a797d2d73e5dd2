import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// `grantledger export --format`: books that programs read which we did not write.
    struct BooksTests {
        private static let tenants = ["lingang", "pudong", "baoshan", "ex20", "ex21", "ex22", "ex23"]

        /// All examples in one ledger, and its books in a directory of its own.
        private static func withTheExamples(_ body: (DaemonProcess, TemporaryDirectory) throws -> Void) async throws {
            try await DaemonProcess.with(options: ["--catalogue", Programs.catalogue]) { daemon in
                let client = try daemon.connect()
                let folder = Programs.root + "/deploy/examples"
                for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                where name.hasSuffix(".lines") {
                    let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
                    _ = try client.ask(text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init))
                }
                let directory = try TemporaryDirectory()
                defer { directory.remove() }
                try body(daemon, directory)
            }
        }

        private static func export(_ tenant: String, _ format: String, _ file: String, _ daemon: DaemonProcess) throws {
            let run = try ProgramRun(
                Programs.commandLine,
                ["export", "--tenant", tenant, "--format", format, "--output", file, "--unix", daemon.socket])
            #expect(run.end == .exited(0), "\(run)")
        }

        private static func check(_ file: String) throws -> ProgramRun {
            try ProgramRun("/usr/bin/python3", [Programs.root + "/deploy/check_limits.py", file])
        }

        @Test func othersAgreeWithTheLedger() async throws {
            let hledger = try #require(Programs.find("hledger"), "deploy/test installs it")
            let beanCheck = try #require(Programs.find("bean-check"), "deploy/test installs beancount")
            try await Self.withTheExamples { daemon, directory in
                for tenant in Self.tenants {
                    let file = "\(directory.path)/\(tenant)"
                    try Self.export(tenant, "hledger", "\(file).hledger", daemon)
                    let strict = try ProgramRun(hledger, ["-f", "\(file).hledger", "check", "-s", "ordereddates"])
                    #expect(strict.end == .exited(0), "\(tenant): \(strict)")
                    try Self.export(tenant, "beancount", "\(file).beancount", daemon)
                    let bean = try ProgramRun(beanCheck, ["\(file).beancount"])
                    #expect(bean.end == .exited(0), "\(tenant): \(bean)")
                    let balances = try ProgramRun(
                        hledger, ["-f", "\(file).hledger", "balance", "--flat", "-N", "-E", "-O", "csv"])
                    let theirs = balances.output.split(separator: "\n").dropFirst().map(String.init).sorted()
                    #expect(try theirs == Self.balances(of: tenant, daemon.connect()))
                    for format in ["csv", "jsonl"] { try Self.export(tenant, format, "\(file).\(format)", daemon) }
                    for format in ["hledger", "beancount", "csv", "jsonl"] {
                        let checked = try Self.check("\(file).\(format)")
                        #expect(checked.end == .exited(0), "\(tenant), \(format): \(checked)")
                    }
                }
            }
        }

        /// As hledger writes them: an account, and its debits less its credits.
        private static func balances(of tenant: String, _ client: LineClient) throws -> [String] {
            let trial = try client.ask("TRIAL.BALANCE tenant=\(tenant)")
            return trial.list("accounts").map { account in
                let fen = ["debits", "credits"].map { side in
                    Int((account[side]?.plainText ?? "").replacing(".", with: "")) ?? 0
                }
                let balance = fen[0] - fen[1]
                let cents = balance.magnitude % 100
                let yuan = "\(balance < 0 ? "-" : "")\(balance.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
                let shown = balance == 0 ? "0" : "\(yuan) CNY"
                return "\"\(account["account"]?.plainText ?? "")\",\"\(shown)\""
            }.sorted()
        }

        /// By hand, in a copy: 600,000 yuan become 1,600,000, over the cap of a million.
        @Test func theCheckerFindsALimitThatWasBroken() async throws {
            try await Self.withTheExamples { daemon, directory in
                for format in ["hledger", "beancount", "csv", "jsonl"] {
                    let file = "\(directory.path)/books.\(format)"
                    try Self.export("ex23", format, file, daemon)
                    #expect(try Self.check(file).end == .exited(0))
                    let text = try String(contentsOfFile: file, encoding: .utf8)
                    try text.replacing("600000.00", with: "1600000.00")
                        .write(toFile: file, atomically: true, encoding: .utf8)
                    let broken = try Self.check(file)
                    #expect(broken.end == .exited(1))
                    #expect(broken.output.contains("1600000.00 is in use, over the limit of 1000000.00"), "\(broken)")
                    #expect(broken.output.contains("was changed since it was exported"))
                }
            }
        }

        // MARK: Following

        /// Killed while it writes, and with the daemon gone for a while, a follower has each entry once.
        @Test func aFollowerThatIsKilledHasEachEntryOnce() async throws {
            try await DaemonProcess.with { daemon in
                let client = try daemon.connect()
                _ = try client.ask(["TENANT.CREATE tenant=city name=City"])
                func post(_ range: Range<Int>) throws {
                    let lines = range.map {
                        "APPROPRIATE tenant=city fund=f year=2024 amount=1 date=2024-01-01 key=a\($0)"
                    }
                    for reply in try client.ask(lines) { #expect(reply.isAccepted, "\(reply)") }
                }
                let directory = try TemporaryDirectory()
                defer { directory.remove() }
                let (place, output) = (directory.path + "/place", directory.path + "/journal.jsonl")
                let arguments = [
                    "follow", "--tenant", "city", "--place", place, "--output", output, "--unix", daemon.socket,
                ]
                try post(0..<1_000)
                for round in 1...4 {
                    let log = directory.path + "/log\(round)"
                    let follower = try ChildProcess(Programs.commandLine, arguments, output: log, errors: log)
                    try post(round * 1_000..<(round + 1) * 1_000)
                    try await Task.sleep(for: .milliseconds(round * 50))
                    follower.send(SIGKILL)
                    _ = try follower.wait(atMost: .seconds(10))
                }
                let last = try ProgramRun(Programs.commandLine, arguments + ["--once"])
                #expect(last.end == .exited(0), "\(last)")
                let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
                let numbers = try lines.map { try JSONText($0)["seq"] }
                #expect(numbers == (1...5_000).map { .number("\($0)") })
            }
        }
    }
}
