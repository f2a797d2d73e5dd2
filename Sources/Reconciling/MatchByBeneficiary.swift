import LedgerCore

// Rule 3: the amount, the other side's account and the days agree, and nothing else could be meant.

extension MatchRun {
    private struct Likeness: Hashable {
        let amount: Amount
        let account: String
    }

    /// Neighbours mostly have the same candidates, and then share one list: a million of them do not need a million.
    private struct Related {
        private var places: [Int] = []
        private var items: [BreakItem] = []

        mutating func items(_ candidates: [Int], _ item: (Int) -> BreakItem) -> [BreakItem] {
            if candidates != places {
                places = candidates
                items = candidates.map(item).sorted()
            }
            return items
        }
    }

    private struct Alike {
        /// Ascending by date.
        var payments: [Int] = []
        /// Ascending by the day of booking.
        var lines: [Int] = []
    }

    /// A match needs a payment with no other line and a line with no other payment; all others stay open as doubtful.
    mutating func matchBeneficiaries() {
        paymentDoubts = [:]
        lineDoubts = [:]
        for alike in likenesses() {
            let ofPayments = candidates(
                of: alike.payments, days: { payments[$0].payment.date }, among: alike.lines, days: { lines[$0].booked },
                mayPair: { mayPair($0, $1) }, isParted: { undone.concerns(payments[$0].payment) })
            let ofLines = candidates(
                of: alike.lines, days: { lines[$0].booked }, among: alike.payments, days: { payments[$0].payment.date },
                mayPair: { mayPair($1, $0) }, isParted: { undone.concerns(lines[$0]) })
            resolve(alike, ofPayments, ofLines)
        }
    }

    private mutating func resolve(_ alike: Alike, _ ofPayments: [[Int]], _ ofLines: [[Int]]) {
        var single: [Int: Int] = [:]
        for (line, candidates) in zip(alike.lines, ofLines) where candidates.count == 1 { single[line] = candidates[0] }
        var shown = Related()
        for (payment, candidates) in zip(alike.payments, ofPayments) where !candidates.isEmpty {
            if candidates.count == 1, single[candidates[0]] == payment {
                settle([payment], with: [candidates[0]], by: .beneficiary)
            } else {
                paymentDoubts[payment] = shown.items(candidates) { item(line: $0) }
            }
        }
        shown = Related()
        for (line, candidates) in zip(alike.lines, ofLines) where lineStates[line] == .open && !candidates.isEmpty {
            lineDoubts[line] = Doubt(kind: .ambiguous, related: shown.items(candidates) { item(payment: $0) })
        }
    }

    private func likenesses() -> [Alike] {
        let claimed = claimedPayments()
        var found: [Likeness: Alike] = [:]
        for (place, known) in payments.enumerated() where known.state == .open && !claimed[place] {
            guard let account = ComparableText.of(known.payment.account) else { continue }
            found[Likeness(amount: known.payment.amount, account: account), default: Alike()].payments.append(place)
        }
        guard !found.isEmpty else { return [] }
        for (place, line) in lines.enumerated() where mayBeGuessed(place) {
            guard let account = ComparableText.of(line.account) else { continue }
            found[Likeness(amount: line.amount, account: account)]?.lines.append(place)
        }
        return found.values.filter { !$0.lines.isEmpty }.map { alike in
            var alike = alike
            alike.payments.sort { (payments[$0].payment.date, $0) < (payments[$1].payment.date, $1) }
            return alike
        }
    }

    /// A line that names something, in whatever way, stands for that or for nothing.
    private func mayBeGuessed(_ line: Int) -> Bool {
        lineStates[line] == .open && namesOfLine[line] == .nothing && lines[line].transactionCount <= 1
            && originals.original(of: lines[line]) == nil
    }

    /// Payments that an open line names: what a reference says is not overruled by a likeness.
    private func claimedPayments() -> [Bool] {
        var claimed = Array(repeating: false, count: payments.count)
        for named in names.references + names.batches where !(named.lines.isEmpty && named.sharedLines.isEmpty) {
            for flow in Flow.allCases {
                let claimants = openLines(named.lines + named.sharedLines, flow)
                guard !claimants.isEmpty else { continue }
                for payment in openPayments(named.payments, flow) {
                    claimed[payment] = claimed[payment] || claimants.contains { mayPair(payment, $0) }
                }
            }
        }
        return claimed
    }

    /// For each item the others within the window, at most as many as a break shows. Both are in the order of their
    /// days, so that the window only moves forward; neighbours with the same window share one list.
    private func candidates(
        of items: [Int], days day: (Int) -> Day, among others: [Int], days otherDay: (Int) -> Day,
        mayPair: (Int, Int) -> Bool, isParted: (Int) -> Bool
    ) -> [[Int]] {
        var window = 0..<0
        var all: [Int]?
        return items.map { item in
            func isAhead(_ other: Int) -> Bool { distance(from: day(item), to: otherDay(others[other])) > rules.window }
            func isBehind(_ other: Int) -> Bool {
                distance(from: otherDay(others[other]), to: day(item)) > rules.window
            }
            var (start, end) = (window.lowerBound, window.upperBound)
            while end < others.count, !isAhead(end) { end += 1 }
            while start < end, isBehind(start) { start += 1 }
            if start..<end != window { all = nil }
            window = start..<end
            if isParted(item) {
                return others[window].shown { mayPair(item, $0) }
            }
            let shared = all ?? Array(others[window].prefix(Break.mostRelated))
            all = shared
            return shared
        }
    }

    private func distance(from: Day, to: Day) -> Int { Int(to.number) - Int(from.number) }
}
