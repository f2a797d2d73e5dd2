import LedgerServer
import LineProtocol
import Synchronization
import Testing

@Suite struct ServerTests {
    @Test func answersInOrderHoweverManyAreInFlight() async throws {
        try await withServer { path, books in
            let client = try TestClient(unixPath: path)
            var request = ""
            for index in 1...500 { request += .disburse("k\(index)") + "BUDGET tenant=lingang fund=f year=2024\r\n" }
            await client.send(request + "PING\r\n")
            let lines = await client.lines(1_001)
            for index in 1...500 {
                #expect(lines[2 * index - 2].contains("\"seq\":\(index),"))
                // The query sees each posting before it and none behind it.
                #expect(lines[2 * index - 1] == "+{\"count\":\(index)}")
            }
            #expect(lines.last == "+PONG")
        }
    }

    @Test func aPipelineIsPostedTogether() async throws {
        try await withServer { path, books in
            let client = try TestClient(unixPath: path)
            let warmUp = try TestClient(unixPath: path)
            await warmUp.send("USE tenant=lingang\r\n")
            #expect(await warmUp.lines(1) == ["+{\"tenant\":\"lingang\"}"])
            await client.send((1...200).map { .disburse("k\($0)") }.joined())
            #expect(await client.lines(200).count == 200)
            // Read in one piece or, where the system cut it, in a few.
            #expect(books.state.withLock(\.batches).count <= 5)
            await client.send((1...50).map { _ in "AWARD tenant=lingang award=A\r\n" }.joined())
            #expect(await client.lines(50).count == 50)
            #expect(books.state.withLock(\.questions).count <= 5)
        }
    }

