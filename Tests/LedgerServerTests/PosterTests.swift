import LedgerCore
import LedgerServer
import Logging
import Synchronization
import Testing

/// Time that passes only where somebody sleeps.
final class FakeTime: Timekeeper {
    private let passed = Mutex(Duration.zero)
    let onSleep: @Sendable (Duration) -> Void

    init(onSleep: @escaping @Sendable (Duration) -> Void = { _ in }) { self.onSleep = onSleep }

    var moment: Moment { Moment(microseconds: 0) }
    var elapsed: Duration { passed.withLock(\.self) }

    func sleep(for duration: Duration) {
        passed.withLock { $0 += duration }
        onSleep(elapsed)
    }
}

@Suite struct PosterTests {
    let books = FakeBooks()

    private func poster(_ time: FakeTime = FakeTime()) -> Poster<FakeWriter> {
        Poster(FakeWriter(books: books), time: time, limits: Limits(), logger: Logger(label: "test"))
    }

    private func batch(_ keys: [String]) throws -> BatchQueue<Int>.Batch {
        var queue = BatchQueue<Int>(limits: Limits())
        let jobs = keys.enumerated().map { BatchQueue<Int>.Job(.work(.single(posting($0.element))), $0.offset) }
        let hadRoom = queue.enqueue(jobs, lane: .root(1))
        let batch = queue.next()
        #expect(hadRoom)
        return try #require(batch)
    }

    private func codes(_ verdicts: [Verdict]) -> [String] {
        verdicts.map { verdict in
            guard case .one(let outcome) = verdict else { return "\(verdict)" }
            switch outcome {
            case .posted(let receipt): return receipt.isReplay ? "replayed" : "posted"
            case .answered: return "answered"
            case .refused(let refusal): return refusal.code.name
            }
        }
    }

    @Test func aBatchIsOneCommit() throws {
        var poster = poster()
        #expect(codes(poster.post(try batch(["a", "bad", "b"]))) == ["posted", "CAP_EXCEEDED", "posted"])
        #expect(books.state.withLock(\.commits) == 1)
    }

    @Test(arguments: [FakeBooks.Fault.lostBefore, .lostAfterCommit, .lostWithoutCommit])
    func aLostConnectionIsNobodysConcern(fault: FakeBooks.Fault) throws {
        books.state.withLock { $0.faults = [fault, fault, nil] }
        var poster = poster()
        #expect(codes(poster.post(try batch(["a", "b"]))) == ["posted", "posted"])
        #expect(books.keys("lingang") == ["a", "b"])
        #expect(books.state.withLock(\.commits) == 1)
    }

    @Test func anUnknownOutcomeIsRememberedThroughTheOutageThatFollows() throws {
        books.state.withLock { $0.faults = [.lostAfterCommit, .lostBefore, nil] }
        var poster = poster()
        #expect(codes(poster.post(try batch(["a"]))) == ["posted"])
        #expect(books.state.withLock(\.commits) == 1)
    }

    @Test func theGuardStopsOnlyWhatItRefuses() throws {
        books.state.withLock { $0.guarded = ["c", "f"] }
        var poster = poster()
        let verdicts = codes(poster.post(try batch(["a", "b", "c", "d", "e", "f", "g"])))
        #expect(verdicts == ["posted", "posted", "UNAVAILABLE", "posted", "posted", "UNAVAILABLE", "posted"])
        #expect(books.keys("lingang") == ["a", "b", "d", "e", "g"])
    }

    @Test func anOutageEndsTheWaitButNotTheDaemon() throws {
        books.state.withLock { $0.isAway = true }
        let time = FakeTime()
        var poster = poster(time)
        #expect(codes(poster.post(try batch(["a", "b"]))) == ["UNAVAILABLE", "UNAVAILABLE"])
        let waited = time.elapsed
        #expect(waited > .seconds(4) && waited <= Limits().outagePatience)
        // Who comes later is not made to wait for what is known.
        #expect(codes(poster.post(try batch(["c"]))) == ["UNAVAILABLE"])
        #expect(time.elapsed == waited)
        books.state.withLock { $0.isAway = false }
        #expect(codes(poster.post(try batch(["a"]))) == ["posted"])
        #expect(books.keys("lingang") == ["a"])
    }

    @Test func aShortOutageIsWaitedOut() throws {
        books.state.withLock { $0.isAway = true }
        let books = books
        let time = FakeTime { elapsed in
            if elapsed > .seconds(2) { books.state.withLock { $0.isAway = false } }
        }
        var poster = poster(time)
        #expect(codes(poster.post(try batch(["a"]))) == ["posted"])
    }

    @Test func whatMayHaveBeenPostedIsNotSaidToBeNot() throws {
        let books = books
        books.state.withLock { $0.faults = [.lostAfterCommit] }
        let time = FakeTime { _ in books.state.withLock { $0.isAway = true } }
        var poster = poster(time)
        guard case .one(.refused(let refusal)) = poster.post(try batch(["a"]))[0] else {
            Issue.record("it was answered")
            return
        }
        #expect(refusal.code == .unavailable)
        #expect(!refusal.message.contains("nothing was posted"))
        #expect(books.keys("lingang") == ["a"])
    }
}
