import LedgerCore

extension BankStatement {
    /// Proves that nothing lies between this statement and the one before on the same account, and that they do not
    /// overlap.
    package func prove(follows previous: StatementPlace) throws(StatementError) {
        let head = StatementHead(
            account: account, statement: id, sequence: sequence, currency: currency, from: from, to: to,
            opening: opening, closing: closing)
        let end = StatementEnd(sequence: previous.sequence, to: previous.to, closing: previous.closing)
        guard let fault = end.fault(inBeginning: head) else { return }
        let names = "statement \(StatementError.quoted(id)) does not follow \(StatementError.quoted(previous.id))"
        throw StatementError(.succession, line: line, "\(names): \(fault.problem)", fault.remedy)
    }
}
