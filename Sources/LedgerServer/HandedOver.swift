import LedgerCore
import LineProtocol

/// Requests of a connection whose postings are under way, while it reads on.
struct HandedOver: Sendable {
    let requests: [Decoded]
    /// Those that were read with them.
    let bytes: Int
    /// nil where a verdict is to come.
    let replies: [Reply?]
    /// Of each posting, among the requests.
    let places: [Int]
    /// The line in which those of each lane stand. Later ones of the lane stay behind them in the same line: the
    /// lines of a lane have their turns in an order of their own.
    let lines: [Lane: String]
    let submission: Submission
    /// As it was then; the log names who asked.
    let session: Session

    /// Once all is answered.
    func finished(with verdicts: [Verdict]) -> [Reply?] {
        var replies = replies
        for (place, verdict) in zip(places, verdicts) { replies[place] = .verdict(verdict) }
        return replies
    }
}
