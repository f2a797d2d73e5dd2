import Testing

@testable import Reconciling

/// Rule 1: the reference and the amount agree.
@Suite struct ReferenceRuleTests {
    @Test func aLineWithReferenceAndAmountIsItsPayment() {
        let found = reconcile([payment(1, -500)], [line(1, -500, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
        #expect(found.breaks.isEmpty)
    }

    @Test func neitherDaysNorAccountMatterWhereTheReferenceAgrees() {
        let found = reconcile(
            [payment(1, -500, on: 1, account: "a")], [line(1, -500, on: 28, reference: reference(1), to: "b")],
            today: 28)
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
    }

    @Test(arguments: [
        reference(1).lowercased(), reference(1).replacing("-", with: ""), "RFB/\(reference(1))//拨款",
        "PAID GL\n\(reference(1).dropFirst(2).replacing("-", with: " \n"))",
    ])
    func theReferenceIsFoundInNoise(text: String) {
        let found = reconcile([payment(1, -500)], [line(1, -500, reference: "NOTPROVIDED", text: text)])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
    }

    @Test func aReferenceNotOfOurMakingIsFoundInItsField() {
        let found = reconcile(
            [payment(1, -500, reference: "Grant 2026/7")], [line(1, -500, reference: "GRANT20267")])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
    }

    @Test func noReferenceIsNotAReference() {
        let found = reconcile(
            [payment(1, -500, reference: "NOTPROVIDED")], [line(1, -500, reference: "NOTPROVIDED")])
        #expect(found.breakWords == ["payment 1: timing", "line 1: missing-in-ledger"])
    }

    @Test func theReferenceFieldComesBeforeTheText() {
        let found = reconcile(
            [payment(1, -500), payment(2, -500)], [line(1, -500, reference: reference(2), text: reference(1))])
        #expect(found.matchWords == ["reference: payment 2 is line 1"])
    }

    @Test func ofTwoLinesTheEarlierIsThePaymentAndTheOtherIsDouble() {
        let found = reconcile(
            [payment(1, -500)],
            [line(1, -500, on: 3, reference: reference(1)), line(2, -500, on: 2, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 2"])
        #expect(found.breakWords == ["line 1: duplicate, payment 1"])
    }

    @Test func ofTwoLinesOfADayTheOneThatStandsFirstIsThePayment() {
        let found = reconcile(
            [payment(1, -500)], [line(2, -500, reference: reference(1)), line(1, -500, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
        #expect(found.breakWords == ["line 2: duplicate, payment 1"])
    }

    @Test func linesThatMakeTheAmountTogetherAreThePayment() {
        let found = reconcile(
            [payment(1, -500)],
            [
                line(1, -300, reference: reference(1)), line(2, -150, on: 3, text: reference(1)),
                line(3, -50, reference: reference(1)),
            ])
        #expect(found.matchWords == ["reference: payment 1 is line 1+2+3"])
    }

    @Test func linesThatDoNotMakeTheAmountAreAllWrong() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -300, reference: reference(1)), line(2, -150, reference: reference(1))])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == [
                "payment 1: amount, line 1, line 2", "line 1: amount, payment 1", "line 2: amount, payment 1",
            ])
    }

    @Test func theWholeAmountComesBeforeItsParts() {
        let found = reconcile(
            [payment(1, -500)],
            [
                line(1, -300, reference: reference(1)), line(2, -200, reference: reference(1)),
                line(3, -500, reference: reference(1)),
            ])
        #expect(found.matchWords == ["reference: payment 1 is line 3"])
        #expect(found.breakWords == ["line 1: duplicate, payment 1", "line 2: duplicate, payment 1"])
    }

    @Test func whatComesInIsMatchedAsWhatGoesOut() {
        let found = reconcile([payment(1, 700)], [line(1, 700, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
    }

    @Test func paymentsThatShareAReferenceAreToldApartByTheirAmounts() {
        let found = reconcile(
            [payment(1, -500, reference: "A"), payment(2, -700, reference: "A")], [line(1, -700, reference: "A")])
        #expect(found.matchWords == ["reference: payment 2 is line 1"])
        #expect(found.breakWords == ["payment 1: timing"])
    }

    /// Payment 2 takes its own line; then payment 1 is the only one that the other lines can be.
    @Test func whatIsSettledLeavesTheOthersASingleCandidate() {
        let found = reconcile(
            [payment(1, -500, reference: "A"), payment(2, -700, reference: "A")],
            [line(1, -300, reference: "A"), line(2, -700, reference: "A"), line(3, -200, reference: "A")])
        #expect(found.matchWords == ["reference: payment 1 is line 1+3", "reference: payment 2 is line 2"])
    }

    @Test func paymentsThatShareReferenceAndAmountAreNotChosenFrom() {
        let found = reconcile(
            [payment(1, -500, reference: "A"), payment(2, -500, reference: "A")], [line(1, -500, reference: "A")])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == [
                "payment 1: ambiguous, line 1", "payment 2: ambiguous, line 1",
                "line 1: ambiguous, payment 1, payment 2",
            ])
    }

    @Test func aPaymentWithoutAReferenceGoesByThatOfItsEntry() {
        let unnamed = Payment(entry: 9, date: day(1), amount: payment(9, -500).amount)
        let found = reconcile([unnamed], [line(1, -500, reference: reference(9))])
        #expect(found.matchWords == ["reference: payment 9 is line 1"])
    }
}
