import NIOCore
import Synchronization

/// The connections that stand: how many there may be, and how they end with the daemon.
package final class Connections: Sendable {
    enum Admission {
        /// With the connection's number, counted from 1.
        case admitted(Int64)
        case full, ending
    }

    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var last: Int64 = 0
        var isEnding = false
    }

    private let limit: Int
    private let state = Mutex(State())

    package init(limits: Limits) {
        limit = limits.connections
    }

    package var count: Int { state.withLock(\.open.count) }

    func admit(_ channel: any Channel) -> Admission {
        state.withLock { state in
            guard !state.isEnding else { return .ending }
            guard state.open.count < limit else { return .full }
            state.open[ObjectIdentifier(channel)] = channel
            state.last += 1
            return .admitted(state.last)
        }
    }

    func remove(_ channel: any Channel) {
        state.withLock { _ = $0.open.removeValue(forKey: ObjectIdentifier(channel)) }
    }

    /// Admits nobody more and reads nothing more: what was read is answered, and then each connection closes.
    func drain() {
        for channel in end() { channel.close(mode: .input, promise: nil) }
    }

    func closeAll() {
        for channel in end() { channel.close(promise: nil) }
    }

    private func end() -> [any Channel] {
        state.withLock { state in
            state.isEnding = true
            return Array(state.open.values)
        }
    }
}
