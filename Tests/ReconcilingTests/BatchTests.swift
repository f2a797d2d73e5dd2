import Testing

@testable import Reconciling

/// One line for many payments: the sum is exact, and no payments are chosen to make it so.
@Suite struct BatchTests {
    private let batch = [
        payment(1, -100, batch: "P-7"), payment(2, -200, batch: "P-7"), payment(3, -300, batch: "P-7"),
    ]

    @Test func aLineOfTheBatchIsAllItsPayments() {
        let found = reconcile(batch, [line(1, -600, batch: "p 7", count: 3)])
        #expect(found.matchWords == ["reference: payment 1+2+3 is line 1"])
    }

    @Test func theBankNeedNotHaveCounted() {
        let found = reconcile(batch, [line(1, -600, batch: "P-7")])
        #expect(found.matchWords == ["reference: payment 1+2+3 is line 1"])
    }

    @Test func otherPaymentsAreNoPartOfIt() {
        let found = reconcile(batch + [payment(4, -100, batch: "P-8")], [line(1, -700, batch: "P-7", count: 4)])
        #expect(found.matches.isEmpty)
        #expect(found.breakWords.last == "line 1: amount, payment 1, payment 2, payment 3")
        #expect(found.breakWords.first == "payment 1: amount, line 1")
    }

    @Test(arguments: [1, 2, 3]) func aSumThatOnlySomeMakeIsNoMatch(count: Int) {
        let found = reconcile(batch, [line(1, -300, batch: "P-7", count: count)])
        #expect(found.matches.isEmpty)
        #expect(found.breaks.count == 4 && found.breaks.allSatisfy { $0.kind == .amount })
    }

    @Test func theRightSumOfAnotherCountIsNoMatch() {
        let found = reconcile(batch, [line(1, -600, batch: "P-7", count: 4)])
        #expect(found.matches.isEmpty)
    }

    @Test func thePaymentsBookedByThemselvesAreLeftOut() {
        let found = reconcile(
            batch, [line(1, -400, batch: "P-7", count: 2), line(2, -200, reference: reference(2), batch: "P-7")])
        #expect(found.matchWords == ["reference: payment 1+3 is line 1", "reference: payment 2 is line 2"])
    }

    @Test func aBatchBookedTwiceIsADuplicate() {
        let found = reconcile(batch, [line(1, -600, batch: "P-7"), line(2, -600, batch: "P-7")])
        #expect(found.matches.count == 1)
        #expect(found.breakWords == ["line 2: duplicate, payment 1, payment 2, payment 3"])
    }

    @Test func severalReferencesInTheTextAreTheirPayments() {
        let found = reconcile(
            [payment(1, -100), payment(2, -200), payment(3, -300)],
            [line(1, -300, text: "\(reference(2)), \(reference(1))")])
        #expect(found.matchWords == ["reference: payment 1+2 is line 1"])
        #expect(found.breakWords == ["payment 3: timing"])
    }

    @Test func severalReferencesWithAnotherSumAreWrong() {
        let found = reconcile(
            [payment(1, -100), payment(2, -200)], [line(1, -250, text: "\(reference(2)) \(reference(1))")])
        #expect(
            found.breakWords == [
                "payment 1: amount, line 1", "payment 2: amount, line 1", "line 1: amount, payment 1, payment 2",
            ])
    }

    @Test func aLineForSeveralPaymentsIsNotOneByItsAccount() {
        let found = reconcile([payment(1, -500, account: "a")], [line(1, -500, to: "a", count: 2)])
        #expect(found.matches.isEmpty)
    }

    @Test func onePaymentOfABatchComesBack() {
        let found = reconcile(
            batch, [line(1, -600, batch: "P-7", count: 3), line(2, 200, on: 4, reference: reference(2))])
        #expect(found.matchWords == ["reference: payment 1+2+3 is line 1"])
        #expect(found.returnWords == ["line 2 returns payment 2"])
    }
}
