import LedgerCore
import Postgres
import Reconciling

// RECONCILE: a step at a time. A step that makes matches asks for what they post and is asked again; the last one finds
// no new match, and writes down what has none.

extension Desk {
    private static let dryRun = "bank_dry_run"

    func reconcile(
        _ terms: ReconcileTerms, isDryRun: Bool, _ before: BankProgress, on connection: inout Connection
    ) throws(PostgresError) -> Verdict {
        if isDryRun { try connection.execute("SAVEPOINT \(Desk.dryRun)") }
        var progress = before
        try gatherPayments(on: &connection)
        try strikeRefused(progress.refused, on: &connection)
        let left = try pending(on: &connection).filter { progress.refused[$0.match] == nil }
        if !isDryRun, !left.isEmpty {
            progress.postings = left
            return .unfinished(progress)
        }
        let accounts = try accounts(on: &connection)
        var breaks: [FoundBreak] = []
        while true {
            let findings = try findings(terms, accounts, Array(progress.refused.keys), on: &connection)
            let made = try insert(findings, on: &connection)
            progress.made += made
            guard made > 0 else {
                breaks = findings.flatMap { account, found in found.breaks.map { FoundBreak(account, $0) } }
                break
            }
            let postings = try pending(on: &connection).filter { progress.refused[$0.match] == nil }
            if !isDryRun, !postings.isEmpty {
                progress.postings = postings
                return .unfinished(progress)
            }
            if isDryRun { progress.postings = postings }
        }
        try write(breaks, on: &connection)
        var summary = [
            Field("dry-run", .flag(isDryRun)), Field("matches", .number(Int64(progress.made))),
            Field("posted", .number(Int64(isDryRun ? 0 : progress.posted))),
            Field("refused", .list(progress.refused.keys.sorted().map { refusal($0, progress.refused[$0]) })),
        ]
        summary += try self.summary(accounts, on: &connection)
        if isDryRun { try connection.execute("ROLLBACK TO SAVEPOINT \(Desk.dryRun)") }
        return .one(.answered(summary))
    }

    private func refusal(_ match: Int64, _ refusal: Refusal?) -> JSONValue {
        .object([
            Field("match", .number(match)), Field("code", .optional(refusal?.code.name)),
            Field("message", .optional(refusal?.message)),
        ])
    }

    // MARK: What is matched

    /// The accounts that have closed statements, and the period of these.
    struct BankAccount: Hashable {
        let account: String
        let first: Day
        let last: Day
    }

    func accounts(on connection: inout Connection) throws(PostgresError) -> [BankAccount] {
        let rows = try query(
            """
            SELECT account, min(first_day), max(last_day) FROM statements
            WHERE root = $1 AND tenant = $2 AND closed_at IS NOT NULL GROUP BY account ORDER BY account
            """, on: &connection)
        var accounts: [BankAccount] = []
        for row in 0..<rows.count {
            accounts.append(
                BankAccount(
                    account: try rows.text(row, 0), first: Day(number: try rows.day(row, 1)),
                    last: Day(number: try rows.day(row, 2))))
        }
        return accounts
    }

    private func findings(
        _ terms: ReconcileTerms, _ accounts: [BankAccount], _ refused: [Int64], on connection: inout Connection
    ) throws(PostgresError) -> [(String, Findings)] {
        let rules = MatchRules(tolerance: terms.tolerance, window: terms.window, grace: terms.grace)
        let undone = try undonePairings(refused, on: &connection)
        var findings: [(String, Findings)] = []
        for account in accounts {
            let lines = try openLines(of: account, on: &connection)
            let payments = try openPayments(of: account, on: &connection)
            let matched = try matchedPayments(namedBy: lines, on: &connection)
            let matcher = Matcher(tenant: id, rules: rules, on: account.last, undone: undone)
            findings.append((account.account, matcher.run(payments: payments, lines: lines, matched: matched)))
        }
        return findings
    }