    @Test func whoHasSpokenToTheEndIsStillAnswered() async throws {
        try await withServer { path, _ in
            let client = try TestClient(unixPath: path)
            await client.send("PING\nUSE tenant=lingang\n" + .disburse("a") + "WHOAMI\n")
            client.endInput()
            let lines = await client.rest().split(separator: "\r\n")
            #expect(lines.count == 4)
            #expect(
                lines.last
                    == "+{\"principal\":\"operator\",\"role\":\"operator\",\"tenant\":null,\"schemes\":null,\"using\":\"lingang\"}"
            )
        }
    }

    @Test func aSlowReaderSlowsOnlyItself() async throws {
        try await withServer { path, books in
            books.state.withLock { $0.journals["lingang"] = (1...5_000).map { "key-\($0)" } }
            let slow = try TestClient(unixPath: path)
            let ask = String(repeating: "JOURNAL tenant=lingang limit=5000\r\n", count: 100)
            async let sent: Void = slow.send(ask)
            let quick = try TestClient(unixPath: path)
            for _ in 1...20 {
                await quick.send("PING\r\n")
                #expect(await quick.lines(1) == ["+PONG"])
            }
            await sent
            slow.endInput()
            let replies = await slow.rest().split(separator: "\r\n")
            #expect(replies.count == 100)
            #expect(replies.allSatisfy { $0.hasSuffix("\"key-5000\"]}") })
        }
    }

    @Test func badInputHarmsNobody() async throws {
        try await withServer { path, _ in
            let client = try TestClient(unixPath: path)
            await client.send("NONSENSE\r\nDISBURSE tenant=\r\n\"\r\n\r\nPING\r\n")
            let lines = await client.lines(4)
            #expect(
                lines.map { $0.prefix { $0 != " " } }.prefix(3) == [
                    "-UNKNOWN_COMMAND", "-MISSING_ARGUMENT", "-BAD_REQUEST",
                ])
            #expect(lines.last == "+PONG")
            await client.send(String(repeating: "x", count: 70_000) + "\r\nPING\r\n")
            let after = await client.lines(2)
            #expect(after.first?.hasPrefix("-BAD_REQUEST ") == true)
            #expect(after.last == "+PONG")

            let browser = try TestClient(unixPath: path)
            await browser.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let farewell = await browser.rest()
            #expect(farewell.hasPrefix("-BAD_REQUEST ") && farewell.split(separator: "\r\n").count == 1)

            let broken = try TestClient(unixPath: path)
            await broken.send("*1\r\n:5\r\nPING\r\n")
            #expect(await broken.rest().hasPrefix("-BAD_REQUEST "))
            let other = try TestClient(unixPath: path)
            await other.send("PING\r\n")
            #expect(await other.lines(1) == ["+PONG"])
        }
    }

    @Test func redisClientsAreGreeted() async throws {
        try await withServer { path, _ in
            let client = try TestClient(unixPath: path)
            await client.send("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n")
            #expect(await client.lines(1) == ["%7"])
            await client.send("QUIT\r\nPING\r\n")
            #expect(await client.rest().hasSuffix("+OK\r\n"))
        }
    }

    @Test func oneConnectionTooManyIsToldSo() async throws {
        var limits = Limits()
        limits.connections = 2
        try await withServer(limits: limits) { path, _ in
            let first = try TestClient(unixPath: path)
            let second = try TestClient(unixPath: path)
            for client in [first, second] {
                await client.send("PING\r\n")
                #expect(await client.lines(1) == ["+PONG"])
            }
            let third = try TestClient(unixPath: path)
            await third.send("PING\r\n")
            #expect(await third.rest().hasPrefix("-OVERLOADED {\"message\":\"there are 2 connections"))
            await first.send("PING\r\n")
            #expect(await first.lines(1) == ["+PONG"])
        }
    }

    @Test func aVoucherIsPostedWholeOrNotAtAll() async throws {
        try await withServer { path, books in
            let client = try TestClient(unixPath: path)
            await client.send("MULTI\r\n" + .disburse("a") + .disburse("b") + "EXEC\r\n")
            let posted = await client.lines(6)
            #expect(posted.prefix(4) == ["+OK", "+QUEUED", "+QUEUED", "*2"])
            #expect(posted.last?.contains("\"seq\":2,") == true)
            await client.send("MULTI\r\n" + .disburse("c") + .disburse("bad") + "EXEC\r\n")
            let refused = await client.lines(4)
            #expect(refused.last?.hasPrefix("-EXECABORT ") == true)
            #expect(refused.last?.contains("\"index\":1,\"code\":\"CAP_EXCEEDED\"") == true)
            #expect(books.keys("lingang") == ["a", "b"])
        }
    }

    @Test func aJournalHoldsItsReplyUntilThereIsAnEntry() async throws {
        var limits = Limits()
        limits.waitInterval = .seconds(50)
        try await withServer(limits: limits) { path, _ in
            let follower = try TestClient(unixPath: path)
            let poster = try TestClient(unixPath: path)
            await follower.send("JOURNAL tenant=lingang wait=30s\r\nPING\r\n")
            await poster.send(.disburse("other", tenant: "zhangjiang") + .disburse("a"))
            #expect(await poster.lines(2).count == 2)
            #expect(await follower.lines(2) == ["+{\"entries\":[\"a\"]}", "+PONG"])
        }
    }

    @Test func aJournalNoticesWhatAnotherDaemonPosts() async throws {
        var limits = Limits()
        limits.waitInterval = .milliseconds(5)
        try await withServer(limits: limits) { path, books in
            let follower = try TestClient(unixPath: path)
            await follower.send("JOURNAL tenant=lingang wait=30s\r\n")
            books.state.withLock { $0.journals["lingang"] = ["elsewhere"] }
            #expect(await follower.lines(1) == ["+{\"entries\":[\"elsewhere\"]}"])
        }
    }

    @Test func theEndOfTheDaemonEndsTheWaiting() async throws {
        let follower = OptionalClient()
        try await withServer { path, _ in
            let client = try TestClient(unixPath: path)
            await client.send("PING\r\nJOURNAL tenant=lingang wait=60s\r\n")
            #expect(await client.lines(1) == ["+PONG"])
            follower.set(client)
        }
        // What was read was answered before the connection was closed.
        #expect(await follower.take()?.rest() == "+{\"entries\":[]}\r\n")
    }

    @Test func whoGoesAwayIsNotWaitedFor() async throws {
        var limits = Limits()
        limits.waitInterval = .milliseconds(5)
        try await withServer(limits: limits) { path, _ in
            let follower = try TestClient(unixPath: path)
            await follower.send("PING\r\nJOURNAL tenant=lingang wait=60s\r\n")
            #expect(await follower.lines(1) == ["+PONG"])
            follower.closeNow()
            let other = try TestClient(unixPath: path)
            var status = ""
            repeat {
                await other.send("STATUS\r\n")
                status = await other.lines(1).first ?? "\"connections\":1,"
            } while !status.contains("\"connections\":1,")
            #expect(status.hasPrefix("+{"))
        }
    }

    @Test func theLossOfTheDatabaseIsAnswered() async throws {
        var limits = Limits()
        limits.outagePatience = .milliseconds(30)
        limits.longestPause = .milliseconds(20)
        try await withServer(limits: limits) { path, books in
            let client = try TestClient(unixPath: path)
            await client.send(.disburse("a"))
            #expect(await client.lines(1).count == 1)
            books.state.withLock { $0.isAway = true }
            await client.send(.disburse("b") + "AWARD tenant=lingang award=A\r\nSTATUS\r\n")
            let lines = await client.lines(3)
            #expect(lines.prefix(2).allSatisfy { $0.hasPrefix("-UNAVAILABLE ") })
            #expect(lines.last?.contains("\"database\":\"unreachable\"") == true)
            books.state.withLock { $0.isAway = false }
            await client.send(.disburse("b") + "STATUS\r\n")
            let back = await client.lines(2)
            #expect(back.first?.contains("\"seq\":2,") == true)
            #expect(back.last?.contains("\"database\":\"ok\"") == true)
        }
    }

    @Test func aFullQueueSaysSo() async throws {
        var limits = Limits()
        limits.requestsPerGroup = 4
        limits.writeQueueLength = 5
        limits.voucherLength = 5
        try await withServer(limits: limits) { path, books in
            let client = try TestClient(unixPath: path)
            await client.send(.disburse("a"))
            #expect(await client.lines(1).count == 1)
            books.door.shut()
            let crowd = try (0..<6).map { _ in try TestClient(unixPath: path) }
            for (index, other) in crowd.enumerated() {
                await other.send((0..<2).map { .disburse("k\(index)-\($0)") }.joined())
            }
            // While nothing is posted, only who finds no room is answered; and of six pairs at most four find some.
            let first = await withTaskGroup { group in
                for other in crowd { group.addTask { await other.lines(2) } }
                let first = await group.next()
                books.door.open()
                return first
            }
            #expect(first?.count == 2)
            #expect(first?.allSatisfy { $0.hasPrefix("-OVERLOADED ") } == true)
        }
    }
}
