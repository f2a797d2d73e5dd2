import LedgerCore

extension BankStatement {
    /// Proves that nothing lies between this statement and the one before on the same account, and that they do not
    /// overlap: it opens with the balance that the other closed with, begins no earlier than the other ended, and has
    /// the next number where both have one. Numbers may begin again at 1 with a new year.
    package func prove(follows previous: StatementPlace) throws(StatementError) {
        let names = "statement \(StatementError.quoted(id)) does not follow \(StatementError.quoted(previous.id))"
        if let sequence, let before = previous.sequence {
            let (next, isTooLarge) = before.addingReportingOverflow(1)
            let beginsAgain = sequence == 1 && to.year > previous.to.year
            guard !isTooLarge, sequence == next || beginsAgain else {
                throw StatementError(
                    .succession, line: line, "\(names): its number is \(sequence), the one before has \(before)",
                    sequence <= before ? "it was read before, or is out of turn" : "read those between them first")
            }
        }
        guard from >= previous.to else {
            throw StatementError(
                .succession, line: line, "\(names): it begins on \(from), before \(previous.to), the other's last day",
                "ask the bank for statements that do not overlap")
        }
        guard opening == previous.closing else {
            throw StatementError(
                .succession, line: line,
                "\(names): it opens with \(opening), the one before closed with \(previous.closing), "
                    + "a gap of \(opening - previous.closing)",
                "read the statements between them first")
        }
    }
}
