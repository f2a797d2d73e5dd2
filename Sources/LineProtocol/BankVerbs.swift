import LedgerCore

extension ArgumentSpec {
    fileprivate static let account = required(.account, .name, "the bank account, as FUND.PUT names it")
    fileprivate static let statement = required(.statement, .name, "what the bank calls the statement")
    fileprivate static let breakNumber = required(.breakNumber, .number(1...Int.max), "the break, as BREAKS shows it")
    fileprivate static let reason = required(.reason, .name, "why; it stays in the history")
    fileprivate static let page = [
        standard(.after, .number(0...Int.max), "0", "the last number of the page before"),
        standard(.limit, .number(1...5_000), "500", "how many at most, from 1 to 5000"),
    ]
}

extension VerbSpec {
    static let fundPut = VerbSpec(
        .fundPut, .bank, "Says from which bank account a fund pays; other accounts replace it from then on.",
        [
            .tenant, .required(.fund, .identifier, "the fund"),
            .required(.bank, .name, "the bank that holds the account: a BIC, a CNAPS code of 12 digits, or a name"),
            .required(.account, .name, "the number of the account"),
        ],
        example: "FUND.PUT tenant=lingang fund=general bank=ICBKCNBJSHI account=1001244309024001234")

    static let statementPut = VerbSpec(
        .statementPut, .bank, "Begins a bank statement; one that is not closed yet is replaced by another digest.",
        [
            .tenant, .account, .statement,
            .optional(.sequence, .number(0...Int.max), "the bank's number of it; each follows the one before"),
            .standard(.currency, .identifier, "CNY", "what every amount is in; only CNY is kept here"),
            .required(.from, .date, "the first day on which its lines may be booked"),
            .required(.to, .date, "its last day"),
            .required(.opening, .signedAmount, "the balance that it opens with"),
            .required(.closing, .signedAmount, "the balance that it closes with"),
            .optional(.digest, .name, "tells it from the same statement with other lines"),
        ],
        example: "STATEMENT.PUT tenant=lingang account=1001244309024001234 statement=2023-09 from=2023-09-01"
            + " to=2023-09-30 opening=9000000.00 closing=4000000.00")

    static let statementLine = VerbSpec(
        .statementLine, .bank, "Adds a line to a statement that is not closed yet.",
        [
            .tenant, .account, .statement,
            .required(.line, .number(1...Int(Int32.max)), "its place in the statement, from 1"),
            .required(.booked, .date, "the day on which the bank booked it"),
            .optional(.value, .date, "the day from which interest counts"),
            .required(.amount, .signedAmount, "yuan; below zero where money left the account"),
            .optional(.reference, .text, "the bank's own reference"),
            .optional(.endToEnd, .text, "the reference that the payer sent with it"),
            .optional(.text, .text, "the remittance text"),
            .optional(.counterparty, .text, "the other side's name"),
            .optional(.counterpartyAccount, .text, "the other side's account"),
            .optional(.batch, .text, "the order whose payments it stands for"),
            .standard(.transactions, .number(1...Int(Int32.max)), "1", "how many payments it stands for"),
            .standard(.returned, .flag, "no", "yes: the bank calls it a return"),
            .optional(.returns, .text, "of a return: the bank's reference of the line that it undoes"),
        ],
        example: "STATEMENT.LINE tenant=lingang account=1001244309024001234 statement=2023-09 line=1"
            + " booked=2023-09-03 amount=-5000000.00 end-to-end=GL47-8KQ2M9XA-000000000042")

    static let statementClose = VerbSpec(
        .statementClose, .bank, "Proves a statement and closes it: its lines add up, and it follows the one before.",
        [.tenant, .account, .statement],
        example: "STATEMENT.CLOSE tenant=lingang account=1001244309024001234 statement=2023-09")

    static let statements = VerbSpec(
        .statements, .bank, "Lists the bank statements, open and closed.",
        [.tenant, .optional(.account, .name, "only of this account")] + ArgumentSpec.page,
        example: "STATEMENTS tenant=lingang")

