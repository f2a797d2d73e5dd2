import LedgerCore
import Testing

/// PAYMENT.ORDER: each payment goes to the bank once.
struct PaymentOrderTests {
    private static let order = "PAYMENT.ORDER tenant=town order=q1 fund=general until=2024-03-02"

    @Test func eachPaymentIsOrderedOnce() throws {
        let ledger = try BankTown.ledger()
        try ledger.load("DISBURSE tenant=town award=P amount=5 date=2024-03-01 key=d4")
        let figures: KeyValuePairs<String, String?> = [
            "payments": "2", "sum": "300.00", "account": "100124430902", "without-account.count": "1",
            "without-account.sum": "5.00", "parties-without-account.0": "poor",
        ]
        try ledger.expect(Self.order, figures)
        try ledger.expect(Self.order, figures)
        try ledger.expect("PAYMENT.ORDER tenant=town order=q2 fund=general until=2024-03-02", ["payments": "0"])
        #expect(try ledger.refusal("PAYMENTS tenant=town order=q2").hasPrefix("NOT_FOUND"))
        #expect(try ledger.refusal(Self.order.replacing("03-02", with: "03-03")).hasPrefix("EXISTS"))
        try ledger.expect(
            "PAYMENTS tenant=town order=q1 limit=1",
            [
                "list.0.entry": "E1-5", "list.0.reference": try BankTown.reference(5), "list.0.amount": "100.00",
                "list.0.party": "acme", "list.0.award": "A", "list.1.entry": nil, "last": "5",
            ])
        try ledger.expect("PAYMENTS tenant=town order=q1 after=5", ["list.0.entry": "E1-6"])
    }

    @Test func whatIsReversedOrSettledIsNotOrdered() throws {
        let ledger = try BankTown.ledger()
        try ledger.load(
            """
            REVERSE tenant=town entry=E1-6 date=2024-03-04 key=r
            SETTLE tenant=town entry=E1-5 date=2024-03-04 key=s
            """)
        try ledger.expect("PAYMENT.ORDER tenant=town order=q fund=general until=2024-12-31", ["payments": "1"])
        try ledger.expect("PAYMENTS tenant=town order=q", ["list.0.entry": "E1-7"])
    }

    @Test func whatHasNoAccountIsSaid() throws {
        let ledger = try BankTown.ledger()
        #expect(try ledger.refusal(Self.order.replacing("general", with: "other")).contains("FUND.PUT"))
        try ledger.expect(
            "FUND.PUT tenant=town fund=general bank=BOC account=77", ["replaced": "100124430902", "account": "77"])
        // What was posted before is of the account of before.
        try ledger.expect("PAYMENT.ORDER tenant=town order=q fund=general until=2024-12-31", ["payments": "0"])
    }

    /// An order that is written anew must not pay what was paid or reversed, nor from another account.
    @Test func whatIsPaidOrReversedLeavesItsOrder() throws {
        let ledger = try BankTown.ledger()
        try ledger.load(
            """
            PAYMENT.ORDER tenant=town order=o fund=general until=2024-12-31
            REVERSE tenant=town entry=E1-6 date=2024-03-04 key=r
            SETTLE tenant=town entry=E1-5 date=2024-03-04 key=s
            FUND.PUT tenant=town fund=general bank=BOC account=77
            PARTY.PUT tenant=town party=bolt kind=company name=Bolt bank=BOC account=1
            """)
        try ledger.expect(
            "PAYMENT.ORDER tenant=town order=o fund=general until=2024-12-31",
            ["payments": "1", "sum": "300.00", "paid-or-reversed": "2", "account": "100124430902", "bank": "ICBKCNBJ"])
        try ledger.expect(
            "PAYMENTS tenant=town order=o",
            ["list.0.open": "false", "list.1.open": "false", "list.2.open": "true", "list.2.account": "62220002"])
    }

    @Test func whatAnotherAccountIsToPayIsSaid() throws {
        let ledger = try BankTown.ledger()
        try ledger.load("FUND.PUT tenant=town fund=general bank=BOC account=77")
        try ledger.expect(
            "PAYMENT.ORDER tenant=town order=o fund=general until=2024-12-31",
            ["payments": "0", "of-another-account.count": "3", "of-another-account.sum": "600.00"])
    }
}
