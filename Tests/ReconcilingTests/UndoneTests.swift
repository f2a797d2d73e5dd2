import Testing

@testable import Reconciling

/// What a person has parted is never matched again.
@Suite struct UndoneTests {
    @Test func notByItsReference() {
        let found = reconcile([payment(1, -500)], [line(1, -500, reference: reference(1))], undone: [(1, 1)])
        #expect(found.breakWords == ["payment 1: timing", "line 1: missing-in-ledger"])
    }

    @Test func anotherLineMayTakeItsPlace() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -500, reference: reference(1)), line(2, -500, reference: reference(1))],
            undone: [(1, 1)])
        #expect(found.matchWords == ["reference: payment 1 is line 2"])
    }

    @Test func notByItsAccountAndTheOtherCandidateIsTheOnlyOneThen() {
        let found = reconcile(
            [payment(1, -500, account: "a"), payment(2, -500, account: "a")], [line(1, -500, to: "a")],
            undone: [(1, 1)])
        #expect(found.matchWords == ["beneficiary: payment 2 is line 1"])
    }

    @Test func notWithinTheTolerance() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -499, reference: reference(1))],
            rules: MatchRules(tolerance: payment(0, 5).amount), undone: [(1, 1)])
        #expect(found.matches.isEmpty)
    }

    @Test func notInABatch() {
        let found = reconcile(
            [payment(1, -500, batch: "P"), payment(2, -500, batch: "P")], [line(1, -1_000, batch: "P", count: 2)],
            undone: [(2, 1)])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == ["payment 1: amount, line 1", "payment 2: timing", "line 1: amount, payment 1"])
    }

    @Test func notAsAPart() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -200, reference: reference(1)), line(2, -300, reference: reference(1))],
            undone: [(1, 2)])
        #expect(found.matches.isEmpty)
    }

    @Test func notAsAReturn() {
        let found = reconcile(
            [], [line(1, 500, reference: reference(1))],
            matched: [matched(payment(1, -500), line(1, -500, statement: 0))], undone: [(1, 1)])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["line 1: missing-in-ledger"])
    }
}
