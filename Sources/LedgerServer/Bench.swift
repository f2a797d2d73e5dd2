import Dispatch
import Synchronization

/// What gathers jobs into batches: ``BatchQueue`` and ``QueryQueue``.
protocol BatchSource: Sendable {
    associatedtype Batch: Sendable
    var isEmpty: Bool { get }
    mutating func next() -> Batch?
    mutating func complete(_ batch: Batch)
}

extension BatchQueue: BatchSource {
    package mutating func complete(_ batch: Batch) { complete(batch.lane) }
}

extension QueryQueue: BatchSource {}

/// A queue between connections, which must never block, and threads, which may: who waits is a thread.
final class Bench<Queue: BatchSource>: Sendable {
    enum Entry {
        case accepted, full, closed
    }

    private struct State {
        var queue: Queue
        var isClosed = false
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
        while let batch = take() {
            body(batch)
            state.withLock { $0.queue.complete(batch) }
        }
        // Whoever sleeps beside this thread is to learn of the end too.
        news.signal()
    }

    /// What waits is still served; nothing more is accepted.
    func close() {
        state.withLock { $0.isClosed = true }
        news.signal()
    }

    private func take() -> Queue.Batch? {
        while true {
            let (batch, isOver) = state.withLock { ($0.queue.next(), $0.isClosed && $0.queue.isEmpty) }
            if let batch { return batch }
            if isOver { return nil }
            news.wait()
        }
    }
}
