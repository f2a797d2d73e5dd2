import LedgerCore
import Testing

/// Use by day, held against something slower that looks at every day.
@Suite struct DatedTests {
    private static let base = Day(year: 2024, month: 2, day: 20)

    private func random(_ random: inout SeededGenerator, days: Int32, count: Int) -> [Dated] {
        var dated: [Dated] = []
        for _ in 0..<count {
            let day = Self.base.adding(days: Int32.random(in: 0..<days, using: &random))
            dated.add(Amount(fen: Int64.random(in: 1...9, using: &random)), on: day)
        }
        return dated
    }

    @Test func additionsKeepTheDaysInOrderAndDropZeros() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<500 {
            var dated: [Dated] = []
            var plain: [Day: Int64] = [:]
            for _ in 0..<30 {
                let day = Self.base.adding(days: Int32.random(in: 0..<6, using: &generator))
                let fen = Int64.random(in: 0...3, using: &generator)
                let change = Bool.random(using: &generator) ? fen : -min(fen, plain[day] ?? 0)
                dated.add(Amount(fen: change), on: day)
                plain[day, default: 0] += change
            }
            let wanted = plain.filter { $0.value != 0 }.sorted { $0.key < $1.key }
            #expect(dated == wanted.map { Dated(day: $0.key, amount: Amount(fen: $0.value)) })
        }
    }

    /// Every window is tried, whatever day it ends on.
    @Test func theHeaviestWindowIsFound() {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<400 {
            let months = Int.random(in: 1...3, using: &generator)
            let dated = random(&generator, days: 150, count: Int.random(in: 0...12, using: &generator))
            let days = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                Self.base.adding(days: Int32.random(in: 0..<150, using: &generator))
            }
            var heaviest = Amount.zero
            for offset in Int32(-10)..<300 {
                let span = Span.rolling(endingOn: Self.base.adding(days: offset), months: months)
                guard days.contains(where: span.contains) else { continue }
                heaviest = max(heaviest, dated.filter { span.contains($0.day) }.map(\.amount).sum())
            }
            #expect(dated.heaviestUse(holding: days, months: months) == heaviest)
        }
    }

    /// Commitments, releases and reversals at random, beside a list of commitments that is kept by hand.
    @Test(arguments: 1...20) func whatIsGivenBackComesFromTheLatestCommitment(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var town = try TestBooks(Town.all)
        var commitments: [(key: String, day: Day, amount: Int64, left: Int64, isReversed: Bool)] = []
        func take(_ fen: Int64, _ first: Int?) {
            var rest = fen
            let others = commitments.indices.reversed().filter { $0 != first }
            for index in (first.map { [$0] } ?? []) + others {
                let part = min(rest, commitments[index].left)
                commitments[index].left -= part
                rest -= part
            }
        }
        for step in Int32(0)..<40 {
            let day = Self.base.adding(days: step / 3)
            let all = commitments.map(\.left).reduce(0, +)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0, 1:
                let fen = Int64.random(in: 1...900, using: &generator)
                let line = "COMMIT A rolling R1 \(Amount(fen: fen)) \(day) key=c\(step)"
                if try town.outcome(of: line).refusal == nil { commitments.append(("c\(step)", day, fen, fen, false)) }
            case 2 where all > 0:
                let fen = Int64.random(in: 1...all, using: &generator)
                try town.run("RELEASE A \(Amount(fen: fen)) \(day)")
                take(fen, nil)
            default:
                guard let index = commitments.indices.randomElement(using: &generator) else { continue }
                let line = "REVERSE @\(commitments[index].key) \(day)"
                guard !commitments[index].isReversed, try town.outcome(of: line).refusal == nil else { continue }
                commitments[index].isReversed = true
                take(commitments[index].amount, index)
            }
            let award = town.books.awards.values.first { $0.name.award == "A" }
            let wanted = commitments.map { Dated(day: $0.day, amount: Amount(fen: $0.left)) }
            #expect(award?.dated ?? [] == wanted)
        }
        audit(town.books)
    }
}
