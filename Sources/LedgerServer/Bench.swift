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
        /// Those of them that others wait behind.
        var incomplete: Set<Int> = []
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

    /// Hands batches to `body` on the calling thread, until the bench is closed and nothing waits any more. What waits
    /// behind a batch waits until the body returns, or calls the function that it is given.
    func serve(_ body: (Queue.Batch, _ letFollow: @escaping @Sendable () -> Void) -> Void) {
        while let (number, batch) = take() {
            body(batch) { [self] in complete(number) }
            complete(number)
            state.withLock { $0.inHand[number] = nil }
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

    /// Lets others have what waits behind the batch; the first call counts.
    private func complete(_ number: Int) {
        let isWaitedFor = state.withLock { state in
            guard let batch = state.inHand[number], state.incomplete.remove(number) != nil else { return false }
            state.queue.complete(batch)
            return !state.queue.isEmpty
        }
        if isWaitedFor { news.signal() }
    }

    private func take() -> (number: Int, batch: Queue.Batch)? {
        while true {
            let (taken, isOver) = state.withLock { state in
                let taken = state.queue.next().map { batch in
                    state.lastTaken += 1
                    state.inHand[state.lastTaken] = batch
                    state.incomplete.insert(state.lastTaken)
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
