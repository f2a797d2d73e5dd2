import Dispatch
import Synchronization

/// A batch's place in its lane, behind the one before, which may still be on its way to the database.
///
/// Once a batch is decided, the next one may be decided over what it leaves behind, though it is not committed yet:
/// the database carries neither out unless it has carried out the one before. Where that went wrong, the batch behind
/// waits until the one before has been answered one way or another, so that their order holds.
package final class Turn: Sendable {
    private struct State {
        var before: Turn?
        var mayFollow: (@Sendable () -> Void)?
    }

    private let state: Mutex<State>
    private let lock = DispatchSemaphore(value: 0)
    private let end = DispatchSemaphore(value: 0)

    /// `mayFollow` is called once at most, when the next batch may be taken up.
    package init(after before: Turn? = nil, mayFollow: (@Sendable () -> Void)? = nil) {
        state = Mutex(State(before: before, mayFollow: mayFollow))
    }

    /// What this batch decides is known to whoever comes next.
    package func letFollow() {
        let mayFollow = state.withLock { state in
            defer { state.mayFollow = nil }
            return state.mayFollow
        }
        mayFollow?()
    }

    /// This batch holds the lock of its root: the database will carry out the next one behind it.
    package func holdLock() { lock.signal() }

    /// Blocks until the batch before holds the lock, or is answered.
    package func waitForLockOfBefore() {
        guard let before = state.withLock({ $0.before }) else { return }
        before.lock.wait()
        before.lock.signal()
    }

    /// Blocks until the batch before, if it is still under way, is answered.
    package func waitForBefore() {
        guard let before = state.withLock({ $0.before }) else { return }
        before.end.wait()
        // For whoever else waits.
        before.end.signal()
        state.withLock { $0.before = nil }
    }

    /// The batch is answered.
    package func finish() {
        state.withLock { $0 = State() }
        lock.signal()
        end.signal()
    }
}
