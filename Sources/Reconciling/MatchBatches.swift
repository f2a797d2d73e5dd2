import LedgerCore

// Rule 1 where one line stands for many payments.

extension MatchRun {
    /// All the payments of the batch that are open, and no choice among them: a sum that only some of them make may be
    /// chance.
    mutating func matchBatches() {
        for batch in names.batches where !batch.lines.isEmpty {
            for flow in Flow.allCases {
                let due = openPayments(batch.payments, flow)
                guard !due.isEmpty else { continue }
                let sum = sum(payments: due)
                let line = openLines(batch.lines, flow).first { line in
                    Total(lines[line].amount) == sum && hasCount(of: due, line) && mayPair(due, line)
                }
                if let line { settle(due, with: [line], by: .reference) }
            }
        }
    }

    /// All the payments whose references the line shows.
    mutating func matchNamedTogether() {
        let sole = soleOpenPayments()
        for line in lines.indices {
            guard case .several(let references) = namesOfLine[line], lineStates[line] == .open else { continue }
            let flow = Flow(lines[line].amount)
            let due = references.compactMap { sole[$0]?[flow.rawValue] }.filter { payments[$0].state == .open }
            guard due.count == references.count, sum(payments: due) == Total(lines[line].amount),
                hasCount(of: due, line), mayPair(due, line)
            else { continue }
            settle(due, with: [line], by: .reference)
        }
    }

    /// By reference and flow, where that reference has one open payment of it.
    private func soleOpenPayments() -> [Int: [Int?]] {
        var sole: [Int: [Int?]] = [:]
        for (reference, named) in names.references.enumerated() where !named.sharedLines.isEmpty {
            sole[reference] = Flow.allCases.map { flow in
                let due = openPayments(named.payments, flow)
                return due.count == 1 ? due[0] : nil
            }
        }
        return sole
    }

    /// A bank that counts the payments must have counted these.
    private func hasCount(of due: [Int], _ line: Int) -> Bool {
        lines[line].transactionCount <= 1 || lines[line].transactionCount == due.count
    }

    private func mayPair(_ due: [Int], _ line: Int) -> Bool {
        !undone.concerns(lines[line]) || due.allSatisfy { mayPair($0, line) }
    }
}