    static let paymentOrder = VerbSpec(
        .paymentOrder, .bank, "Puts what is to be paid from a fund into an order, each payment into one order alone.",
        [
            .tenant,
            .required(.order, .identifier, "the new order; the same again answers what is in it"),
            .required(.fund, .identifier, "the fund that pays"),
            .required(.until, .date, "payments dated on or before this day"),
        ],
        example: "PAYMENT.ORDER tenant=lingang order=2023Q3 fund=general until=2023-09-30")

    static let payments = VerbSpec(
        .payments, .bank, "Lists the payments of an order, with the reference that goes to the bank.",
        [
            .tenant, .required(.order, .identifier, "the order"),
            .standard(.after, .number(0...Int.max), "0", "the seq of the last payment of the page before"),
            .standard(.limit, .number(1...5_000), "500", "how many at most, from 1 to 5000"),
        ],
        example: "PAYMENTS tenant=lingang order=2023Q3")

    static let reconcile = VerbSpec(
        .reconcile, .bank, "Matches what the books say was paid with the closed statements, and settles what agrees.",
        [
            .tenant,
            .standard(.tolerance, .amountOrZero, "0", "yuan by which a line with the right reference may differ"),
            .standard(.window, .number(0...366), "5", "days between payment and line where no reference agrees"),
            .standard(.grace, .number(0...366), "5", "days in which a payment not made yet is a matter of timing"),
            .dryRun,
        ],
        example: "RECONCILE tenant=lingang dry-run=yes")

    static let breaks = VerbSpec(
        .breaks, .bank, "Lists the open breaks: payments and lines without a match.",
        [
            .tenant,
            .optional(
                .kind,
                .choice(["missing-in-bank", "missing-in-ledger", "amount", "duplicate", "ambiguous", "timing"]),
                "only of this kind"),
            .optional(.olderThan, .number(0...100_000), "only those older than so many days"),
        ] + ArgumentSpec.page,
        example: "BREAKS tenant=lingang kind=missing-in-bank older-than=30")

    static let breakHistory = VerbSpec(
        .breakHistory, .bank, "Shows a break and what befell it.", [.tenant, .breakNumber],
        example: "BREAK tenant=lingang break=7")

    static let breakAssign = VerbSpec(
        .breakAssign, .bank, "Says who looks after a break.",
        [.tenant, .breakNumber, .required(.owner, .name, "who looks after it")],
        example: "BREAK.ASSIGN tenant=lingang break=7 owner=alice")

    static let breakResolve = VerbSpec(
        .breakResolve, .bank, "Resolves a break by a match, by an entry, or, without either, by a note.",
        [
            .tenant, .breakNumber, .reason,
            .optional(.match, .names, "the breaks on the other side that it matches"),
            .optional(.entry, .identifier, "the entry that it matches"),
            .standard(.reopen, .flag, "no", "yes: the note was a mistake, and the break is open again"),
        ],
        example: "BREAK.RESOLVE tenant=lingang break=7 match=9 reason=\"paid twice, agreed with the bank\"")

    static let matches = VerbSpec(
        .matches, .bank, "Lists the matches, with both sides and the rule that made them.",
        [.tenant] + ArgumentSpec.page, example: "MATCHES tenant=lingang")

    static let matchUndo = VerbSpec(
        .matchUndo, .bank, "Undoes a match and reverses what it settled; the same match is not made again by itself.",
        [
            .tenant, .required(.match, .number(1...Int.max), "the match, as MATCHES shows it"), .reason,
        ],
        example: "MATCH.UNDO tenant=lingang match=3 reason=\"another company of the same name\"")

    static let reconciliation = VerbSpec(
        .reconciliation, .bank, "Proves on a day, account by account: the ledger is the bank and the breaks.",
        [.tenant, .on], example: "RECONCILIATION tenant=lingang on=2023-09-30")
}
