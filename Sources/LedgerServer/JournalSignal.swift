import Synchronization

/// Tells those who wait for a tenant's next entry that there is one.
///
/// It says so for what this daemon posts; ``wakeAll()``, now and then, makes them look for what others post.
final class JournalSignal: Sendable {
    private struct Waiter {
        let tenant: String
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var events: UInt64 = 0
        var lastEvent: [String: UInt64] = [:]
        var waiters: [UInt64: Waiter] = [:]
        var lastWaiter: UInt64 = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Where the signal stands: to be noted before looking, so that nothing posted while one looks is missed.
    var position: UInt64 { state.withLock(\.events) }

    var isClosed: Bool { state.withLock(\.isClosed) }

    /// Returns at the next event of the tenant after `position`, at the next ``wakeAll()``, and once it is closed.
    func wait(for tenant: String, after position: UInt64) async {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                guard !state.isClosed, state.lastEvent[tenant, default: 0] <= position else { return true }
                state.lastWaiter += 1
                state.waiters[state.lastWaiter] = Waiter(tenant: tenant, continuation: continuation)
                return false
            }
            if goesOn { continuation.resume() }
        }
    }

    func posted(by tenants: Set<String>) {
        wake { state in
            state.events += 1
            for tenant in tenants { state.lastEvent[tenant] = state.events }
            return state.waiters.filter { tenants.contains($0.value.tenant) }
        }
    }

    func wakeAll() {
        wake(\.waiters)
    }

    /// Nobody waits any more.
    func close() {
        wake { state in
            state.isClosed = true
            return state.waiters
        }
    }

    private func wake(_ choose: (inout State) -> [UInt64: Waiter]) {
        let woken = state.withLock { state in
            let woken = choose(&state)
            for waiter in woken.keys { state.waiters[waiter] = nil }
            return woken
        }
        for waiter in woken.values { waiter.continuation.resume() }
    }
}
