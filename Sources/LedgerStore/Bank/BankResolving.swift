import LedgerCore
import Postgres
import Reconciling

// BREAK.RESOLVE: by a note, or by a match that a person makes.

extension Desk {
    func resolve(
        _ number: Int64, _ resolution: BreakResolution, _ reason: String, _ before: BankProgress,
        on connection: inout Connection
    ) throws(PostgresError) -> Verdict {
        try gatherPayments(on: &connection)
        let row = try found(number, on: &connection)
        guard row.count == 1 else { return .one(noBreak(number)) }
        let standing = try row.optionalText(0, 10)
        switch resolution {
        case .note:
            if standing == "noted" { return .one(.answered(try fields(row, 0))) }
            guard standing == nil else { return .one(try resolved(number, row)) }
            try setResolution("noted", of: [number], reason, on: &connection)
            return .one(.answered(try fields(try found(number, on: &connection), 0)))
        case .reopen:
            if standing == nil { return .one(.answered(try fields(row, 0))) }
            guard standing == "noted" else { return .one(try resolved(number, row)) }
            try setResolution(nil, of: [number], reason, on: &connection)
            return .one(.answered(try fields(try found(number, on: &connection), 0)))
        case .match(let others): return try match(number, others, entry: nil, reason, before, on: &connection)
        case .entry(let entry): return try match(number, [], entry: entry, reason, before, on: &connection)
        }
    }

    private func setResolution(
        _ resolution: String?, of numbers: [Int64], _ detail: String, on connection: inout Connection
    ) throws(PostgresError) {
        try query(
            "UPDATE breaks SET resolution = $4 WHERE root = $1 AND tenant = $2 AND number = ANY ($3)",
            [.int8s(numbers), .optional(resolution)], on: &connection)
        let event = resolution.map { "resolved \($0)" } ?? "reopened"
        try note(numbers.map { BreakEvent(number: $0, event: event, detail: detail) }, on: &connection)
    }

    /// Makes a match of breaks, and of an entry where one is named; both sides must come to the same.
    private func match(
        _ number: Int64, _ others: [Int64], entry: String?, _ reason: String, _ before: BankProgress,
        on connection: inout Connection
    ) throws(PostgresError) -> Verdict {
        let numbers = Array(Set([number] + others)).sorted()
        let rows = try query(
            """
            SELECT number, entry, statement, line, account, resolution FROM breaks
            WHERE root = $1 AND tenant = $2 AND number = ANY ($3) ORDER BY number
            """, [.int8s(numbers)], on: &connection)
        var payments: Set<Int64> = []
        var lines: Set<LineID> = []
        var known: Set<Int64> = []
        for row in 0..<rows.count {
            let key = try BreakKey(rows, row, from: 1)
            known.insert(try rows.int8(row, 0))
            if let entry = key.entry { payments.insert(entry) }
            if let line = key.line { lines.insert(line) }
        }
        if let unknown = numbers.first(where: { !known.contains($0) }) { return .one(noBreak(unknown)) }
        if let entry {
            guard let name = SequenceName(entry), name.tenant == tenant else {
                return .one(missing("entry", entry, "JOURNAL lists them"))
            }
            payments.insert(name.sequence)
        }
        if let answer = try progress(ofMatchOf: payments, lines, numbers, before, on: &connection) { return answer }
        for row in 0..<rows.count where try ![nil, "noted"].contains(rows.optionalText(row, 5)) {
            return .one(
                self.standing(
                    "break",
                    "break \(try rows.int8(row, 0)) is resolved (\(try rows.text(row, 5))); BREAKS lists the open ones")
            )
        }
        if let refusal = try objection(to: payments, lines, account: try rows.text(0, 4), on: &connection) {
            return .one(.refused(refusal))
        }
        try insert(
            [
                NewMatch(
                    rule: MatchRule.byHand.rawValue, payments: payments.sorted(), lines: lines.sorted(),
                    because: reason)
            ], on: &connection)
        let all = try query(
            """
            SELECT number FROM breaks WHERE root = $1 AND tenant = $2 AND (resolution IS NULL OR resolution = 'noted')
                AND (number = ANY ($3) OR entry = ANY ($4))
            """, [.int8s(numbers), .int8s(payments.sorted())], on: &connection)
        var resolved: [Int64] = []
        for row in 0..<all.count { resolved.append(try all.int8(row, 0)) }
        try setResolution("by-hand", of: resolved, reason, on: &connection)
        return try progress(ofMatchOf: payments, lines, numbers, before, on: &connection)
            ?? .one(.refused(.notFoundAgain))
    }

