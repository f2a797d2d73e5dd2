import Testing

@testable import Reconciling

/// The bank gives back, whole, what it had paid.
@Suite struct ReturnTests {
    private let paid = line(1, -500, reference: reference(1), bank: "B1", statement: 0)

    @Test func aMatchedPaymentComesBack() {
        let found = reconcile(
            [], [line(2, 500, reference: reference(1), isReturn: true)], matched: [matched(payment(1, -500), paid)])
        #expect(found.returnWords == ["line 2 returns payment 1"])
        #expect(found.breaks.isEmpty && found.matches.isEmpty)
    }

    @Test func itNeedNotBeMarked() {
        let found = reconcile([], [line(2, 500, text: reference(1))], matched: [matched(payment(1, -500), paid)])
        #expect(found.returnWords == ["line 2 returns payment 1"])
    }

    @Test func theDebitAndItsReturnAreFoundInOneRun() {
        let found = reconcile(
            [payment(1, -500)], [line(1, -500, reference: reference(1)), line(2, 500, on: 3, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 1"])
        #expect(found.returnWords == ["line 2 returns payment 1"])
        #expect(found.breaks.isEmpty)
    }

    @Test func aDebitFoundByItsAccountComesBackByItsReference() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -500, to: "a"), line(2, 500, on: 3, reference: reference(1))])
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1"])
        #expect(found.returnWords == ["line 2 returns payment 1"])
    }

    @Test func aRecoveryComesBackTheOtherWay() {
        let found = reconcile(
            [payment(1, 500)], [line(1, 500, reference: reference(1)), line(2, -500, on: 3, reference: reference(1))])
        #expect(found.returnWords == ["line 2 returns payment 1"])
    }

    @Test(arguments: [499, 501] as [Int64]) func anotherAmountIsNoReturn(fen: Int64) {
        let found = reconcile(
            [], [line(2, fen, reference: reference(1), isReturn: true)], matched: [matched(payment(1, -500), paid)])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["line 2: amount, payment 1"])
    }

    @Test func whatWasGivenBackIsNotGivenBackTwice() {
        let found = reconcile(
            [payment(1, -500)],
            [
                line(1, -500, reference: reference(1)), line(2, 500, on: 3, reference: reference(1)),
                line(3, 500, on: 3, reference: reference(1)),
            ])
        #expect(found.returnWords == ["line 2 returns payment 1"])
        #expect(found.breakWords == ["line 3: duplicate, payment 1"])
    }

    @Test func whatTheLedgerKnowsAsReturnedIsNotReturnedAgain() {
        let found = reconcile(
            [], [line(2, 500, reference: reference(1))], matched: [matched(payment(1, -500), paid, returned: true)])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["line 2: duplicate, payment 1"])
    }

    @Test func moneyThatNeverWentOutDoesNotComeBack() {
        let found = reconcile([payment(1, -500)], [line(1, 500, reference: reference(1))])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["payment 1: amount, line 1", "line 1: amount, payment 1"])
    }

    /// Whether the bank gives back the payment or the second that it made by mistake, a person must say.
    @Test func whereThePaymentWasMadeTwiceTheCreditIsAmbiguous() {
        let found = reconcile(
            [payment(1, -500)],
            [
                line(1, -500, reference: reference(1)), line(2, -500, reference: reference(1)),
                line(3, 500, on: 3, reference: reference(1)),
            ])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["line 2: duplicate, payment 1", "line 3: ambiguous, payment 1, line 2"])
    }

    @Test func unlessTheBankSaysWhichOfThem() {
        let twice = [
            line(1, -500, reference: reference(1), bank: "B1"), line(2, -500, reference: reference(1), bank: "B2"),
        ]
        let first = reconcile(
            [payment(1, -500)], twice + [line(3, 500, on: 3, reference: reference(1), undoes: "B1")])
        #expect(first.returnWords == ["line 3 returns payment 1"])
        let second = reconcile(
            [payment(1, -500)], twice + [line(3, 500, on: 3, reference: reference(1), undoes: "B2")])
        #expect(second.returns.isEmpty)
        #expect(second.breakWords == ["line 2: duplicate, payment 1", "line 3: duplicate, line 2"])
    }
}

