/// The rows of an import between the file and their replies.
///
///     file -> waiting -> in flight -> answered
///                ^___________| not answered, or to be sent again
///
/// Rows wait only where they were in flight before, so that no more than `limit` rows are held.
struct ImportQueue {
    let limit: Int
    private var waiting: ArraySlice<ImportRow> = []
    private var inFlight: ArraySlice<ImportRow> = []
    /// Answered with "send it again"; they go back when nothing is in flight any more.
    private var again: [ImportRow] = []
    /// The latest row in flight of each award.
    private var latest: [String: ImportRow] = [:]

    init(limit: Int) { self.limit = limit }

    var isIdle: Bool { inFlight.isEmpty }
    var hasRowsToSendAgain: Bool { !again.isEmpty }

    /// The first row whose fate is not known yet; nil where there is none.
    var firstUnsettledLine: Int? { [again.first, inFlight.first, waiting.first].compactMap { $0?.line }.min() }

    /// A row of the file is wanted: none waits, and one more may be in flight.
    var wantsRow: Bool { waiting.isEmpty && again.isEmpty && inFlight.count < limit }

    mutating func add(_ row: ImportRow) { waiting.append(row) }

    /// The next row to send, now in flight; nil while it must wait for a reply, or where none waits.
    mutating func next() -> ImportRow? {
        guard again.isEmpty, inFlight.count < limit, let row = waiting.first, mayFly(row) else { return nil }
        waiting.removeFirst()
        inFlight.append(row)
        if let award = row.award { latest[award] = row }
        return row
    }

    private func mayFly(_ row: ImportRow) -> Bool {
        guard let last = inFlight.last else { return true }
        guard let award = row.award, let sameAward = latest[award] else { return row.verb == last.verb }
        return row.commutes(with: sameAward)
    }

    /// The row that the next reply belongs to; nil where a reply came that nobody waits for.
    mutating func answered() -> ImportRow? {
        let row = inFlight.popFirst()
        if let row, let award = row.award, latest[award]?.line == row.line { latest[award] = nil }
        return row
    }

    mutating func sendAgain(_ row: ImportRow) { again.append(row) }

    /// Puts the rows to be sent again, and those that the lost connection left unanswered, before all others, in the
    /// order of the file.
    mutating func takeBack() {
        waiting = ArraySlice((again + inFlight).sorted { $0.line < $1.line }) + waiting
        again.removeAll()
        inFlight.removeAll()
        latest.removeAll(keepingCapacity: true)
    }
}
