import LedgerCore
import Testing

@testable import Reconciling

/// What is left over, and what it is called.
@Suite struct BreakTests {
    @Test(arguments: [(1, BreakKind.timing), (6, .timing), (7, .missingInBank), (400, .missingInBank)])
    func anUnpaidPaymentIsAMatterOfTimingForTheDaysOfGrace(today: Int, kind: BreakKind) {
        let found = reconcile([payment(1, -500, on: 1)], [], today: today)
        #expect(
            found.breaks == [
                Break(item: .payment(1), kind: kind, amount: Total(fen: -500), since: day(1), related: [])
            ])
    }

    @Test func aPaymentOfTomorrowIsAMatterOfTiming() {
        #expect(reconcile([payment(1, -500, on: 9)], [], today: 1).breakWords == ["payment 1: timing"])
    }

    @Test func aLineThatNothingExplainsIsMissingInTheLedger() {
        let found = reconcile([], [line(4, -70, on: 9, text: "account fee")])
        #expect(
            found.breaks == [
                Break(
                    item: .line(LineID(statement: 1, number: 4)), kind: .missingInLedger, amount: Total(fen: -70),
                    since: day(9), related: [])
            ])
    }

    @Test func anotherTenantsReferenceIsNotOurs() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -500, reference: reference(1, of: "qingdao"), to: "a")])
        #expect(found.breakWords == ["payment 1: timing", "line 1: missing-in-ledger"])
    }

    @Test func norIsAReferenceOfOursThatHasNoPayment() {
        let found = reconcile([payment(1, -500, account: "a")], [line(1, -500, reference: reference(77), to: "a")])
        #expect(found.breakWords == ["payment 1: timing", "line 1: missing-in-ledger"])
    }

    @Test func aSecondLineOfAPaymentMatchedEarlierIsADuplicate() {
        let found = reconcile(
            [], [line(9, -500, reference: reference(1))],
            matched: [matched(payment(1, -500), line(1, -500, statement: 0))])
        #expect(found.breakWords == ["line 9: duplicate, payment 1"])
    }

    @Test func aPaymentWithManyWrongLinesShowsTen() {
        let found = reconcile([payment(1, -500)], (1...25).map { line($0, -1, text: reference(1)) })
        #expect(found.breaks.first?.related.count == Break.mostRelated)
        #expect(found.breaks.allSatisfy { $0.kind == .amount })
    }

    @Test func theWordsAreThoseOfTheProtocol() {
        #expect(
            BreakKind.allCases.map(\.word) == [
                "missing-in-bank", "missing-in-ledger", "amount", "duplicate", "ambiguous", "timing",
            ])
        #expect(BreakKind.allCases.map(\.rawValue) == [1, 2, 3, 4, 5, 6])
        #expect(MatchRule.allCases.map(\.word) == ["reference", "tolerance", "beneficiary", "by-hand"])
        #expect(MatchRule.allCases.map(\.rawValue) == [1, 2, 3, 4])
    }
}
