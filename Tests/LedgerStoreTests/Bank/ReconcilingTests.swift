import LedgerCore
import LedgerStore
import Reconciling
import Testing

/// RECONCILE and what follows from it, over the database.
struct ReconcilingTests {
    private static func march(_ lines: [(String, String)], closing: String) throws -> TestLedger {
        let ledger = try BankTown.ledger()
        try ledger.load(BankTown.statement(closing: closing, lines))
        return ledger
    }

    private static func paid(_ entry: Int64, _ amount: String) throws -> (String, String) {
        ("-\(amount)", "booked=2024-03-05 end-to-end=\(try BankTown.reference(entry)) reference=B\(entry)")
    }

    @Test func whatAgreesIsSettled() throws {
        let ledger = try Self.march([Self.paid(5, "100"), Self.paid(6, "200"), Self.paid(7, "300")], closing: "400")
        try ledger.expect(
            "RECONCILE tenant=town",
            [
                "matches": "3", "posted": "3", "accounts.0.lines.count": "3", "accounts.0.lines.sum": "-600.00",
                "accounts.0.matched.count": "3", "accounts.0.open.count": "0", "breaks.0.count": "0",
            ])
        try ledger.expect("ENTRY tenant=town entry=E1-5", ["settled-by": "E1-8"])
        try ledger.expect("ENTRY tenant=town entry=E1-8", ["date": "2024-03-05", "key": "match:1:settle:5"])
        try ledger.expect("RECONCILE tenant=town", ["matches": "0", "posted": "0"])
        try ledger.expect(
            "RECONCILIATION tenant=town on=2024-03-31",
            ["holds": "true", "accounts.0.ledger": "400.00", "accounts.0.bank": "400.00"])
        try ledger.expect(
            "RECONCILIATION tenant=town on=2024-03-04",
            [
                "holds": "true", "accounts.0.ledger": "400.00", "accounts.0.bank": "1000.00",
                "accounts.0.in-transit.sum": "-600.00",
            ])
        try ledger.expect("CHECK tenant=town", ["ok": "true"])
    }

    @Test func aDryRunChangesNothing() throws {
        let ledger = try Self.march([Self.paid(5, "100"), Self.paid(6, "201")], closing: "699")
        try ledger.expect(
            "RECONCILE tenant=town dry-run=yes",
            ["matches": "1", "posted": "0", "accounts.0.matched.sum": "-100.00", "accounts.0.open.sum": "-201.00"])
        try ledger.expect("BREAKS tenant=town", ["breaks.0.break": nil])
        try ledger.expect("MATCHES tenant=town", ["matches.0.match": nil])
        try ledger.expect("JOURNAL tenant=town after=7", ["entries.0.entry": nil])
    }

    @Test func killedAtAnyStepItEndsInTheSame() throws {
        for steps in 0..<4 {
            let ledger = try Self.march([Self.paid(5, "100"), Self.paid(6, "200")], closing: "700")
            let request = BankRequest(tenant: "town", action: .reconcile(ReconcileTerms(), isDryRun: false))
            try ledger.reconcile(request, mostSteps: steps)
            try ledger.expect("RECONCILE tenant=town", ["accounts.0.matched.count": "2", "accounts.0.open.count": "0"])
            try ledger.expect("JOURNAL tenant=town after=7", ["entries.1.kind": "SETTLE", "entries.2.kind": nil])
            try ledger.expect("BREAKS tenant=town", ["breaks.0.entry": "E1-7", "breaks.1.break": nil])
        }
    }

    @Test func aPaymentThatComesBackIsReturned() throws {
        let reference = try BankTown.reference(5)
        let ledger = try Self.march(
            [Self.paid(5, "100"), ("100", "booked=2024-03-08 end-to-end=\(reference) returned=yes")], closing: "1000")
        try ledger.expect("RECONCILE tenant=town", ["posted": "2", "accounts.0.open.count": "0"])
        try ledger.expect("ENTRY tenant=town entry=E1-5", ["reversed-by": "E1-9", "settled-by": "E1-8"])
        try ledger.expect("ENTRY tenant=town entry=E1-9", ["kind": "RETURN", "date": "2024-03-08"])
        try ledger.expect("RECONCILE tenant=town", ["posted": "0", "matches": "0"])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true", "accounts.0.bank": "1000.00"])
        #expect(try ledger.refusal("MATCH.UNDO tenant=town match=2 reason=no").contains("RETURN, which stands"))
    }

