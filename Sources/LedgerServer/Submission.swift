import LedgerCore
import Synchronization

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
