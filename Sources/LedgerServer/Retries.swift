import Logging

/// When to try again after the database was lost, and when to give up.
struct Retries {
    private let start: Duration
    private let longestPause: Duration
    private var patience: Duration
    private var pause: Duration
    /// The first failure of an outage is news; those that follow are not.
    private(set) var logLevel: Logger.Level

    /// While the database `isDown`, as an earlier request has found out, there is one try and no waiting.
    init(at now: Duration, isDown: Bool, limits: Limits) {
        start = now
        patience = isDown ? .zero : limits.outagePatience
        pause = limits.firstPause
        longestPause = limits.longestPause
        logLevel = isDown ? .debug : .warning
    }

    /// Something is at stake that is worth the whole patience.
    mutating func insist(_ limits: Limits) { patience = limits.outagePatience }

    /// How long to pause before the next try; nil to give up.
    mutating func next(at now: Duration) -> Duration? {
        logLevel = .debug
        guard now - start + pause <= patience else { return nil }
        defer { pause = min(pause * 2, longestPause) }
        return pause
    }
}
