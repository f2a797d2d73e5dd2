import LedgerCore

/// How a file writes days: `yyyy`, `MM`, `dd` (or `M` and `d` for one digit or two), `HH`, `mm`, `ss`, and other
/// characters that stand for themselves.
struct DateFormat: Sendable, Hashable {
    private enum Part: Hashable {
        case year, month, day, ignored
        case literal(Character)
    }

    private struct Piece: Hashable {
        let part: Part
        let digits: ClosedRange<Int>
    }

    let pattern: String
    private let pieces: [Piece]

    /// nil where the pattern does not have a year, a month and a day, each once.
    init?(_ pattern: String) {
        var pieces: [Piece] = []
        var rest = pattern[...]
        while let letter = rest.first {
            let run = rest.prefix { $0 == letter }
            let part: Part
            switch (letter, run.count) {
            case ("y", 4): part = .year
            case ("M", 1...2): part = .month
            case ("d", 1...2): part = .day
            case ("H", 2), ("m", 2), ("s", 2): part = .ignored
            default:
                guard !letter.isASCII || (!letter.isLetter && !letter.isNumber) || letter == "T" else { return nil }
                pieces += run.map { Piece(part: .literal($0), digits: 0...0) }
                rest = rest.dropFirst(run.count)
                continue
            }
            pieces.append(Piece(part: part, digits: run.count == 1 ? 1...2 : run.count...run.count))
            rest = rest.dropFirst(run.count)
        }
        guard [.year, .month, .day].allSatisfy({ part in pieces.count { $0.part == part } == 1 }) else { return nil }
        self.pattern = pattern
        self.pieces = pieces
    }

    func day(_ text: String) throws(StatementError) -> Day {
        var rest = text[...]
        var year = ""
        var month = ""
        var day = ""
        for piece in pieces {
            if case .literal(let character) = piece.part {
                guard rest.popFirst() == character else { throw wrong(text) }
                continue
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(piece.digits.upperBound)
            guard piece.digits.contains(digits.count) else { throw wrong(text) }
            rest = rest.dropFirst(digits.count)
            let padded = digits.count == 1 ? "0\(digits)" : String(digits)
            switch piece.part {
            case .year: year = padded
            case .month: month = padded
            case .day: day = padded
            case .ignored, .literal: break
            }
        }
        guard rest.isEmpty, let read = Day("\(year)-\(month)-\(day)") else { throw wrong(text) }
        return read
    }

    private func wrong(_ text: String) -> StatementError {
        StatementError(.date, "this is not a day of the form \(pattern)", value: text, "correct the file or the form")
    }
}

/// The dates of XML Schema, which ISO 20022 uses.
enum ISODate {
    /// Reads `2026-11-23`, `2026-11-23+08:00` and `2026-11-23T23:59:59.5+08:00`. The day is the one that is written:
    /// banks write their own civil time, whatever zone they put beside it.
    static func day(_ text: String) throws(StatementError) -> Day {
        let rest = text.utf8.dropFirst(10)
        let known = Set("0123456789:.+-Z".utf8)
        let isTail = rest.first.map { [UInt8(ascii: "T"), UInt8(ascii: "Z")].contains($0) || isSign($0) } ?? true
        guard isTail, rest.dropFirst().allSatisfy(known.contains), let day = Day(String(text.prefix(10))) else {
            throw StatementError(
                .date, "this is not a day", value: text, "write it as 2026-11-23 or 2026-11-23T10:00:00")
        }
        return day
    }

    private static func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
}
