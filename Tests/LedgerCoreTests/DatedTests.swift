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

    @Test func whatIsGivenBackComesFromTheLatestDay() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            let dated = random(&generator, days: 20, count: 8)
            let all = dated.map(\.amount).sum()
            let amount = Amount(fen: Int64.random(in: 1...all.fen, using: &generator))
            let first = Bool.random(using: &generator) ? dated.randomElement(using: &generator)?.day : nil
            // Fen by fen: from the preferred day while it has any, else from the latest that has.
            var left = dated
            for _ in 0..<amount.fen {
                let day = left.first { $0.day == first }?.day ?? left.last?.day
                if let day { left.add(Amount(fen: -1), on: day) }
            }
            var after = dated
            let taken = dated.taking(amount, from: first)
            for part in taken { after.add(-part.amount, on: part.day) }
            #expect(after == left)
            #expect(taken.map(\.amount).sum() == amount)
            #expect(taken.allSatisfy { $0.amount > .zero })
        }
    }

    @Test func aPreferredDayWithoutUseIsPassedOver() {
        let dated = [Dated(day: Self.base, amount: Amount(fen: 5))]
        #expect(dated.taking(Amount(fen: 2), from: Self.base.next) == [Dated(day: Self.base, amount: Amount(fen: 2))])
    }
}
