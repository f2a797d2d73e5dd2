import Foundation

/// Tells on standard error how far something is that takes more than two seconds: every two seconds, on a terminal in
/// one line that is written over.
struct LongRun {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant
    private var hasShown = false

    init() {
        begin = clock.now
        lastShown = begin
    }

    /// Called as often as one likes, with how many of `things` are done; shows them only when it is time.
    mutating func update(_ count: Int64, _ things: String) {
        let now = clock.now
        let isLineStanding = isTerminal && hasShown
        guard lastShown.duration(to: now) >= (isLineStanding ? .milliseconds(100) : .seconds(2)) else { return }
        (lastShown, hasShown) = (now, true)
        let rate = count / max(1, begin.duration(to: now).components.seconds)
        let text = "\(count) \(things), \(rate) a second"
        Terminal.writeError(isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n")
    }

    /// Clears the line.
    func finish() {
        if isTerminal, hasShown { Terminal.writeError("\r\u{1B}[K") }
    }
}