    /// Where the match stands: what it asks for, or, once that is posted, the answer. nil where there is none.
    private func progress(
        ofMatchOf payments: Set<Int64>, _ lines: Set<LineID>, _ numbers: [Int64], _ before: BankProgress,
        on connection: inout Connection
    ) throws(PostgresError) -> Verdict? {
        let rows = try query(
            """
            SELECT m.number FROM matches m WHERE m.root = $1 AND m.tenant = $2 AND m.rule = 4 AND m.undone_at IS NULL
                AND m.number IN (
                    SELECT match FROM matched_payments
                    WHERE root = $1 AND tenant = $2 AND stands AND entry = ANY ($3)
                    UNION ALL SELECT n.match FROM matched_lines n
                        JOIN unnest($4::int8[], $5::int4[]) AS u (statement, line) USING (statement, line)
                    WHERE n.root = $1 AND n.tenant = $2 AND n.stands)
            """,
            [
                .int8s(payments.sorted()), .int8s(lines.map(\.statement)), .int4s(lines.map { Int32($0.number) }),
            ], on: &connection)
        guard rows.count == 1 else { return nil }
        let match = try rows.int8(0, 0)
        let sides = try query(
            """
            SELECT ARRAY (SELECT entry FROM matched_payments WHERE root = $1 AND tenant = $2 AND match = $3),
                ARRAY (SELECT statement FROM matched_lines WHERE root = $1 AND tenant = $2 AND match = $3
                    ORDER BY statement, line),
                ARRAY (SELECT line FROM matched_lines WHERE root = $1 AND tenant = $2 AND match = $3
                    ORDER BY statement, line)
            """, [.int8(match)], on: &connection)
        let matched = zip(try sides.int8s(0, 1), try sides.int4s(0, 2)).map {
            LineID(statement: $0, number: Int($1))
        }
        guard try Set(sides.int8s(0, 0)) == payments, Set(matched) == lines else { return nil }
        let postings = try pending(on: &connection).filter { $0.match == match }
        if let refusal = before.refused[match], !postings.isEmpty {
            try strike(match, "the books refuse it: \(refusal.message)", isRefused: true, on: &connection)
            try setResolution(nil, of: numbers, refusal.message, on: &connection)
            return .one(.refused(refusal))
        }
        guard postings.isEmpty else {
            var progress = before
            progress.postings = postings
            return .unfinished(progress)
        }
        let first = try found(numbers[0], on: &connection)
        return .one(
            .answered([
                Field("breaks", .list(numbers.map { .number($0) })), Field("match", .number(match)),
                Field("resolution", .optional(try first.optionalText(0, 10))),
            ]))
    }

    /// Why these cannot be a match.
    private func objection(
        to payments: Set<Int64>, _ lines: Set<LineID>, account: String, on connection: inout Connection
    ) throws(PostgresError) -> Refusal? {
        let found = try query(
            """
            SELECT count(*), coalesce(sum(p.amount), 0)::text, count(*) FILTER (WHERE p.account IS DISTINCT FROM $4),
                count(*) FILTER (WHERE p.void_by IS NOT NULL), count(*) FILTER (WHERE EXISTS (
                    SELECT FROM matched_payments m WHERE m.root = p.root AND m.tenant = p.tenant
                        AND m.entry = p.entry AND m.stands))
            FROM payments p WHERE p.root = $1 AND p.tenant = $2 AND p.entry = ANY ($3)
            """, [.int8s(payments.sorted()), .text(account)], on: &connection)
        guard try found.int8(0, 0) == Int64(payments.count) else {
            return .invalid("entry", "the entry moves no money of a bank: expected a DISBURSE, a RECOVER or a RETURN")
        }
        guard try found.int8(0, 2) == 0 else {
            return .invalid("entry", "the entry is of a fund that pays from another account than \(account)")
        }
        guard try found.int8(0, 3) == 0 else {
            return .invalid("entry", "the entry was reversed: there is nothing to be paid")
        }
        guard try found.int8(0, 4) == 0 else {
            return .invalid("entry", "the entry is in a match already; undo that with MATCH.UNDO first")
        }
        guard !lines.isEmpty else {
            return .invalid("match", "a match needs a line of the bank: name the break of one, or resolve by a note")
        }
        let bank = try query(
            """
            SELECT coalesce(sum(l.amount), 0)::text, count(*) FILTER (WHERE s.account <> $5),
                count(*) FILTER (WHERE EXISTS (SELECT FROM matched_lines m WHERE m.root = l.root
                    AND m.tenant = l.tenant AND m.statement = l.statement AND m.line = l.line AND m.stands))
            FROM statement_lines l JOIN unnest($3::int8[], $4::int4[]) AS u (statement, line) USING (statement, line)
                JOIN statements s ON s.root = l.root AND s.tenant = l.tenant AND s.number = l.statement
            WHERE l.root = $1 AND l.tenant = $2
            """,
            [
                .int8s(lines.map(\.statement)), .int4s(lines.map { Int32($0.number) }), .text(account),
            ], on: &connection)
        guard try bank.int8(0, 1) == 0 else {
            return .invalid("match", "the breaks are of different accounts; a match is of one")
        }
        guard try bank.int8(0, 2) == 0 else {
            return .invalid("match", "the line is in a match already; undo that with MATCH.UNDO first")
        }
        let (ledgerSum, bankSum) = (Int128(try found.text(0, 1)) ?? 0, Int128(try bank.text(0, 0)) ?? 0)
        guard ledgerSum == bankSum else {
            let (ledger, bank) = (Reconciling.Total(fen: ledgerSum), Reconciling.Total(fen: bankSum))
            return .invalid(
                "match",
                "the two sides are not the same: the payments come to \(ledger), the lines to \(bank), a difference of "
                    + "\(bank - ledger); name what is missing, or resolve by a note")
        }
        return nil
    }
}

extension Refusal {
    fileprivate static let notFoundAgain = Refusal(
        .unavailable, "the match was made and is not found again; please report it")
}