    @Test func everythingElseIsABreakUntilAPersonResolvesIt() throws {
        let ledger = try Self.march(
            [Self.paid(5, "100"), Self.paid(5, "100"), ("-9.99", "booked=2024-03-09 text=fee")], closing: "790.01")
        try ledger.load("RECONCILE tenant=town")
        try ledger.expect("BREAKS tenant=town kind=duplicate", ["breaks.0.line": "1/2", "breaks.0.related.0": "E1-5"])
        try ledger.expect(
            "BREAKS tenant=town kind=missing-in-ledger", ["breaks.0.line": "1/3", "breaks.0.amount": "-9.99"])
        try ledger.expect("BREAKS tenant=town kind=missing-in-bank older-than=43", ["breaks.0.entry": "E1-6"])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true", "accounts.0.open-lines.count": "2"])

        let fee = try #require(try ledger.send("BREAKS tenant=town kind=missing-in-ledger")["breaks.0.break"])
        try ledger.expect("BREAK.ASSIGN tenant=town break=\(fee) owner=alice", ["owner": "alice"])
        try ledger.expect("BREAK.RESOLVE tenant=town break=\(fee) reason=\"the bank's fee\"", ["resolution": "noted"])
        try ledger.expect("BREAK.RESOLVE tenant=town break=\(fee) reason=again", ["resolution": "noted"])
        #expect(try ledger.refusal("BREAK.ASSIGN tenant=town break=\(fee) owner=bob").hasPrefix("EXISTS"))
        try ledger.expect(
            "BREAK tenant=town break=\(fee)",
            [
                "history.0.event": "opened", "history.1.detail": "alice", "history.2.event": "resolved noted",
                "history.2.detail": "the bank's fee", "history.3.event": nil,
            ])
        try ledger.load("RECONCILE tenant=town")
        try ledger.expect("BREAKS tenant=town kind=missing-in-ledger", ["breaks.0.break": nil])
        try ledger.expect(
            "RECONCILIATION tenant=town", ["holds": "true", "accounts.0.noted-lines.sum": "-9.99"])
    }

    @Test func aPersonMatchesWhatTheRulesDoNot() throws {
        let ledger = try Self.march([("-300", "booked=2024-03-20 text=two")], closing: "700")
        try ledger.load("RECONCILE tenant=town")
        let line = try #require(try ledger.send("BREAKS tenant=town kind=missing-in-ledger")["breaks.0.break"])
        let paid = try ledger.send("BREAKS tenant=town kind=missing-in-bank")
        let (first, second) = (paid["breaks.0.break"] ?? "", paid["breaks.1.break"] ?? "")
        #expect(
            try ledger.refusal("BREAK.RESOLVE tenant=town break=\(line) match=\(first) reason=both").contains(
                "the payments come to -100.00, the lines to -300.00, a difference of -200.00"))
        let request = "BREAK.RESOLVE tenant=town break=\(line) match=\(first),\(second) reason=both"
        try ledger.expect(request, ["resolution": "by-hand", "match": "1"])
        try ledger.expect(request, ["resolution": "by-hand", "match": "1"])
        try ledger.expect("ENTRY tenant=town entry=E1-6", ["settled-by": "E1-9"])

