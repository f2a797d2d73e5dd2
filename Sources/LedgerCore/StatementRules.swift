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

    /// Proves that it follows the last one of its account.
    package func prove(follows previous: StatementHead) throws(Refusal) {
        let before = StatementEnd(sequence: previous.sequence, to: previous.to, closing: previous.closing)
        guard let fault = before.fault(inBeginning: self) else { return }
        throw .invalid(
            fault.argument,
            "statement \"\(statement)\" does not follow \"\(previous.statement)\": \(fault.problem); \(fault.remedy)")
    }

    /// Yuan with two decimals, also where it is too much for an amount.
    private func yuan(_ fen: Int128) -> String {
        let cents = fen.magnitude % 100
        return "\(fen < 0 ? "-" : "")\(fen.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
    }
}

/// Where the statements of an account have come to.
package struct StatementEnd: Sendable, Hashable {
    package let sequence: Int?
    package let to: Day
    package let closing: Amount

    package init(sequence: Int?, to: Day, closing: Amount) {
        self.sequence = sequence
        self.to = to
        self.closing = closing
    }

    /// Why a statement does not follow, and what to do.
    package struct Fault: Sendable, Hashable {
        /// What of the statement is wrong.
        package let argument: String
        package let problem: String
        package let remedy: String
    }

    /// A statement follows without a gap or an overlap: it has the next number where both have one, begins no earlier
    /// than the other ended, and opens with the balance that the other closed with. Numbers may begin again at 1 with a
    /// new year. nil where it does.
    package func fault(inBeginning next: StatementHead) -> Fault? {
        if let number = next.sequence, let before = sequence {
            let beginsAgain = number == 1 && next.to.year > to.year
            guard beginsAgain || (before < Int.max && number == before + 1) else {
                return Fault(
                    argument: "sequence", problem: "its number is \(number), the one before has \(before)",
                    remedy: number <= before
                        ? "it was read before, or is out of turn" : "read those between them first")
            }
        }
        guard next.from >= to else {
            return Fault(
                argument: "from", problem: "it begins on \(next.from), before \(to), the other's last day",
                remedy: "ask the bank for statements that do not overlap")
        }
        guard next.opening == closing else {
            return Fault(
                argument: "opening",
                problem: "it opens with \(next.opening), the one before closed with \(closing), a gap of "
                    + "\(next.opening - closing)",
                remedy: "read the statements between them first")
        }
        return nil
    }
}
