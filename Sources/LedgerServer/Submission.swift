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
        var continuation: CheckedContinuation<[Verdict], Never>?
    }

    private let state: Mutex<State>

    init(count: Int, continuation: CheckedContinuation<[Verdict], Never>) {
        state = Mutex(State(verdicts: Array(repeating: nil, count: count), open: count, continuation: continuation))
    }

    func answer(_ index: Int, _ verdict: Verdict) {
        let done: (CheckedContinuation<[Verdict], Never>, [Verdict])? = state.withLock { state in
            guard state.verdicts[index] == nil else { return nil }
            state.verdicts[index] = verdict
            state.open -= 1
            guard state.open == 0, let continuation = state.continuation else { return nil }
            state.continuation = nil
            return (continuation, state.verdicts.compactMap(\.self))
        }
        if let (continuation, verdicts) = done { continuation.resume(returning: verdicts) }
    }
}
