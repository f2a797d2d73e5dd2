import LedgerCore
import Testing

@testable import Reconciling

/// Rule 2: the reference agrees, the amount within the tolerance.
@Suite struct ToleranceRuleTests {
    private let rules = MatchRules(tolerance: Amount(fen: 20))

    @Test(arguments: [(-480, "0.20"), (-520, "-0.20"), (-499, "0.01")] as [(Int64, String)])
    func aLineWithinTheToleranceIsItsPayment(fen: Int64, difference: String) {
        let found = reconcile([payment(1, -500)], [line(1, fen, reference: reference(1))], rules: rules)
        #expect(found.matchWords == ["tolerance: payment 1 is line 1 by \(difference)"])
    }

    @Test(arguments: [-479, -521] as [Int64]) func oneFenBeyondItIsWrong(fen: Int64) {
        let found = reconcile([payment(1, -500)], [line(1, fen, reference: reference(1))], rules: rules)
        #expect(found.breakWords == ["payment 1: amount, line 1", "line 1: amount, payment 1"])
    }

    @Test func withoutAToleranceEveryFenIsWrong() {
        let found = reconcile([payment(1, -500)], [line(1, -499, reference: reference(1))])
        #expect(found.breakWords == ["payment 1: amount, line 1", "line 1: amount, payment 1"])
    }

    @Test func theExactAmountComesFirst() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -499, reference: reference(1)), line(2, -500, reference: reference(1))],
            rules: rules)
        #expect(found.matchWords == ["reference: payment 1 is line 2"])
        #expect(found.breakWords == ["line 1: duplicate, payment 1"])
    }

    @Test func ofTwoTheNearerIsThePayment() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -490, reference: reference(1)), line(2, -505, reference: reference(1))],
            rules: rules)
        #expect(found.matchWords == ["tolerance: payment 1 is line 2 by -0.05"])
        #expect(found.breakWords == ["line 1: duplicate, payment 1"])
    }

    @Test func moneyThatMovesTheOtherWayIsNeverNear() {
        let found = reconcile([payment(1, -5)], [line(1, 5, reference: reference(1))], rules: rules)
        #expect(found.breakWords == ["payment 1: amount, line 1", "line 1: amount, payment 1"])
    }

    @Test func anAccountDoesNotStandInForTheReference() {
        let found = reconcile([payment(1, -500, account: "a")], [line(1, -499, to: "a")], rules: rules)
        #expect(found.matches.isEmpty)
    }
}
