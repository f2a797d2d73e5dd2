import LedgerCore

/// Answers to REMAINING that still stand: as long as nobody has changed the root's books, and the day is the same.
/// Whoever gives one out has read the root's stamp after the question came.
struct RememberedAnswers<Answer> {
    private struct OfRoot {
        let stamp: Int64
        let today: Day
        var answers: [Query: Answer] = [:]
    }

    /// Answers to all roots; some 6 MB where they are written as bytes.
    private static var capacity: Int { 8_192 }

    private var roots: [Int32: OfRoot] = [:]
    private var count = 0

    func answer(to query: Query, _ root: Int32) -> Answer? { roots[root]?.answers[query] }

    /// `roots.stamp` of the snapshot that the root's answers are from; nil where there is none.
    func stamp(of root: Int32) -> Int64? { roots[root]?.stamp }

    /// Where there are answers of the root, `stamp` is theirs.
    mutating func remember(_ answer: Answer, to query: Query, _ root: Int32, stamp: Int64, of today: Day) {
        if count >= Self.capacity { self = Self() }
        if roots[root, default: OfRoot(stamp: stamp, today: today)].answers.updateValue(answer, forKey: query) == nil {
            count += 1
        }
    }

    mutating func forget(_ root: Int32) { count -= roots.removeValue(forKey: root)?.answers.count ?? 0 }

    mutating func forget(_ root: Int32, unlessOf today: Day) {
        if let held = roots[root], held.today != today { forget(root) }
    }
}