/// The ledger has the return already, because a person posted it.
@Suite struct PostedReturnTests {
    @Test func itIsMatchedWithTheCredit() {
        let found = reconcile(
            [payment(8, 500, on: 3, givesBack: 1)], [line(2, 500, on: 3, reference: reference(1))],
            matched: [matched(payment(1, -500), line(1, -500, statement: 0))])
        #expect(found.matchWords == ["reference: payment 8 is line 2"])
        #expect(found.returns.isEmpty)
    }

    @Test func withThePaymentInOneRun() {
        let found = reconcile(
            [payment(1, -500), payment(8, 500, on: 3, givesBack: 1)],
            [line(1, -500, reference: reference(1)), line(2, 500, on: 3, reference: reference(1))])
        #expect(found.matchWords == ["reference: payment 1 is line 1", "reference: payment 8 is line 2"])
        #expect(found.returns.isEmpty)
    }

    @Test func ofAnotherAmountItIsWrong() {
        let found = reconcile(
            [payment(8, 400, on: 3, givesBack: 1)], [line(2, 500, on: 3, reference: reference(1))],
            matched: [matched(payment(1, -500), line(1, -500, statement: 0))])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["payment 8: amount, line 2", "line 2: amount, payment 8"])
    }

    @Test func itIsNotReturnedItself() {
        let found = reconcile(
            [], [line(3, -500, on: 4, reference: reference(1))],
            matched: [
                matched(payment(1, -500), line(1, -500, statement: 0), returned: true),
                matched(payment(8, 500, givesBack: 1), line(2, 500, statement: 0)),
            ])
        #expect(found.returns.isEmpty)
        #expect(found.breakWords == ["line 3: duplicate, payment 1"])
    }
}

/// Returns that name no payment, but by the bank's own reference the line that they undo.
@Suite struct ReturnOfALineTests {
    private let paid = line(1, -500, bank: "B-1", statement: 0)

    @Test func thePaymentOfThatLineComesBack() {
        let found = reconcile([], [line(2, 500, undoes: "b1")], matched: [matched(payment(1, -500), paid)])
        #expect(found.returnWords == ["line 2 returns payment 1"])
    }

    @Test func alsoInOneRun() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -500, to: "a", bank: "B-1"), line(2, 500, on: 3, undoes: "B-1")])
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1"])
        #expect(found.returnWords == ["line 2 returns payment 1"])
    }

    @Test func aReturnPostedByHandIsMatched() {
        let found = reconcile(
            [payment(8, 500, on: 3, givesBack: 1)], [line(2, 500, on: 3, undoes: "B-1")],
            matched: [matched(payment(1, -500), paid)])
        #expect(found.matchWords == ["reference: payment 8 is line 2"])
    }

    @Test func ofABatchTheOneWithThatAmount() {
        let batch = [matched(payment(1, -200), paid), matched(payment(2, -300), paid)]
        let found = reconcile([], [line(2, 300, undoes: "B-1")], matched: batch)
        #expect(found.returnWords == ["line 2 returns payment 2"])
    }

    @Test func ofTwoWithThatAmountNone() {
        let batch = [matched(payment(1, -250), paid), matched(payment(2, -250), paid)]
        let found = reconcile([], [line(2, 250, undoes: "B-1")], matched: batch)
        #expect(found.breakWords == ["line 2: ambiguous, payment 1, payment 2"])
    }

    @Test func anotherAmountIsWrong() {
        let found = reconcile([], [line(2, 499, undoes: "B-1")], matched: [matched(payment(1, -500), paid)])
        #expect(found.breakWords == ["line 2: amount, line 1"])
    }

    @Test func twoLinesOfThatReferenceSayNothing() {
        let found = reconcile(
            [], [line(2, 500, undoes: "B-1"), line(3, -70, bank: "B-1")], matched: [matched(payment(1, -500), paid)])
        #expect(found.returns.isEmpty)
    }

    @Test func theUndoingOfALineThatIsNoPaymentIsShownBesideIt() {
        let found = reconcile([], [line(1, -500, bank: "B-1"), line(2, 500, on: 3, undoes: "B-1")])
        #expect(found.breakWords == ["line 1: missing-in-ledger", "line 2: missing-in-ledger, line 1"])
    }
}
