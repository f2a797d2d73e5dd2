import LedgerServer
import LineProtocol
import Synchronization
import TestKit
import Testing

/// Connections that are read on while their postings are under way.
@Suite struct UnderWayTests {
    @Test func aConnectionIsReadOnWhileItsPostingsAreUnderWay() async throws {
        var limits = Limits()
        limits.writers = 1
        try await withServer(limits: limits) { path, books in
            let client = try TestClient(unixPath: path)
            let other = try TestClient(unixPath: path)
            await client.send(.disburse("a"))
            #expect(await client.lines(1).count == 1)
            books.door.shut()
            defer { books.door.open() }
            await client.send(.disburse("b"))
            try await books.door.untilSomebodyWaits()
            await client.send(.disburse("c"))
            #expect(await other.seesWaiting(1), "c waits in the queue though b is not answered")
            await client.send(.disburse("d") + "BUDGET tenant=lingang fund=f year=2024\r\nPING\r\n" + .disburse("e"))
            #expect(await other.seesWaiting(2), "d waits behind it; the query and what follows do not")
            books.door.open()
            let lines = await client.lines(6)
            #expect(lines.count == 6)
            for (line, sequence) in zip([0, 1, 2, 5], 2...) where line < lines.count {
                #expect(lines[line].contains("\"seq\":\(sequence),"))
            }
            // The query sees each posting before it and none behind it.
            #expect(lines.dropFirst(3).prefix(2) == ["+{\"count\":4}", "+PONG"])
        }
    }

    @Test func postingsOfAConnectionKeepTheirOrderThoughTenantsHaveTheirTurns() async throws {
        var limits = Limits()
        limits.writers = 1
        try await withServer(limits: limits) { path, books in
            let (first, second) = (try TestClient(unixPath: path), try TestClient(unixPath: path))
            let other = try TestClient(unixPath: path)
            await other.send("USE tenant=lingang\r\nUSE tenant=zhangjiang\r\n")
            #expect(await other.lines(2).count == 2)
            books.door.shut()
            defer { books.door.open() }
            await second.send(.disburse("x"))
            try await books.door.untilSomebodyWaits()
            // So the turn of this tenant comes first.
            await second.send(.disburse("y", tenant: "zhangjiang"))
            #expect(await other.seesWaiting(1))
            await first.send(.disburse("a1") + .disburse("b1", tenant: "zhangjiang"))
            #expect(await other.seesWaiting(3))
            await first.send(.disburse("b2", tenant: "zhangjiang"))
            #expect(await other.seesWaiting(4))
            books.door.open()
            #expect(await first.lines(3).count == 3)
            #expect(books.keys("zhangjiang").filter { $0 != "y" } == ["b1", "b2"])
        }
    }

    /// Cut into readings anywhere, a dialogue has the replies that it has one request at a time.
    @Test(arguments: 1...12) func repliesDoNotDependOnHowRequestsAreRead(seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let requests = (1...120).map { Self.request($0, &random) }
        var cuts: [Int] = []
        var bytes = requests.joined().utf8.count
        while bytes > 0 {
            cuts.append(min(bytes, Int.random(in: 1...(seed.isMultiple(of: 2) ? 80 : 2_000), using: &random)))
            bytes -= cuts[cuts.count - 1]
        }
        let pauses = cuts.map { _ in Int.random(in: 0...3, using: &random) }
        let expected = Mutex<[String]>([])
        try await withServer { path, _ in
            let client = try TestClient(unixPath: path)
            for request in requests {
                await client.send(request)
                let count = request.split(separator: "\n").count
                let lines = await client.lines(count)
                expected.withLock { $0 += lines }
            }
        }
        try await withServer { [cuts] path, _ in
            let client = try TestClient(unixPath: path)
            var rest = Array(requests.joined().utf8)[...]
            for (cut, pause) in zip(cuts, pauses) {
                await client.send(String(decoding: rest.prefix(cut), as: UTF8.self))
                rest = rest.dropFirst(cut)
                if pause == 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            let lines = expected.withLock(\.self)
            #expect(lines.count >= requests.count)
            #expect(await client.lines(lines.count) == lines)
        }
    }

    private static func request(_ number: Int, _ random: inout SeededRandom) -> String {
        let tenant = ["lingang", "zhangjiang", "beijing"].randomElement(using: &random) ?? ""
        switch Int.random(in: 0...19, using: &random) {
        case 0: return "PING\n"
        case 1: return "USE tenant=\(tenant)\n"
        case 2, 3: return "BUDGET tenant=\(tenant) fund=f year=2024\n"
        case 4: return "WHOAMI\n"
        case 5: return "DISBURSE tenant=\(tenant)\n"
        case 6: return "USE tenant=nowhere\n"
        case 7: return "TENANT.CREATE tenant=t\(number) name=T\n" + .disburse("t", tenant: "t\(number)")
        case 8:
            let parts = ["v", "w"].map { String.disburse("\($0)\(number)", tenant: tenant) }
            return "MULTI\n" + parts.joined() + "EXEC\n"
        default: return .disburse("k\(number)", tenant: tenant)
        }
    }

    @Test func whoReadsNothingMoreIsHeldToABoundOfBytes() async throws {
        var limits = Limits()
        limits.writers = 1
        limits.bytesUnderWay = 1
        try await withServer(limits: limits) { path, books in
            let (client, other) = (try TestClient(unixPath: path), try TestClient(unixPath: path))
            books.door.shut()
            defer { books.door.open() }
            await client.send(.disburse("a"))
            try await books.door.untilSomebodyWaits()
            await client.send(.disburse("b"))
            for _ in 1...20 { #expect(await other.commandsWaiting() == 0) }
            books.door.open()
            #expect(await client.lines(2).count == 2)
        }
    }

    @Test func whatIsUnderWayIsBounded() async throws {
        var limits = Limits()
        limits.writers = 1
        limits.requestsPerGroup = 4
        try await withServer(limits: limits) { path, books in
            let client = try TestClient(unixPath: path)
            let other = try TestClient(unixPath: path)
            books.door.shut()
            defer { books.door.open() }
            await client.send(.disburse("k1"))
            try await books.door.untilSomebodyWaits()
            await client.send((2...20).map { .disburse("k\($0)") }.joined())
            #expect(await other.seesWaiting(3), "what may be handed over is")
            for _ in 1...20 { #expect(await other.commandsWaiting() == 3) }
            books.door.open()
            let lines = await client.lines(20)
            #expect(lines.count == 20)
            for (line, sequence) in zip(lines, 1...) { #expect(line.contains("\"seq\":\(sequence),")) }
        }
    }
}

extension TestClient {
    /// What STATUS says of them.
    fileprivate func commandsWaiting() async -> Int? {
        await send("STATUS\r\n")
        let parts = await lines(1).first?.split(separator: "\"commands-waiting\":") ?? []
        return parts.dropFirst().first.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    /// Asks again and again until so many wait; false where they never did.
    fileprivate func seesWaiting(_ count: Int) async -> Bool {
        for _ in 1...5_000 {
            if await commandsWaiting() == count { return true }
            try? await Task.sleep(for: .milliseconds(1))
        }
        return false
    }
}
