import Dispatch
import Synchronization

/// What gathers jobs into batches: ``BatchQueue`` and ``QueryQueue``.
protocol BatchSource: Sendable {
    associatedtype Job: Sendable
    associatedtype Batch: Sendable
    var isEmpty: Bool { get }
    /// Whether there is a next batch.
    var isReady: Bool { get }
    mutating func next() -> Batch?
    /// What waits behind the batch may be taken where that is worth while.
    mutating func letFollow(_ batch: Batch)
    mutating func complete(_ batch: Batch)
    mutating func removeAll() -> [Job]
    static func jobs(of batch: Batch) -> [Job]
}

extension BatchQueue: BatchSource {
    package mutating func letFollow(_ batch: Batch) { letFollow(batch.lane, behind: batch.size) }
    package mutating func complete(_ batch: Batch) { complete(batch.lane) }
    package static func jobs(of batch: Batch) -> [Job] { batch.jobs }
}

extension QueryQueue: BatchSource {
    package mutating func letFollow(_ batch: Batch) {}
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
        /// Threads that found nothing to do. The one that worked last is called first: what it needs is still in the
        /// processor's caches, and in those of its connection's server.
        var sleeping: [DispatchSemaphore] = []
    }

    private let state: Mutex<State>

    init(_ queue: Queue) {
        state = Mutex(State(queue: queue))
    }

    /// `enter` answers whether there was room.
    func put(_ enter: (inout Queue) -> Bool) -> Entry {
        let (entry, isReady): (Entry, Bool) = state.withLock { state in
            guard !state.isClosed else { return (.closed, false) }
            guard enter(&state.queue) else { return (.full, false) }
            return (.accepted, state.queue.isReady)
        }
        if isReady { wakeOne() }
        return entry
    }

    func read<Value: Sendable>(_ value: (Queue) -> Value) -> Value { state.withLock { value($0.queue) } }

    /// Hands batches to `body` on the calling thread, until the bench is closed and nothing waits any more. What waits
    /// behind a batch waits until the body returns, or, where enough of it has gathered, calls `letFollow`. Nobody
    /// waits for what is done `afterwards`.
    func serve(
        _ body: (Queue.Batch, _ letFollow: @escaping @Sendable () -> Void) -> Void, afterwards: () -> Void = {}
    ) {
        let wakeUp = DispatchSemaphore(value: 0)
        while let (number, batch) = take(wakeUp) {
            body(batch) { [self] in change { if $0.inHand[number] != nil { $0.queue.letFollow(batch) } } }
            change { state in
                state.queue.complete(batch)
                state.inHand[number] = nil
            }
            afterwards()
        }
        // Whoever sleeps beside this thread is to learn of the end too.
        wakeAll()
    }

    /// What waits is still served; nothing more is accepted.
    func close() {
        state.withLock { $0.isClosed = true }
        wakeAll()
    }

    /// Accepts nothing more and serves nothing more: what waited is taken out, and what threads are at is told beside
    /// it, so that nobody has to wait for them.
    func giveUp() -> (waiting: [Queue.Job], inHand: [Queue.Job]) {
        let left = state.withLock { state in
            state.isClosed = true
            return (state.queue.removeAll(), state.inHand.values.flatMap(Queue.jobs))
        }
        wakeAll()
        return left
    }

    /// Wakes somebody where there is something to take now.
    private func change(_ body: (inout State) -> Void) {
        let isReady = state.withLock { state in
            body(&state)
            return state.queue.isReady
        }
        if isReady { wakeOne() }
    }

    private func wakeOne() { state.withLock { $0.sleeping.popLast() }?.signal() }

    private func wakeAll() {
        let sleeping = state.withLock { state in
            defer { state.sleeping = [] }
            return state.sleeping
        }
        for thread in sleeping { thread.signal() }
    }

    /// The next batch; nil where the bench is closed and nothing waits any more. The calling thread sleeps on `wakeUp`.
    private func take(_ wakeUp: DispatchSemaphore) -> (number: Int, batch: Queue.Batch)? {
        while true {
            let (taken, isOver) = state.withLock { state in
                let taken = state.queue.next().map { batch in
                    state.lastTaken += 1
                    state.inHand[state.lastTaken] = batch
                    return (state.lastTaken, batch)
                }
                let isOver = state.isClosed && state.queue.isEmpty
                if taken == nil, !isOver { state.sleeping.append(wakeUp) }
                return (taken, isOver)
            }
            if let taken { return taken }
            if isOver { return nil }
            wakeUp.wait()
        }
    }
}
