import Foundation

/// Shows on standard error how far an import is: a bar that is redrawn on a terminal, else a line every two seconds.
struct ImportProgress {
    private let isTerminal: Bool
    private let fileSize: Int?
    private let clock = ContinuousClock()
    private let begin: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant
    private let write: (String) -> Void

    /// `fileSize` in bytes; nil where it is not known.
    init(fileSize: Int?, isTerminal: Bool, write: @escaping (String) -> Void) {
        self.fileSize = fileSize
        self.isTerminal = isTerminal
        self.write = write
        begin = clock.now
        lastShown = begin
    }

    /// Called as often as one likes; shows something only when it is time.
    mutating func update(_ tally: ImportTally, bytesRead: Int) {
        let now = clock.now
        guard lastShown.duration(to: now) >= (isTerminal ? .milliseconds(100) : .seconds(2)) else { return }
        lastShown = now
        show(tally, bytesRead: bytesRead, at: now)
    }

    /// A sentence between the bars, such as a lost connection.
    mutating func note(_ text: String) {
        write((isTerminal ? "\r\u{1B}[K" : "") + text + "\n")
    }

    /// Clears the bar's line.
    mutating func finish() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func show(_ tally: ImportTally, bytesRead: Int, at now: ContinuousClock.Instant) {
        let seconds = max(1, begin.duration(to: now).components.seconds)
        let text = "\(tally.rows) rows, \(tally.rows / Int(seconds)) a second, \(tally.refused) refused"
        let percent = fileSize.map { $0 > 0 ? min(100, bytesRead * 100 / $0) : 100 }
        if isTerminal {
            write("\r\u{1B}[K" + (percent.map { "\(Self.bar($0)) \($0) %  " } ?? "") + text)
        } else {
            write((percent.map { "\($0) % of the file, " } ?? "") + text + "\n")
        }
    }

    static func bar(_ percent: Int) -> String {
        let width = 30
        let filled = percent * width / 100
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "]"
    }
}
