import LedgerCore
import LedgerServer
import Logging
import Testing

/// The daemon must end in time, however long the database takes over what it was asked.
@Suite struct GivingUpTests {
    @Test func whoWaitsIsAnsweredAtOnce() async throws {
        let books = FakeBooks()
        var limits = Limits()
        limits.batchLength = 1
        let ledger = Ledger(limits: limits, logger: Logger(label: "test"))
        try ledger.start(posting: { FakeWriter(books: books) }, answering: { FakeReader(books: books) })
        books.door.shut()
        async let verdicts = ledger.post(
            ["in hand", "behind it"].map { .work(.single(posting($0))) }, lane: .root(1))
        while ledger.queueLengths.writes != 1 { await Task.yield() }

        ledger.giveUp()
        let refusals = await verdicts.map { verdict -> Refusal? in
            if case .one(.refused(let refusal)) = verdict { refusal } else { nil }
        }
        #expect(refusals.map { $0?.code } == [.unavailable, .unavailable])
        #expect(refusals[0]?.message.contains("is not known") == true)
        #expect(refusals[1]?.message.contains("nothing was posted") == true)
        let later = await ledger.post([.work(.single(posting("later")))], lane: .root(1))
        #expect(later.count == 1)
        #expect(await ledger.answer([Query(tenant: "lingang", question: .check)]).first?.refusal?.code == .unavailable)

        // What was said of each is true.
        books.door.open()
        #expect(await ledger.stop())
        #expect(books.keys("lingang") == ["in hand"])
    }
}
