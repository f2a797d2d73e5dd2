import LedgerCore
import LineProtocol

/// Requests of a connection whose postings are under way, while it reads on.
struct HandedOver: Sendable {
    let requests: [Decoded]
    /// nil where a verdict is to come.
    let replies: [Reply?]
    /// Of each posting, among the requests.
    let places: [Int]
    let lanes: [Lane]
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
