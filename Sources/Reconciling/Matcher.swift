package import LedgerCore

/// Matches what the ledger says was paid with what the bank says was paid.
///
/// The same payments and lines give the same findings in whatever order they come, and matching again after its
/// findings were stored finds nothing more.
package struct Matcher: Sendable {
    private let tenant: String
    private let rules: MatchRules
    private let on: Day
    private let undone: Set<Pairing>

    /// `on` is the day from which the age of an unpaid payment is counted.
    package init(tenant: String, rules: MatchRules, on: Day, undone: Set<Pairing>) {
        self.tenant = tenant
        self.rules = rules
        self.on = on
        self.undone = undone
    }

    /// `payments` and `lines` are the open ones of one bank account, each once; `matched` those that have their lines.
    package func run(payments: [Payment], lines: [StatementLine], matched: [MatchedPayment]) -> Findings {
        var run = MatchRun(
            tenant: tenant, rules: rules, on: on, undone: Undone(undone), payments: payments, lines: lines,
            matched: matched)
        run.matchAll()
        return Findings(
            matches: run.matches.sorted { $0.payments[0] < $1.payments[0] },
            returns: run.returns.sorted { $0.line < $1.line }, breaks: run.findBreaks())
    }
}
