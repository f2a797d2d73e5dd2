import LedgerCore

// Rules 1 and 2: what the reference says.

extension MatchRun {
    /// The exact amount: one line, or all the lines of one payment together.
    mutating func matchReferences() {
        for named in names.references where !named.lines.isEmpty {
            for flow in Flow.allCases {
                let due = openPayments(named.payments, flow)
                let candidates = openLines(named.lines, flow)
                guard let payment = due.first, !candidates.isEmpty else { continue }
                if due.count == 1 {
                    match(payment, withExactly: candidates)
                } else {
                    matchByAmount(due, candidates)
                }
            }
        }
    }

    private mutating func match(_ payment: Int, withExactly candidates: [Int]) {
        let amount = payments[payment].payment.amount
        let candidates = candidates.filter { mayPair(payment, $0) }
        if let line = candidates.first(where: { lines[$0].amount == amount }) {
            settle([payment], with: [line], by: .reference)
        } else if candidates.count > 1, sum(lines: candidates) == Total(amount) {
            settle([payment], with: candidates, by: .reference)
        }
    }

    /// Payments that share a reference are told apart by their amounts, or not at all.
    private mutating func matchByAmount(_ due: [Int], _ candidates: [Int]) {
        let byAmount = Dictionary(grouping: due) { payments[$0].payment.amount }
        for line in candidates {
            guard let equal = byAmount[lines[line].amount], let payment = equal.first, equal.count == 1,
                payments[payment].state == .open, mayPair(payment, line)
            else { continue }
            settle([payment], with: [line], by: .reference)
        }
    }

    /// The line that is nearest to its payment, of two the earlier.
    mutating func matchWithinTolerance() {
        guard rules.tolerance > .zero else { return }
        for named in names.references where !named.lines.isEmpty {
            for flow in Flow.allCases {
                let due = openPayments(named.payments, flow)
                guard let payment = due.first, due.count == 1 else { continue }
                let amount = Total(payments[payment].payment.amount)
                let nearest = openLines(named.lines, flow).filter { mayPair(payment, $0) }
                    .map { (distance: (Total(lines[$0].amount) - amount).magnitude, line: $0) }
                    .min { ($0.distance, $0.line) < ($1.distance, $1.line) }
                guard let nearest, nearest.distance <= Total(rules.tolerance) else { continue }
                settle([payment], with: [nearest.line], by: .tolerance)
            }
        }
    }
}
