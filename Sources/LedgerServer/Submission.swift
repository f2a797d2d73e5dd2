import LedgerCore
import Synchronization

/// A question that a connection has handed over; only its first answer counts.
final class Asking: Sendable {
    private let continuation: Mutex<CheckedContinuation<Result<ReadAnswer, Refusal>, Never>?>

    init(_ continuation: CheckedContinuation<Result<ReadAnswer, Refusal>, Never>) {
        self.continuation = Mutex(continuation)
    }

    func answer(_ answer: Result<ReadAnswer, Refusal>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(returning: answer)
    }
}

/// Jobs that a connection has handed over together, until all of them are answered.
///
/// They may be answered in several batches, by several threads.
final class Submission: Sendable {
    private struct State {
        var verdicts: [Verdict?]
        var open: Int
        /// Who wants to know, until it is told.
        var waiting: [@Sendable () -> Void]
    }

    private let state: Mutex<State>

    /// `whenDone` is called once, on any thread, when all is answered.
    init(count: Int, whenDone: (@Sendable () -> Void)? = nil) {
        state = Mutex(
            State(verdicts: Array(repeating: nil, count: count), open: count, waiting: whenDone.map { [$0] } ?? []))
    }

    var isDone: Bool { state.withLock { $0.open == 0 } }

    /// In the jobs' order, once all of them are answered.
    func verdicts() async -> [Verdict] {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.open > 0 { state.waiting.append { continuation.resume() } }
                return state.open == 0
            }
            if isDone { continuation.resume() }
        }
        return verdictsSoFar
    }

    /// In the jobs' order; once all of them are answered, all.
    var verdictsSoFar: [Verdict] { state.withLock { $0.verdicts.compactMap(\.self) } }

    /// Only a job's first verdict counts. Answers whether nothing is open any more; then ``tell()`` is due.
    func settle(_ index: Int, _ verdict: Verdict) -> Bool {
        state.withLock { state in
            guard state.verdicts[index] == nil else { return false }
            state.verdicts[index] = verdict
            state.open -= 1
            return state.open == 0
        }
    }

    /// Tells whoever waits that all is answered.
    func tell() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for call in waiting { call() }
    }

    func answer(_ index: Int, _ verdict: Verdict) { if settle(index, verdict) { tell() } }
}
