import LedgerCore
import LedgerServer
import Testing

/// One tenant's burst holds up another's single request no longer than a batch or two.
@Suite struct FairTurnsTests {
    private func put(
        _ count: Int, of tenant: String, into queue: inout BatchQueue<String>, fits: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let jobs = (0..<count).map { number in
            BatchQueue.Job(.work(.single(posting("\(tenant)-\(number)", tenant: tenant))), "\(tenant)-\(number)")
        }
        let hasRoom = queue.enqueue(jobs, lane: .root(1))
        #expect(hasRoom == fits, sourceLocation: sourceLocation)
    }

    @Test func aBurstOfPostingsLetsOthersIn() throws {
        var limits = Limits()
        limits.batchLength = 80
        var queue = BatchQueue<String>(limits: limits)
        for number in 0..<50 { put(100, of: "loud\(number % 2)", into: &queue) }
        put(1, of: "calm", into: &queue)
        let next = queue.next()
        let batch = try #require(next)
        #expect(batch.jobs.count == 80 && batch.jobs.contains { $0.ticket == "calm-0" })
        // Each tenant's own keep their order.
        let loud = batch.jobs.map(\.ticket).filter { $0.hasPrefix("loud0") }
        #expect(loud == (0..<loud.count).map { "loud0-\($0)" })
    }

    @Test func noTenantFillsTheQueueAlone() {
        var limits = Limits()
        limits.writeQueueLengthOfTenant = 150
        var queue = BatchQueue<String>(limits: limits)
        put(150, of: "loud", into: &queue)
        put(1, of: "loud", into: &queue, fits: false)
        put(1, of: "calm", into: &queue)
        #expect(queue.count == 151)
        let removed = queue.removeAll().count
        #expect(removed == 151 && queue.isEmpty)
        put(150, of: "loud", into: &queue)
    }

    @Test func aBurstOfQueriesLetsOthersIn() throws {
        var limits = Limits()
        limits.readQueueLengthOfTenant = 40_000
        limits.readQueueLength = 60_000
        var queue = QueryQueue<Int>(limits: limits)
        func put(_ count: Int, of tenant: String, fits: Bool = true) {
            let queries = (0..<count).map { _ in Query(tenant: tenant, question: .award("A")) }
            let hasRoom = queue.enqueue(QueryQueue.Job(.queries(queries), count))
            #expect(hasRoom == fits)
        }
        for _ in 0..<400 { put(100, of: "loud") }
        put(1, of: "loud", fits: false)
        put(1, of: "calm")
        let next = queue.next()
        let batch = try #require(next)
        #expect(batch.jobs.contains { $0.ticket == 1 })
    }

    private final class Ticket: Sendable {}

    /// A line that is never empty must not keep what it was served long ago.
    @Test func whatWasServedIsThrownAway() {
        var limits = Limits()
        limits.batchLength = 1_000
        var queue = BatchQueue<Ticket>(limits: limits)
        var tickets: [() -> Ticket?] = []
        func put() {
            let jobs = (0..<1_000).map { BatchQueue.Job(.work(.single(posting("k\($0)"))), Ticket()) }
            for job in jobs { tickets.append { [weak ticket = job.ticket] in ticket } }
            let hasRoom = queue.enqueue(jobs, lane: .root(1))
            #expect(hasRoom)
        }
        put()
        for _ in 0..<40 {
            put()
            let batch = queue.next()
            #expect(batch?.jobs.count == 1_000)
            queue.complete(.root(1))
        }
        #expect(tickets.count == 41_000)
        #expect(tickets.count { $0() != nil } < 10_000)
    }
}
