// What a bank statement must be before it is held against the books.

/// What the lines of a statement come to.
package struct StatementTotals: Sendable, Hashable {
    package var count: Int64
    /// 0 where there is none.
    package var lastLine: Int32
    /// Fen.
    package var sum: Int128
    package var firstBooked: Day?
    package var lastBooked: Day?

    package init(count: Int64, lastLine: Int32, sum: Int128, firstBooked: Day?, lastBooked: Day?) {
        self.count = count
        self.lastLine = lastLine
        self.sum = sum
        self.firstBooked = firstBooked
        self.lastBooked = lastBooked
    }
}

extension StatementHead {
    /// Proves that no line is missing, that all lie within the period, and that the opening balance and the lines are
    /// the closing balance.
    package func prove(_ totals: StatementTotals) throws(Refusal) {
        guard totals.count == Int64(totals.lastLine) else {
            throw .invalid(
                "line",
                "statement \"\(statement)\" has \(totals.count) lines up to line \(totals.lastLine): "
                    + "\(Int64(totals.lastLine) - totals.count) are missing; send them with STATEMENT.LINE")
        }
        for booked in [totals.firstBooked, totals.lastBooked] {
            guard let booked, booked < from || booked > to else { continue }
            throw .invalid(
                "booked",
                "statement \"\(statement)\" has a line booked on \(booked), outside of \(from) to \(to); "
                    + "ask the bank for a right statement")
        }
        let difference = Int128(closing.fen) - Int128(opening.fen) - totals.sum
        guard difference == 0 else {
            throw .invalid(
                "closing",
                "statement \"\(statement)\" is out by \(yuan(difference)): opening \(opening) and \(totals.count) "
                    + "lines of \(yuan(totals.sum)) are not closing \(closing); ask the bank for the whole statement")
        }
    }

    /// Proves that it follows the last one of its account without a gap or an overlap. Numbers may begin again at 1
    /// with a new year.
    package func prove(follows previous: StatementHead) throws(Refusal) {
        let names = "statement \"\(statement)\" does not follow \"\(previous.statement)\""
        if let sequence, let before = previous.sequence {
            let beginsAgain = sequence == 1 && to.year > previous.to.year
            guard beginsAgain || (before < Int.max && sequence == before + 1) else {
                throw .invalid(
                    "sequence",
                    "\(names): its number is \(sequence), the one before has \(before); "
                        + (sequence <= before ? "it is out of turn" : "close those between them first"))
            }
        }
        guard from >= previous.to else {
            throw .invalid(
                "from",
                "\(names): it begins on \(from), before \(previous.to), the other's last day; "
                    + "ask the bank for statements that do not overlap")
        }
        guard opening == previous.closing else {
            throw .invalid(
                "opening",
                "\(names): it opens with \(opening), the one before closed with \(previous.closing), a gap of "
                    + "\(opening - previous.closing); close the statements between them first")
        }
    }

    /// Yuan with two decimals, also where it is too much for an amount.
    private func yuan(_ fen: Int128) -> String {
        let cents = fen.magnitude % 100
        return "\(fen < 0 ? "-" : "")\(fen.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}
