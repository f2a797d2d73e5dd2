import LedgerCore
import Testing

@testable import Reconciling

/// What holds of every run, whatever it was given.
func checkProperties(of findings: Findings, from desk: Desk, _ location: SourceLocation) {
    checkNothingIsDropped(findings, desk, location)
    checkOrderIsNothing(findings, desk, location)
    checkSecondRunFindsNothing(findings, desk, location)
}

/// Every payment is in one match or break, every line in one match, return or break, and the sums are the same.
private func checkNothingIsDropped(_ findings: Findings, _ desk: Desk, _ location: SourceLocation) {
    let amounts = Dictionary(
        uniqueKeysWithValues: desk.payments.map { (BreakItem.payment($0.entry), Total($0.amount)) }
            + desk.lines.map { (BreakItem.line($0.id), Total($0.amount)) })
    var placed: [BreakItem] = findings.breaks.map(\.item) + findings.returns.map { .line($0.line) }
    for match in findings.matches {
        let payments = match.payments.map(BreakItem.payment)
        let lines = match.lines.map(BreakItem.line)
        placed += payments + lines
        let difference = lines.compactMap { amounts[$0] }.total() - payments.compactMap { amounts[$0] }.total()
        #expect(match.difference == difference, sourceLocation: location)
        #expect(match.rule == .tolerance || match.difference == .zero, sourceLocation: location)
        #expect(!payments.isEmpty && !lines.isEmpty && match.rule != .byHand, sourceLocation: location)
    }
    #expect(placed.sorted() == amounts.keys.sorted(), "each item once", sourceLocation: location)
    for item in findings.breaks {
        #expect(item.amount == amounts[item.item], sourceLocation: location)
        #expect(item.related == item.related.sorted() && item.related.count <= 10, sourceLocation: location)
    }

    func broken(_ isMeant: (BreakItem) -> Bool) -> Total {
        findings.breaks.filter { isMeant($0.item) }.map(\.amount).total()
    }
    let returned = findings.returns.compactMap { amounts[.line($0.line)] }.total()
    let ledger = desk.payments.map(\.amount).total() - broken(\.isPayment)
    let bank = desk.lines.map(\.amount).total() - broken { !$0.isPayment } - returned
    let differences = findings.matches.map(\.difference).total()
    #expect(bank - ledger == differences, "what is matched is the same on both sides", sourceLocation: location)
    for found in findings.returns {
        let payment =
            desk.payments.first { $0.entry == found.payment }
            ?? desk.matched.first { $0.payment.entry == found.payment }?.payment
        #expect(payment.map { -Total($0.amount) } == amounts[.line(found.line)], sourceLocation: location)
    }
}

private func checkOrderIsNothing(_ findings: Findings, _ desk: Desk, _ location: SourceLocation) {
    var random = SplitMix64(state: 7)
    var other = desk
    other.payments.shuffle(using: &random)
    other.lines.shuffle(using: &random)
    other.matched.shuffle(using: &random)
    #expect(other.run() == findings, "the order of the input changes nothing", sourceLocation: location)
}

/// What was found is stored, and a return for each payment that came back is posted: the next run finds nothing new,
/// and shows the same breaks.
private func checkSecondRunFindsNothing(_ findings: Findings, _ desk: Desk, _ location: SourceLocation) {
    let next = desk.storing(findings).run()
    #expect(next.matches.isEmpty && next.returns.isEmpty, "a second run matches nothing", sourceLocation: location)
    #expect(next.breaks == findings.breaks, "a second run shows the same breaks", sourceLocation: location)
}

extension BreakItem {
    var isPayment: Bool {
        if case .payment = self { true } else { false }
    }
}

extension Desk {
    /// As the ledger is after the findings of a run were stored.
    func storing(_ findings: Findings) -> Desk {
        var next = self
        let payments = Dictionary(uniqueKeysWithValues: payments.map { ($0.entry, $0) })
        let lines = Dictionary(uniqueKeysWithValues: lines.map { ($0.id, $0) })
        for match in findings.matches {
            let taken = match.lines.compactMap { lines[$0] }
            for entry in match.payments {
                guard let payment = payments[entry] else { continue }
                next.matched.append(MatchedPayment(payment: payment, lines: taken, returned: false))
            }
        }
        let open = Set(findings.breaks.map(\.item))
        next.payments.removeAll { !open.contains(.payment($0.entry)) }
        next.lines.removeAll { !open.contains(.line($0.id)) }
        let returned = Dictionary(uniqueKeysWithValues: findings.returns.map { ($0.payment, $0.line) })
        for (place, known) in next.matched.enumerated() {
            guard let line = returned[known.payment.entry].flatMap({ lines[$0] }) else { continue }
            next.matched[place] = MatchedPayment(payment: known.payment, lines: known.lines, returned: true)
            let posted = Payment(
                entry: 1_000_000 + known.payment.entry, date: line.booked, amount: -known.payment.amount,
                reference: known.payment.reference, account: known.payment.account, givesBack: known.payment.entry)
            next.matched.append(MatchedPayment(payment: posted, lines: [line], returned: false))
        }
        return next
    }
}

/// The same numbers from the same seed, everywhere.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
