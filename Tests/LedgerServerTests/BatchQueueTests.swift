import LedgerCore
import LedgerServer
import Testing

@Suite struct BatchQueueTests {
    private func queue(batch: Int = 3, capacity: Int = 100) -> BatchQueue<Int> {
        var limits = Limits()
        limits.batchLength = batch
        limits.writeQueueLength = capacity
        return BatchQueue(limits: limits)
    }

    private func jobs(_ tickets: ClosedRange<Int>) -> [BatchQueue<Int>.Job] {
        tickets.map { BatchQueue<Int>.Job(.work(.single(posting("k\($0)"))), $0) }
    }

    private func voucher(_ size: Int, _ ticket: Int) -> BatchQueue<Int>.Job {
        BatchQueue<Int>.Job(.work(.group((0..<size).map { posting("v\($0)") })), ticket)
    }

    private func tickets(_ batch: BatchQueue<Int>.Batch?) -> [Int]? { batch?.jobs.map(\.ticket) }

    @Test func aLaneIsAnsweredInOrderAndNeverTwiceAtOnce() {
        var queue = queue()
        #expect((queue.enqueue(jobs(1...5), lane: .root(1))) == true)
        #expect(tickets(queue.next()) == [1, 2, 3])
        #expect(queue.count == 2)
        #expect(tickets(queue.next()) == nil)
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [4, 5])
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == nil)
        #expect(queue.isEmpty)
    }

    @Test func oneAloneWaitsForNobody() {
        var queue = queue()
        #expect((queue.enqueue(jobs(1...1), lane: .root(1))) == true)
        #expect(tickets(queue.next()) == [1])
    }

    @Test func lanesTakeTurns() {
        var queue = queue()
        #expect((queue.enqueue(jobs(1...6), lane: .root(1))) == true)
        #expect((queue.enqueue(jobs(7...9), lane: .root(2))) == true)
        #expect(tickets(queue.next()) == [1, 2, 3])
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [7, 8, 9])
        #expect(tickets(queue.next()) == [4, 5, 6])
    }

    /// A batch costs the database much by itself, so few commands are gathered and many need not wait.
    @Test func theNextFollowsEarlyWhereEnoughHasGathered() {
        var limits = Limits()
        limits.batchLength = 10
        limits.batchWorthOverlapping = 3
        var queue = BatchQueue<Int>(limits: limits)
        #expect((queue.enqueue(jobs(1...8), lane: .root(1))) == true)
        #expect(tickets(queue.next())?.count == 8)
        #expect((queue.enqueue(jobs(9...10), lane: .root(1))) == true)
        queue.letFollow(.root(1), behind: 8)
        #expect(tickets(queue.next()) == nil)
        #expect((queue.enqueue(jobs(11...11), lane: .root(1))) == true)
        #expect(tickets(queue.next()) == nil)
        #expect((queue.enqueue(jobs(12...12), lane: .root(1))) == true)
        #expect(tickets(queue.next()) == [9, 10, 11, 12])
        #expect((queue.enqueue(jobs(13...13), lane: .root(1))) == true)
        queue.complete(.root(1))
        // There is one before it that is not complete, and lets nobody follow yet.
        #expect(tickets(queue.next()) == nil)
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [13])
    }

    @Test func moreThanFitsIsTakenWholeOrNotAtAll() {
        var queue = queue(capacity: 4)
        #expect((queue.enqueue(jobs(1...3), lane: .root(1))) == true)
        #expect((!queue.enqueue(jobs(4...5), lane: .root(1))) == true)
        #expect((queue.enqueue(jobs(6...6), lane: .root(1))) == true)
        #expect(queue.count == 4)
        _ = queue.next()
        #expect((queue.enqueue(jobs(7...9), lane: .root(2))) == true)
    }

    @Test func aVoucherCountsAllItsCommandsAndIsNeverSplit() {
        var queue = queue(batch: 5)
        #expect((queue.enqueue(jobs(1...2) + [voucher(4, 3), voucher(9, 4)] + jobs(5...5), lane: .root(1))) == true)
        #expect(queue.count == 16)
        #expect(tickets(queue.next()) == [1, 2])
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [3])
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [4])
        queue.complete(.root(1))
        #expect(tickets(queue.next()) == [5])
    }

    @Test func aVoucherWithQueriesStandsAlone() {
        var queue = queue()
        let asking = BatchQueue<Int>.Job(
            .voucher([.command(posting("a")), .query(Query(tenant: "lingang", question: .check))]), 2)
        #expect((queue.enqueue(jobs(1...1) + [asking] + jobs(3...3), lane: .root(1))) == true)
        for expected in [[1], [2], [3]] {
            #expect(tickets(queue.next()) == expected)
            queue.complete(.root(1))
        }
    }

    @Test func heavyQueriesLeaveReadersToTheOthers() {
        var limits = Limits()
        limits.heavyReaders = 1
        limits.queriesPerBatch = 2
        var queue = QueryQueue<Int>(limits: limits)
        let check = Query(tenant: "lingang", question: .check)
        let award = Query(tenant: "lingang", question: .award("A"))
        for ticket in 1...2 { #expect((queue.enqueue(.init(.queries([check]), ticket))) == true) }
        for ticket in 3...5 { #expect((queue.enqueue(.init(.queries([award]), ticket))) == true) }
        let heavy = queue.next()
        #expect(heavy?.jobs.map(\.ticket) == [1])
        #expect(queue.next()?.jobs.map(\.ticket) == [3, 4])
        #expect(queue.next()?.jobs.map(\.ticket) == [5])
        #expect(queue.next()?.jobs.map(\.ticket) == nil)
        if let heavy { queue.complete(heavy) }
        #expect(queue.next()?.jobs.map(\.ticket) == [2])
        #expect(queue.isEmpty)
    }

    @Test func theLimitsAgree() {
        #expect(Limits().contradictions == [])
        var limits = Limits()
        limits.writeQueueLength = 10
        #expect(limits.contradictions.count == 2)
    }
}
