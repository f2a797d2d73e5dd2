import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// Those who come in and say nothing, or read nothing, go again in time.
    struct StrangerTests {
        private static let options = ["--limit", "authentication-ms=1000", "--limit", "connections=30"]

        @Test func whoAsksAndNeverReadsIsSentAway() async throws {
            try await DaemonProcess.with(options: Self.options) { daemon in
                let help = Array(String(repeating: "HELP\n", count: 2_000).utf8)
                let strangers = try (0..<30).map { _ in try LineClient(tcp: daemon.tcpPort) }
                for stranger in strangers { _ = try stranger.sendSome(help[...]) }
                let hasRoom = waitUntil(atMost: .seconds(30), every: .milliseconds(100)) {
                    (try? daemon.connect().ask("STATUS"))?["connections"] == "1"
                }
                #expect(hasRoom, "\(daemon.errors)")
                #expect(daemon.residentMiB < 400, "\(daemon.residentMiB) MiB")
                for stranger in strangers { stranger.close() }
            }
        }

        @Test(.enabled(if: Programs.find("openssl") != nil || mustHaveClients, "openssl is not installed"))
        func whoNeverShakesHandsIsSentAway() async throws {
            let files = try TemporaryDirectory()
            defer { files.remove() }
            let made = try ProgramRun(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                    "/CN=localhost", "-days", "2", "-keyout", files.path + "/key", "-out", files.path + "/pem",
                ])
            #expect(made.end == .exited(0), "\(made)")
            let tls = ["--tls-certificate", files.path + "/pem", "--tls-key", files.path + "/key"]
            try await DaemonProcess.with(options: Self.options + tls) { daemon in
                let silent = try (0..<60).map { _ in try LineClient(tcp: daemon.tcpPort) }
                for client in silent.suffix(5) { _ = try client.sendSome([0x16, 0x03, 0x01, 0x00]) }
                for client in silent { #expect(try client.isEnded(), "a silent connection stands") }
                #expect(try daemon.connect().ask("STATUS")["connections"] == "1")
            }
        }
    }
}

extension EndToEnd {
    /// What wrong or careless clients do. Afterwards a right request on another connection is answered.
    struct HostileInputTests {
        private func expectAnswers(_ daemon: DaemonProcess, sourceLocation: SourceLocation = #_sourceLocation) throws {
            let reply = try daemon.connect().ask("BUDGET tenant=lingang fund=quiet year=2024")
            #expect(reply["available"] == "0.00", "\(reply)", sourceLocation: sourceLocation)
        }

        @Test func randomBytesOnManyConnections() async throws {
            let daemon = try DaemonProcess.shared()
            var sizes: [Int] = []
            for round in 0..<4 {
                try await withThrowingTaskGroup { group in
                    for number in 0..<60 {
                        group.addTask { try Self.sendNoise(seed: UInt64(100 * round + number), daemon) }
                    }
                    try await group.waitForAll()
                }
                sizes.append(try Self.residentKilobytes(daemon))
            }
            // The first round fills caches; no later one may leave anything behind.
            #expect(sizes[3] - sizes[0] < 16 * 1024, "\(sizes) KiB")
            try expectAnswers(daemon)
        }

        private static func sendNoise(seed: UInt64, _ daemon: DaemonProcess) throws {
            var random = SeededRandom(seed: seed)
            let client = seed.isMultiple(of: 2) ? try daemon.connect() : try daemon.connectTCP()
            try client.send(Noise.bytes(count: 30_000, &random))
            client.finishSending()
            // Whatever is answered is RESP, and the connection comes to an end.
            _ = try client.drain()
        }

