import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// Programs that were not written for the ledger.
    struct RealClientTests {
        private static let redisCLIPath = Programs.find("redis-cli")
        private static let redisBenchmarkPath = Programs.find("redis-benchmark")
        private static let ncPath = Programs.find("nc")

        @Test(.enabled(if: redisCLIPath != nil || mustHaveClients, "redis-cli is not installed"))
        func redisCLI() async throws {
            let daemon = try DaemonProcess.shared()
            let program = try #require(Self.redisCLIPath)
            let arguments = ["-p", "\(daemon.tcpPort)", "-a", try daemon.token(), "--no-auth-warning"]
            let one = try ProgramRun(
                program, arguments + ["BUDGET", "tenant=lingang", "fund=nothing-here", "year=2024"])
            #expect(one.end == .exited(0) && one.output.contains("\"available\":\"0.00\""), "\(one)")

            let typed = """
                PARTY.PUT tenant=shanghai party=typed kind=company name="某某 (中国) \\"有限\\" 公司"
                PARTY tenant=shanghai party=typed
                PARTY tenant=shanghai party=nobody
                """
            let many = try ProgramRun(program, arguments, input: Array("\(typed)\n".utf8))
            let lines = many.output.split(separator: "\n", omittingEmptySubsequences: true)
            #expect(lines.count == 3, "\(many)")
            #expect(many.output.contains(#"某某 (中国) \"有限\" 公司"#))
            #expect(lines.last?.contains("NOT_FOUND") == true)
        }

        @Test(
            .enabled(if: redisCLIPath != nil || mustHaveClients, "redis-cli is not installed"),
            arguments: [true, false])
        func redisCLIPipe(asArrays: Bool) async throws {
            let daemon = try DaemonProcess.shared()
            let program = try #require(Self.redisCLIPath)
            let fund = asArrays ? "pipe-arrays" : "pipe-lines"
            let lines = (1...1_000).map { number in
                "APPROPRIATE tenant=huangpu fund=\(fund) year=2024 amount=0.01 date=2024-01-01 key=\(fund)-\(number)"
            }
            let bytes = asArrays ? lines.flatMap(array) : Array(lines.map { $0 + "\r\n" }.joined().utf8)
            let run = try ProgramRun(
                program, ["-p", "\(daemon.tcpPort)", "-a", try daemon.token(), "--no-auth-warning", "--pipe"],
                input: bytes)
            #expect(run.end == .exited(0) && run.output.contains("errors: 0, replies: 1000"), "\(run)")
            let budget = try daemon.connect().ask("BUDGET tenant=huangpu fund=\(fund) year=2024")
            #expect(budget["appropriated"] == "10.00")
        }

        @Test(.enabled(if: redisBenchmarkPath != nil || mustHaveClients, "redis-benchmark is not installed"))
        func redisBenchmark() async throws {
            let daemon = try DaemonProcess.shared()
            let program = try #require(Self.redisBenchmarkPath)
            let load = [
                "-p", "\(daemon.tcpPort)", "-a", try daemon.token(), "-q", "-n", "2000", "-c", "20", "-P", "10", "-r",
                "1000000",
            ]
            let posting = "APPROPRIATE tenant=xuhui fund=load year=2024 amount=1 date=2024-01-01 key=load-__rand_int__"
            for request in ["PING", "BUDGET tenant=xuhui fund=load year=2024", posting] {
                let run = try ProgramRun(program, load + request.split(separator: " ").map(String.init))
                #expect(run.end == .exited(0) && run.output.contains("requests per second"), "\(run)")
                #expect(!(run.output + run.errors).contains("Error"), "\(run)")
            }
            let client = try daemon.connect()
            let posted = try journal(of: "xuhui", client).flatMap { $0.list("entries") }.count
            // The same random key, drawn twice, is posted once.
            #expect((1_900...2_000).contains(posted))
            try expectSoundBooks(of: "xuhui", client)
        }

        @Test(.enabled(if: ncPath != nil || mustHaveClients, "nc is not installed"))
        func netcatThatClosesItsHalf() async throws {
            let daemon = try DaemonProcess.shared()
            let program = try #require(Self.ncPath)
            let input = "PING\nBUDGET tenant=lingang fund=unheard-of year=2024\r\n\n\r\nNONSENSE\nPING"
            let run = try ProgramRun(program, ["-N", "-U", daemon.socket], input: Array(input.utf8))
            let lines = run.output.components(separatedBy: "\r\n")
            #expect(run.end == .exited(0))
            #expect(
                lines.count >= 4 && lines[0] == "+PONG" && lines[1].hasPrefix("+{") && lines[1].hasSuffix("}"), "\(run)"
            )
            #expect(lines.count >= 4 && lines[2].hasPrefix("-UNKNOWN_COMMAND {"), "\(run)")
            // The last line has no end; nothing hangs on it.
            #expect(!lines.dropLast().contains(""))
        }

        // MARK: redis-py

        /// deploy/test sets one up where there is a package index.
        private static let python: String? = {
            let candidates = [environment["GRANTLEDGER_TEST_PYTHON"], Programs.find("python3")].compactMap(\.self)
            return candidates.first { (try? ProgramRun($0, ["-c", "import redis"]).end) == .exited(0) }
        }()

        @Test(.enabled(if: python != nil, "redis-py is not installed"), arguments: [2, 3])
        func redisPy(version: Int) async throws {
            let daemon = try DaemonProcess.shared()
            let run = try ProgramRun(
                try #require(Self.python), ["-c", Self.script, "\(daemon.tcpPort)", "\(version)", try daemon.token()])
            #expect(run.end == .exited(0) && run.output == "done\n", "\(run)")
        }

        private static let script = #"""
            import json, sys
            import redis

            port, version = int(sys.argv[1]), int(sys.argv[2])
            ledger = redis.Redis(port=port, protocol=version, password=sys.argv[3], decode_responses=True)
            assert ledger.ping() is True
            assert ledger.echo("哈喽") == "哈喽"

            def budget():
                reply = ledger.execute_command("BUDGET", "tenant=jingan", f"fund=py{version}", "year=2024")
                return json.loads(reply)["appropriated"]

            def appropriation(number, amount="1"):
                return ("APPROPRIATE", "tenant=jingan", f"fund=py{version}", "year=2024", f"amount={amount}",
                        "date=2024-01-01", f"key=py{version}-{number}")

            # A pipeline of redis-py is MULTI and EXEC.
            with ledger.pipeline() as pipeline:
                for number in range(500):
                    pipeline.execute_command(*appropriation(number))
                replies = [json.loads(reply) for reply in pipeline.execute()]
            assert len(replies) == 500 and len({reply["entry"] for reply in replies}) == 500
            assert [reply["seq"] for reply in replies] == list(range(replies[0]["seq"], replies[0]["seq"] + 500))
            assert budget() == "500.00", budget()

            # All or nothing, and the reason comes through.
            try:
                with ledger.pipeline() as pipeline:
                    pipeline.execute_command(*appropriation("new"))
                    pipeline.execute_command(*appropriation(0, "2"))
                    pipeline.execute()
                raise SystemExit("a voucher with a used key was posted")
            except redis.exceptions.ExecAbortError as refusal:
                assert "KEY_CONFLICT" in str(refusal), refusal
            assert budget() == "500.00", budget()

            with ledger.pipeline(transaction=False) as pipeline:
                for number in range(400, 600):
                    pipeline.execute_command(*appropriation(number))
                replies = [json.loads(reply) for reply in pipeline.execute()]
            assert sum(reply.get("replayed", False) for reply in replies) == 100
            assert budget() == "600.00", budget()

            try:
                ledger.execute_command("AWARD", "tenant=jingan", "award=unheard-of")
                raise SystemExit("an unknown award was shown")
            except redis.exceptions.ResponseError as refusal:
                assert str(refusal).startswith("NOT_FOUND "), refusal
            print("done")
            """#
    }
}