        // Undone, what it settled is reversed, and the rules do not make it again.
        let undo = "MATCH.UNDO tenant=town match=1 reason=\"another one\""
        try ledger.expect(undo, ["undone": "true"])
        try ledger.expect(undo, ["undone": "true"])
        try ledger.expect("ENTRY tenant=town entry=E1-6", ["settled-by": nil])
        try ledger.expect("BREAKS tenant=town kind=missing-in-ledger", ["breaks.0.line": "1/1", "breaks.1.break": nil])
        try ledger.expect("RECONCILE tenant=town", ["matches": "0", "posted": "0"])
        try ledger.expect("BREAK.RESOLVE tenant=town break=\(line) reason=x", ["code": nil])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true"])
        try ledger.expect("CHECK tenant=town", ["ok": "true"])
    }

    @Test func aMatchThatTheBooksRefuseIsStruckOut() throws {
        let ledger = try Self.march([Self.paid(5, "100")], closing: "900")
        // Somebody has used the key that the match is about to use.
        try ledger.load("SETTLE tenant=town entry=E1-6 date=2024-03-09 key=match:1:settle:5")
        try ledger.expect("RECONCILE tenant=town", ["refused.0.match": "1", "refused.0.code": "KEY_CONFLICT"])
        try ledger.expect("MATCHES tenant=town", ["matches.0.undone-by": "robot"])
        try ledger.expect("BREAKS tenant=town kind=missing-in-ledger", ["breaks.0.line": "1/1"])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true"])
    }

    @Test func aSettlementThatIsReversedUndoesItsMatch() throws {
        let ledger = try Self.march([Self.paid(5, "100")], closing: "900")
        try ledger.load("RECONCILE tenant=town\nREVERSE tenant=town entry=E1-8 date=2024-04-01 key=r")
        try ledger.expect("RECONCILE tenant=town", ["matches": "0", "accounts.0.open.count": "1"])
        try ledger.expect("MATCHES tenant=town", ["matches.0.undone-because": "its settlement was reversed by E1-9"])
    }

    @Test func whatWasReversedIsNothingToPay() throws {
        let ledger = try Self.march([Self.paid(6, "200")], closing: "800")
        try ledger.load("RECONCILE tenant=town")
        try ledger.expect("BREAKS tenant=town", ["breaks.0.entry": "E1-5"])
        try ledger.load("REVERSE tenant=town entry=E1-5 date=2024-04-01 key=r\nRECONCILE tenant=town")
        try ledger.expect("BREAK tenant=town break=1", ["resolution": "void"])
        for day in ["2024-03-15", "2024-04-01"] {
            try ledger.expect("RECONCILIATION tenant=town on=\(day)", ["holds": "true"])
        }
    }

    @Test func whatWasPaidBeforeTheFirstStatementIsInItsOpeningBalance() throws {
        let ledger = try BankTown.ledger()
        try ledger.load("SETTLE tenant=town entry=E1-5 date=2024-03-02 key=s")
        try ledger.load(BankTown.statement(closing: "1000", from: "2024-03-10", []))
        try ledger.load("RECONCILE tenant=town")
        try ledger.expect(
            "BREAKS tenant=town", ["breaks.0.entry": "E1-6", "breaks.1.entry": "E1-7", "breaks.2.entry": nil])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true", "accounts.0.ledger": "500.00"])
    }

    // MARK: What a stranger has found

    @Test func aPaymentThatWasGivenBackKeepsItsMatch() throws {
        let reference = try BankTown.reference(5)
        let ledger = try Self.march(
            [Self.paid(5, "100"), ("100", "booked=2024-03-08 end-to-end=\(reference)")], closing: "1000")
        try ledger.load("RECONCILE tenant=town")
        #expect(try ledger.refusal("MATCH.UNDO tenant=town match=1 reason=x").hasPrefix("ALREADY_REVERSED"))
        try ledger.expect("MATCHES tenant=town", ["matches.0.undone": nil, "matches.1.rule": "returned"])
        try ledger.expect("RECONCILE tenant=town", ["refused.0.match": nil, "accounts.0.open.count": "0"])
    }

    /// The later booking stands first, and a return is booked before its payment.
    @Test func returnsOfOneAwardArePostedInTheOrderOfTheirDates() throws {
        let (first, second) = (try BankTown.reference(5), try BankTown.reference(6))
        let ledger = try Self.march(
            [
                Self.paid(5, "100"), ("-200", "booked=2024-03-12 end-to-end=\(second)"),
                ("100", "booked=2024-03-20 end-to-end=\(first)"), ("200", "booked=2024-03-09 end-to-end=\(second)"),
            ], closing: "1000")
        try ledger.expect(
            "RECONCILE tenant=town", ["posted": "4", "refused.0.match": nil, "accounts.0.open.count": "0"])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true"])
    }

    @Test func aNoteMayBeTakenBackAndWhatIsNotedMayBeMatched() throws {
        let ledger = try Self.march([("-100", "booked=2024-03-20 text=one")], closing: "900")
        try ledger.load("RECONCILE tenant=town")
        let line = try #require(try ledger.send("BREAKS tenant=town kind=missing-in-ledger")["breaks.0.break"])
        try ledger.load("BREAK.RESOLVE tenant=town break=1 reason=note")
        try ledger.expect("BREAK.RESOLVE tenant=town break=1 reason=oops reopen=yes", ["resolution": "null"])
        try ledger.load("BREAK.RESOLVE tenant=town break=1 reason=note")
        try ledger.expect("BREAK.RESOLVE tenant=town break=\(line) entry=E1-5 reason=x", ["resolution": "by-hand"])
        try ledger.expect("BREAK tenant=town break=1", ["resolution": "by-hand"])
        // Other sides are another match, and this one is not made.
        #expect(try ledger.refusal("BREAK.RESOLVE tenant=town break=\(line) entry=E1-6 reason=x").hasPrefix("EXISTS"))
        try ledger.expect("MATCH.UNDO tenant=town match=1 reason=u", ["undone": "true"])
        try ledger.expect("RECONCILIATION tenant=town", ["holds": "true"])
    }

    /// An undoing that was cut short does not reverse what another match stands on by now.
    @Test func anOldUndoingLeavesANewMatchAlone() throws {
        let ledger = try Self.march([Self.paid(5, "100")], closing: "900")
        try ledger.load("RECONCILE tenant=town")
        try ledger.reconcile(BankRequest(tenant: "town", action: .undoMatch(1, reason: "x")), mostSteps: 0)
        let root = try #require(try ledger.root(of: "town"))
        _ = try ledger.writer.answer(
            [BankRequest(tenant: "town", action: .undoMatch(1, reason: "x"))], root: root, at: ledger.now)
        let line = try #require(try ledger.send("BREAKS tenant=town kind=missing-in-ledger")["breaks.0.break"])
        try ledger.expect("BREAK.RESOLVE tenant=town break=\(line) entry=E1-5 reason=y", ["match": "2"])
        try ledger.expect("RECONCILE tenant=town", ["posted": "0", "accounts.0.open.count": "0"])
        try ledger.expect("ENTRY tenant=town entry=E1-5", ["settled-by": "E1-8"])
    }
}