        @Test(arguments: ["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "POST / HTTP/1.1\r\n\r\n", "Host: ledger\r\n"])
        func aBrowserIsSentAway(request: String) async throws {
            let daemon = try DaemonProcess.shared()
            let client = try LineClient(tcp: daemon.tcpPort)
            try client.send(request + "BUDGET tenant=lingang fund=quiet year=2024\n")
            #expect(try client.receive()?.code == "BAD_REQUEST")
            #expect(try client.receive() == nil)
            try expectAnswers(daemon)
        }

        @Test(arguments: [
            "*2\r\n$4\r\nPING", "*1\r\n$99999999\r\n", "*-7\r\n", "*1\r\n:1\r\n", "*1000000000\r\n",
            "*1\r\n$4\r\nPINGPING\r\n",
        ])
        func arraysThatAreNone(request: String) async throws {
            let daemon = try DaemonProcess.shared()
            let client = try LineClient(tcp: daemon.tcpPort)
            try client.send(request)
            client.finishSending()
            while let reply = try client.receive() { #expect(reply.code == "BAD_REQUEST", "\(reply)") }
            try expectAnswers(daemon)
        }

        @Test func aBadLineCostsOneReplyOnly() async throws {
            let client = try DaemonProcess.shared().connect()
            let long = String(repeating: "x", count: 70_000)
            let replies = try client.exchange(
                Array("PING\n\(long)\nPING\n".utf8) + [0x50, 0xFF, 0xFE, 0x0A] + Array("PING\n".utf8), replies: 5)
            #expect(replies.map(\.code) == ["+", "BAD_REQUEST", "+", "BAD_REQUEST", "+"])
        }

        @Test func aSlowWriterIsUnderstood() async throws {
            let daemon = try DaemonProcess.shared()
            let idle = try daemon.connect()
            try idle.send("BUDGET tenant=ling")
            let client = try daemon.connect()
            for byte in "BUDGET tenant=lingang fund=\"quiet\" year=2024\r\n".utf8 {
                try client.send([byte])
                usleep(500)
            }
            #expect(try client.receive()?["available"] == "0.00")
            try idle.send("ang fund=quiet year=2024\n")
            #expect(try idle.receive()?["available"] == "0.00")
        }

        /// It asks 100,000 times and reads nothing. The daemon stops taking its requests, and does not grow.
        @Test func aClientThatNeverReadsHarmsItselfOnly() async throws {
            let daemon = try DaemonProcess.shared()
            try Dialogue(
                """
                PARTY.PUT tenant=lingang party=quiet kind=team name=安静
                  +
                SUBJECT.OPEN tenant=lingang scheme=restart-grant subject=quiet party=quiet opened=2024-01-01
                  +
                """
            ).play(daemon.connect())
            let before = try Self.residentKilobytes(daemon)
            let careless = try daemon.connect()
            let line = Array("REMAINING tenant=lingang scheme=restart-grant subject=quiet\n".utf8)
            let requests = Array(repeatElement(line, count: 100_000).joined())
            var sent = 0
            while sent < requests.count {
                // Full is what takes nothing more for a second.
                let isTaken = try waitUntil(atMost: .seconds(1)) {
                    let count = try careless.sendSome(requests[sent...])
                    sent += count
                    return count > 0
                }
                if !isTaken { break }
            }
            #expect(sent < requests.count)
            for _ in 1...20 { try expectAnswers(daemon) }
            let growth = try Self.residentKilobytes(daemon) - before
            #expect(growth < 64 * 1024, "\(growth) KiB more")

            // It may still change its mind: what it asked is then answered.
            careless.finishSending()
            let whole = sent / line.count
            let part = sent.isMultiple(of: line.count) ? 0 : 1
            #expect((whole...whole + part).contains(try careless.drain()))
        }

        private static func residentKilobytes(_ daemon: DaemonProcess) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(daemon.id)/status", encoding: .utf8)
            guard let match = try /VmRSS:\s+([0-9]+) kB/.firstMatch(in: status), let size = Int(match.1) else {
                throw PlayFailure("no VmRSS of process \(daemon.id)")
            }
            return size
        }

        /// A voucher whose sender vanishes is posted whole or not at all; without EXEC, not at all.
        @Test func aConnectionCutInsideAVoucher() async throws {
            let daemon = try DaemonProcess.shared()
            let count = 300
            for cut in 0..<12 {
                let fund = "cut-\(cut)"
                let postings = (1...count).map { number in
                    "APPROPRIATE tenant=pudong fund=\(fund) year=2024 amount=1 date=2024-01-01 key=\(fund)-\(number)\n"
                }
                let voucher = Array(("MULTI\n" + postings.joined() + "EXEC\n").utf8)
                // Even ones lack at least the end of EXEC's line.
                let isWhole = !cut.isMultiple(of: 2)
                let client = try daemon.connect()
                try client.send(isWhole ? voucher : Array(voucher.dropLast(1 + cut * 2_000)))
                client.close()
                let observer = try daemon.connect()
                for _ in 1...20 {
                    let posted = try observer.ask("BUDGET tenant=pudong fund=\(fund) year=2024")["appropriated"]
                    #expect(
                        posted == "0.00" || (isWhole && posted == "\(count).00"), "\(posted ?? "") after cut \(cut)")
                    usleep(10_000)
                }
            }
            try expectSoundBooks(of: "pudong", daemon.connect())
        }
    }
}

/// Bytes of which some look like requests.
private enum Noise {
    private static let seeds = [
        "PING\r\n", "BUDGET tenant=lingang fund=general year=2024\n", "USE tenant=lingang\n", "HELP COMMIT\n",
        "DISBURSE tenant=lingang award=A amount=1.00 date=2024-01-01 key=\"k \\\" \\\\\" ref=\"汉字\"\n",
        "*2\r\n$4\r\nECHO\r\n$3\r\nabc\r\n", "*1\r\n$4\r\nPING\r\n", "HELLO 3\r\n", "MULTI\n", "EXEC\n", "DISCARD\n",
        "JOURNAL tenant=lingang limit=2\n", "COMMAND DOCS\r\n",
    ].map { Array($0.utf8) }

    static func bytes(count: Int, _ random: inout SeededRandom) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var piece = seeds.randomElement(using: &random) ?? []
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                piece = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                    .random(in: .min ... .max, using: &random)
                }
            case 1: piece.removeLast(Int.random(in: 1..<piece.count, using: &random))
            case 2...4:
                piece[Int.random(in: 0..<piece.count, using: &random)] = .random(in: .min ... .max, using: &random)
            case 5: piece.insert(contentsOf: piece, at: Int.random(in: 0..<piece.count, using: &random))
            default: break
            }
            bytes += piece
        }
        return bytes
    }
}
