import BookExport
import LineProtocol
import NIOCore

/// Follows a journal over as many connections as it takes.
struct Follower {
    private static let pageLength = 1_000

    let daemon: Daemon
    private var sink: FollowSink
    /// Whether the journal's end is the end.
    let isOnce: Bool
    /// Told what goes wrong and right again.
    let note: (String) -> Void
    private var backoff = Backoff()
    private var isCutOff = false

    init(daemon: Daemon, sink: FollowSink, isOnce: Bool, note: @escaping (String) -> Void) {
        self.daemon = daemon
        self.sink = sink
        self.isOnce = isOnce
        self.note = note
    }

    /// Returns when the task is cancelled, or at the journal's end where that is the end. Throws what trying again does
    /// not mend.
    mutating func run() async throws {
        while !Task.isCancelled {
            do {
                try await DaemonConnection.with(daemon) { connection in try await follow(over: &connection) }
                return
            } catch {
                if Task.isCancelled { return }
                guard let reason = outage(error) else { throw error }
                guard !isOnce else { throw ended(error) }
                if !isCutOff { note("the daemon at \(daemon.address) does not answer: \(reason); trying again") }
                isCutOff = true
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    private mutating func follow(over connection: inout DaemonConnection) async throws {
        let place = sink.place
        if place.sequence > 0 {
            let request = "JOURNAL tenant=\(place.tenant) after=\(place.sequence - 1) limit=1"
            try place.check(entries(of: await connection.answer(request)).first)
        }
        let wait = isOnce ? "" : " wait=30s"
        while !Task.isCancelled {
            let place = sink.place
            let request = "JOURNAL tenant=\(place.tenant) after=\(place.sequence) limit=\(Self.pageLength)"
            // The first answer comes at once, so that it is known that the daemon answers again.
            let page = try await entries(of: connection.answer(request + (isCutOff ? "" : wait)))
            if isCutOff { note("the daemon at \(daemon.address) answers again") }
            isCutOff = false
            backoff = Backoff()
            if !page.isEmpty {
                try sink.pass(on: page)
            } else if isOnce {
                return
            }
        }
    }

    private func entries(of reply: Reply) throws -> [JSONText] {
        if let refusal = RefusedByDaemon(reply) { throw refusal }
        guard case .list(let entries)? = reply["entries"] else {
            throw Unexportable("the daemon's reply has no list of entries")
        }
        return entries
    }

    /// Why there is no daemon for now; nil where the error is another one.
    private func outage(_ error: any Error) -> String? {
        switch error {
        case let loss as ConnectionLost: loss.reason
        case let unreachable as Unreachable: unreachable.reason
        case let refusal as RefusedByDaemon where refusal.isTemporary: refusal.description
        case is IOError, is ChannelError: ConnectionFailure.text(of: error)
        default: nil
        }
    }

    /// How an outage ends a run that does not try again.
    private func ended(_ error: any Error) -> any Error {
        guard let loss = error as? ConnectionLost else { return error }
        return Unanswered(
            address: daemon.address, reason: loss.reason, remedy: "Start it again: it goes on where it stopped.")
    }
}

/// How long to wait before a daemon is tried again: twice as long each time, up to ten seconds.
struct Backoff {
    private var milliseconds = 100

    /// Between half of it and all, so that many followers do not come at once.
    mutating func next() -> Duration {
        defer { milliseconds = min(10_000, milliseconds * 2) }
        return .milliseconds(Int.random(in: (milliseconds / 2)...milliseconds))
    }
}
