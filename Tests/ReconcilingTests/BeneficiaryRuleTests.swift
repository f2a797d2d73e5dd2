import Testing

@testable import Reconciling

/// Rule 3: no reference, but the amount, the other side's account and the days agree.
@Suite struct BeneficiaryRuleTests {
    @Test func aLineOfTheSameAmountAccountAndDaysIsThePayment() {
        let found = reconcile(
            [payment(1, -500, on: 10, account: "6222 0001")], [line(1, -500, on: 12, to: "62220001")], today: 12)
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1"])
    }

    @Test(arguments: [5, 15]) func theWindowIsOpenOnItsLastDays(booked: Int) {
        let found = reconcile([payment(1, -500, on: 10, account: "a")], [line(1, -500, on: booked, to: "a")])
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1"])
    }

    @Test(arguments: [4, 16]) func aDayLaterItIsClosed(booked: Int) {
        let found = reconcile([payment(1, -500, on: 10, account: "a")], [line(1, -500, on: booked, to: "a")])
        #expect(found.breakWords == ["payment 1: timing", "line 1: missing-in-ledger"])
    }

    @Test func anotherAmountOrAccountOrNoneIsAnotherPayment() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -501, to: "a"), line(2, -500, to: "b"), line(3, -500)])
        #expect(found.matches.isEmpty)
        #expect(found.breaks.filter { $0.kind == .missingInLedger }.count == 3)
    }

    @Test func twoPaymentsForOneLineAreNotChosenFrom() {
        let found = reconcile(
            [payment(1, -500, account: "a"), payment(2, -500, on: 2, account: "a")], [line(1, -500, to: "a")])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == [
                "payment 1: ambiguous, line 1", "payment 2: ambiguous, line 1",
                "line 1: ambiguous, payment 1, payment 2",
            ])
    }

    @Test func twoLinesForOnePaymentAreNotChosenFrom() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -500, to: "a"), line(2, -500, on: 3, to: "a")])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == [
                "payment 1: ambiguous, line 1, line 2", "line 1: ambiguous, payment 1", "line 2: ambiguous, payment 1",
            ])
    }

    @Test func theNextMonthIsNoCandidate() {
        let found = reconcile(
            [payment(1, -500, on: 1, account: "a"), payment(2, -500, on: 31, account: "a")],
            [line(1, -500, on: 2, to: "a"), line(2, -500, on: 32, to: "a")], today: 32)
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1", "beneficiary: payment 2 is line 2"])
    }

    /// Payment 1 fits only line 1, but line 1 fits both: which it is would be a guess that rests on another guess.
    @Test func aChainOfCandidatesIsLeftWhole() {
        let found = reconcile(
            [payment(1, -500, on: 1, account: "a"), payment(2, -500, on: 9, account: "a")],
            [line(1, -500, on: 5, to: "a"), line(2, -500, on: 12, to: "a")], today: 12)
        #expect(found.matches.isEmpty)
        #expect(found.breaks.count == 4 && found.breaks.allSatisfy { $0.kind == .ambiguous })
    }

    @Test func whatAReferenceSettlesIsNoCandidate() {
        let found = reconcile(
            [payment(1, -500, account: "a"), payment(2, -500, account: "a")],
            [line(1, -500, to: "a"), line(2, -500, reference: reference(2), to: "a")])
        #expect(found.matchWords == ["beneficiary: payment 1 is line 1", "reference: payment 2 is line 2"])
    }

    @Test func aLineThatNamesAnotherPaymentIsNotTaken() {
        let found = reconcile(
            [payment(1, -500, account: "a"), payment(2, -900, account: "a")],
            [line(1, -500, reference: reference(2), to: "a")])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == ["payment 1: timing", "payment 2: amount, line 1", "line 1: amount, payment 2"])
    }

    @Test func aPaymentThatAnotherLineNamesIsNotTaken() {
        let found = reconcile(
            [payment(1, -500, account: "a")], [line(1, -500, to: "a"), line(2, -400, reference: reference(1), to: "a")])
        #expect(found.matches.isEmpty)
        #expect(
            found.breakWords == [
                "payment 1: amount, line 2", "line 1: missing-in-ledger", "line 2: amount, payment 1",
            ])
    }

    @Test func moreCandidatesThanTenAreNotAllShown() {
        let found = reconcile(
            [payment(1, -500, account: "a")], (1...30).map { line($0, -500, to: "a") })
        #expect(found.breaks.allSatisfy { $0.kind == .ambiguous })
        #expect(found.breaks.first?.related == (1...10).map { .line(LineID(statement: 1, number: $0)) })
    }
}