    /// What was paid by hand before the first statement began is in its opening balance.
    static let openPayments = """
        FROM payments p
            LEFT JOIN marks k ON k.root = p.root AND k.tenant = p.tenant AND k.sequence = p.entry
            LEFT JOIN entries s ON s.root = p.root AND s.tenant = p.tenant AND s.sequence = k.settled_by
        WHERE p.root = $1 AND p.tenant = $2 AND p.account = $3 AND p.void_by IS NULL
            AND (s.date IS NULL OR s.date >= $4)
            AND NOT EXISTS (SELECT FROM matched_payments m
                WHERE m.root = p.root AND m.tenant = p.tenant AND m.entry = p.entry AND m.stands)
            AND NOT EXISTS (SELECT FROM breaks b
                WHERE b.root = p.root AND b.tenant = p.tenant AND b.entry = p.entry AND b.resolution = 'noted')
        """

    private func openPayments(
        of account: BankAccount, on connection: inout Connection
    ) throws(PostgresError) -> [Payment] {
        let rows = try query(
            """
            SELECT \(Desk.paymentColumns) \(Desk.openPayments)
            """, [.text(account.account), .date(account.first.number)], on: &connection)
        var payments: [Payment] = []
        payments.reserveCapacity(rows.count)
        for row in 0..<rows.count { payments.append(try payment(rows, row)) }
        return payments
    }

    private static let paymentColumns = """
        p.entry, p.date, p.amount, p.gives_back,
        (SELECT y.account FROM parties y WHERE y.root = p.root AND y.number = p.party),
        (SELECT o."order" FROM ordered_payments o
            WHERE o.root = p.root AND o.tenant = p.tenant AND o.entry = p.entry)
        """

    private func payment(_ rows: Rows, _ row: Int) throws(PostgresError) -> Payment {
        let entry = try rows.int8(row, 0)
        let givesBack = try rows.optionalInt8(row, 3)
        return Payment(
            entry: entry, date: Day(number: try rows.day(row, 1)), amount: Amount(fen: try rows.int8(row, 2)),
            reference: PaymentReference(tenant: id, entry: givesBack ?? entry)?.description,
            account: try rows.optionalText(row, 4), batch: try rows.optionalText(row, 5), givesBack: givesBack)
    }

    private static let lineColumns = """
        l.statement, l.line, l.booked, l.amount, l.reference, l.end_to_end, l.remittance, l.counterparty_account,
        l.batch, l.transactions, l.returns, l.is_return
        """

    /// `column` is the first one of ``lineColumns``.
    private func line(_ rows: Rows, _ row: Int, from column: Int = 0) throws(PostgresError) -> StatementLine {
        StatementLine(
            id: LineID(statement: try rows.int8(row, column), number: Int(try rows.int4(row, column + 1))),
            booked: Day(number: try rows.day(row, column + 2)), amount: Amount(fen: try rows.int8(row, column + 3)),
            bankReference: try rows.optionalText(row, column + 4), endToEndID: try rows.optionalText(row, column + 5),
            text: try rows.optionalText(row, column + 6), account: try rows.optionalText(row, column + 7),
            batch: try rows.optionalText(row, column + 8), transactionCount: Int(try rows.int4(row, column + 9)),
            originalReference: try rows.optionalText(row, column + 10), isReturn: try rows.bool(row, column + 11))
    }

    private func openLines(
        of account: BankAccount, on connection: inout Connection
    ) throws(PostgresError) -> [StatementLine] {
        let rows = try query(
            """
            SELECT \(Desk.lineColumns) FROM statements s
                JOIN statement_lines l ON l.root = s.root AND l.tenant = s.tenant AND l.statement = s.number
            WHERE s.root = $1 AND s.tenant = $2 AND s.account = $3 AND s.closed_at IS NOT NULL AND l.amount <> 0
                AND NOT EXISTS (SELECT FROM matched_lines m WHERE m.root = l.root AND m.tenant = l.tenant
                    AND m.statement = l.statement AND m.line = l.line AND m.stands)
                AND NOT EXISTS (SELECT FROM breaks b WHERE b.root = l.root AND b.tenant = l.tenant
                    AND b.statement = l.statement AND b.line = l.line AND b.resolution = 'noted')
            """, [.text(account.account)], on: &connection)
        var lines: [StatementLine] = []
        lines.reserveCapacity(rows.count)
        for row in 0..<rows.count { lines.append(try line(rows, row)) }
        return lines
    }

