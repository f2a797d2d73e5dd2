import LedgerCore
import NIOCore
import Synchronization

/// The connections that stand: how many there may be, and how they end with the daemon.
package final class Connections: Sendable {
    enum Admission {
        /// With the connection's number, counted from 1.
        case admitted(Int64)
        case full, ending
    }

    private struct Member {
        let channel: any Channel
        /// Who has signed in on it.
        var principal: String?
    }

    private struct State {
        var open: [ObjectIdentifier: Member] = [:]
        /// Connections of each principal.
        var counts: [String: Int] = [:]
        var last: Int64 = 0
        var isEnding = false

        mutating func leave(_ principal: String?) {
            guard let principal, let count = counts[principal] else { return }
            counts[principal] = count > 1 ? count - 1 : nil
        }
    }

    private let limit: Int
    private let limitOfPrincipal: Int
    private let state = Mutex(State())

    package init(limits: Limits) {
        limit = limits.connections
        limitOfPrincipal = limits.connectionsPerPrincipal
    }

    package var count: Int { state.withLock(\.open.count) }

    func admit(_ channel: any Channel) -> Admission {
        state.withLock { state in
            guard !state.isEnding else { return .ending }
            guard state.open.count < limit else { return .full }
            state.open[ObjectIdentifier(channel)] = Member(channel: channel)
            state.last += 1
            return .admitted(state.last)
        }
    }

    func remove(_ channel: any Channel) {
        state.withLock { state in
            state.leave(state.open.removeValue(forKey: ObjectIdentifier(channel))?.principal)
        }
    }

    /// Takes a connection for a principal's; answers why it may not be.
    func admit(_ channel: any Channel, as principal: String) -> Refusal? {
        state.withLock { state in
            let id = ObjectIdentifier(channel)
            guard state.open[id]?.principal != principal else { return nil }
            guard state.counts[principal, default: 0] < limitOfPrincipal else {
                return .tooManyConnections(limitOfPrincipal, of: principal)
            }
            state.leave(state.open[id]?.principal)
            state.open[id]?.principal = principal
            state.counts[principal, default: 0] += 1
            return nil
        }
    }

    /// Whether somebody has signed in on it.
    func isSignedIn(_ channel: any Channel) -> Bool {
        state.withLock { $0.open[ObjectIdentifier(channel)]?.principal != nil }
    }

    /// Admits nobody more and reads nothing more: what was read is answered, and then each connection closes.
    func drain() {
        for channel in end() {
            let isClosed = channel.eventLoop.makePromise(of: Void.self)
            isClosed.futureResult.whenFailure { _ in TransportSecurity.endInput(of: channel) }
            channel.close(mode: .input, promise: isClosed)
        }
    }

    func closeAll() {
        for channel in end() { channel.close(promise: nil) }
    }

    private func end() -> [any Channel] {
        state.withLock { state in
            state.isEnding = true
            return state.open.values.map(\.channel)
        }
    }
}

extension Refusal {
    static func tooManyConnections(_ limit: Int, of principal: String) -> Refusal {
        Refusal(
            .overloaded,
            "principal \"\(principal)\" has \(limit) connections already, which is the most; close some of them")
    }
}
