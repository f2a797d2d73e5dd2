import Dispatch
import Synchronization

/// What gathers jobs into batches: ``BatchQueue`` and ``QueryQueue``.
protocol BatchSource: Sendable {
    associatedtype Job: Sendable
    associatedtype Batch: Sendable
    var isEmpty: Bool { get }
    mutating func next() -> Batch?
    mutating func complete(_ batch: Batch)
    mutating func removeAll() -> [Job]
    static func jobs(of batch: Batch) -> [Job]
}

extension BatchQueue: BatchSource {
    package mutating func complete(_ batch: Batch) { complete(batch.lane) }
    package static func jobs(of batch: Batch) -> [Job] { batch.jobs }
}

extension QueryQueue: BatchSource {
    package static func jobs(of batch: Batch) -> [Job] { batch.jobs }
}

/// A queue between connections, which must never block, and threads, which may: who waits is a thread.
final class Bench<Queue: BatchSource>: Sendable {
    enum Entry {
        case accepted, full, closed
    }

    private struct State {
        var queue: Queue
        var isClosed = false
        /// Batches that threads are at, by the number under which each was taken.
        var inHand: [Int: Queue.Batch] = [:]
        var lastTaken = 0
    }

    private let state: Mutex<State>
    /// Signalled once for each entry, so that a thread that sleeps looks again; a surplus only makes it look in vain.
    private let news = DispatchSemaphore(value: 0)

    init(_ queue: Queue) {
        state = Mutex(State(queue: queue))
    }

    /// `enter` answers whether there was room.
    func put(_ enter: (inout Queue) -> Bool) -> Entry {
        let entry: Entry = state.withLock { state in
            guard !state.isClosed else { return .closed }
            return enter(&state.queue) ? .accepted : .full
        }
        if entry == .accepted { news.signal() }
        return entry
    }

    func read<Value: Sendable>(_ value: (Queue) -> Value) -> Value { state.withLock { value($0.queue) } }

    /// Hands batches to `body` on the calling thread, until the bench is closed and nothing waits any more.
    func serve(_ body: (Queue.Batch) -> Void) {
        while let (number, batch) = take() {
            body(batch)
            state.withLock { state in
                state.inHand[number] = nil
                state.queue.complete(batch)
            }
        }
        // Whoever sleeps beside this thread is to learn of the end too.
        news.signal()
    }

    /// What waits is still served; nothing more is accepted.
    func close() {
        state.withLock { $0.isClosed = true }
        news.signal()
    }

    /// Accepts nothing more and serves nothing more: what waited is taken out, and what threads are at is told beside
    /// it, so that nobody has to wait for them.
    func giveUp() -> (waiting: [Queue.Job], inHand: [Queue.Job]) {
        let left = state.withLock { state in
            state.isClosed = true
            return (state.queue.removeAll(), state.inHand.values.flatMap(Queue.jobs))
        }
        news.signal()
        return left
    }

    private func take() -> (number: Int, batch: Queue.Batch)? {
        while true {
            let (taken, isOver) = state.withLock { state in
                let taken = state.queue.next().map { batch in
                    state.lastTaken += 1
                    state.inHand[state.lastTaken] = batch
                    return (state.lastTaken, batch)
                }
                return (taken, state.isClosed && state.queue.isEmpty)
            }
            if let taken { return taken }
            if isOver { return nil }
            news.wait()
        }
    }
}