    /// Of the payments that are matched already those that an open line names, by their reference or by the bank's
    /// reference of their line.
    private func matchedPayments(
        namedBy lines: [StatementLine], on connection: inout Connection
    ) throws(PostgresError) -> [MatchedPayment] {
        var entries: Set<Int64> = []
        for line in lines {
            for text in [line.endToEndID, line.text] {
                guard let text else { continue }
                for reference in PaymentReference.found(in: text) where reference.isOf(tenant: id) {
                    entries.insert(reference.entry)
                }
            }
        }
        let originals = Set(lines.compactMap(\.originalReference))
        guard !entries.isEmpty || !originals.isEmpty else { return [] }
        let rows = try query(
            """
            SELECT \(Desk.paymentColumns), \(Desk.lineColumns),
                EXISTS (SELECT FROM matches g WHERE g.root = p.root AND g.tenant = p.tenant
                    AND g.gives_back = p.entry AND g.undone_at IS NULL)
            FROM payments p
                JOIN matched_payments m ON m.root = p.root AND m.tenant = p.tenant AND m.entry = p.entry AND m.stands
                JOIN matches h ON h.root = p.root AND h.tenant = p.tenant AND h.number = m.match AND h.rule <> 5
                JOIN matched_lines n ON n.root = p.root AND n.tenant = p.tenant AND n.match = m.match
                JOIN statement_lines l ON l.root = p.root AND l.tenant = p.tenant AND l.statement = n.statement
                    AND l.line = n.line
            WHERE p.root = $1 AND p.tenant = $2 AND (p.entry = ANY ($3) OR p.entry IN (
                SELECT m2.entry FROM statement_lines l2
                    JOIN matched_lines n2 ON n2.root = $1 AND n2.tenant = $2 AND n2.statement = l2.statement
                        AND n2.line = l2.line AND n2.stands
                    JOIN matched_payments m2 ON m2.root = $1 AND m2.tenant = $2 AND m2.match = n2.match
                WHERE l2.root = $1 AND l2.tenant = $2 AND l2.reference = ANY ($4)))
            ORDER BY p.entry, l.statement, l.line
            """, [.int8s(entries.sorted()), .texts(originals.sorted())], on: &connection)
        var matched: [MatchedPayment] = []
        var row = 0
        while row < rows.count {
            let payment = try payment(rows, row)
            let isReturned = try rows.bool(row, 18)
            var lines: [StatementLine] = []
            while row < rows.count, try rows.int8(row, 0) == payment.entry {
                lines.append(try line(rows, row, from: 6))
                row += 1
            }
            matched.append(MatchedPayment(payment: payment, lines: lines, returned: isReturned))
        }
        return matched
    }

    /// What people have undone, and what the books have refused in this run.
    private func undonePairings(
        _ refused: [Int64], on connection: inout Connection
    ) throws(PostgresError) -> Set<Pairing> {
        let rows = try query(
            """
            SELECT coalesce(p.entry, m.gives_back), l.statement, l.line FROM matches m
                LEFT JOIN matched_payments p ON p.root = m.root AND p.tenant = m.tenant AND p.match = m.number
                JOIN matched_lines l ON l.root = m.root AND l.tenant = m.tenant AND l.match = m.number
            WHERE m.root = $1 AND m.tenant = $2 AND m.undone_at IS NOT NULL
                AND (NOT m.is_refused OR m.number = ANY ($3))
                AND coalesce(p.entry, m.gives_back) IS NOT NULL
            """, [.int8s(refused)], on: &connection)
        var pairings: Set<Pairing> = []
        for row in 0..<rows.count {
            pairings.insert(
                Pairing(
                    entry: try rows.int8(row, 0),
                    line: LineID(statement: try rows.int8(row, 1), number: Int(try rows.int4(row, 2)))))
        }
        return pairings
    }

    // MARK: What is written of it

    /// Answers how many matches there are more now.
    private func insert(
        _ findings: [(String, Findings)], on connection: inout Connection
    ) throws(PostgresError) -> Int {
        var new: [NewMatch] = []
        for (_, found) in findings {
            new += found.matches.map { NewMatch(rule: $0.rule.rawValue, payments: $0.payments, lines: $0.lines) }
            new += found.returns.map {
                NewMatch(rule: NewMatch.returned, payments: [], lines: [$0.line], givesBack: $0.payment)
            }
        }
        try insert(new, on: &connection)
        return new.count
    }
}
