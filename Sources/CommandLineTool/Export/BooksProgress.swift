import Foundation

/// Tells on standard error how far books are that take more than two seconds: every two seconds, on a terminal in a bar
/// that is drawn over.
struct BooksProgress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private var stage = ""
    private var begin: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant
    private var isLineStanding = false

    init() {
        begin = clock.now
        lastShown = begin
    }

    /// Called as often as one likes, with how many of `things` are done; shows them only when it is time.
    mutating func update(_ count: Int64, of whole: Int64, _ things: String) {
        let now = clock.now
        if things != stage { (stage, begin) = (things, now) }
        guard lastShown.duration(to: now) >= (isLineStanding ? .milliseconds(100) : .seconds(2)) else { return }
        lastShown = now
        isLineStanding = isTerminal
        let rate = count / max(1, begin.duration(to: now).components.seconds)
        let percent = whole > 0 ? Int(min(100, count * 100 / whole)) : 100
        let text = "\(percent) %  \(count) of \(whole) \(things), \(rate) a second"
        Terminal.writeError(isTerminal ? "\r\u{1B}[K\(ImportProgress.bar(percent)) \(text)" : "\(text)\n")
    }

    /// Clears the line.
    mutating func finish() {
        if isLineStanding { Terminal.writeError("\r\u{1B}[K") }
        isLineStanding = false
    }
}
