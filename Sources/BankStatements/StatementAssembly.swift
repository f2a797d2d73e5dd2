import LedgerCore

/// What a file says of a statement beside its lines.
struct StatementHeader {
    var account: String
    var currency: String
    var id: String
    var sequence: Int?
    var from: Day
    var to: Day
    /// The day of the opening balance, from which on lines may be booked, where that is before ``from``: banks date a
    /// day's statement by the day, and book what came in after the statement of the day before.
    var openingDay: Day?
    var opening: Amount
    var closing: Amount
    var skippedEntries = 0
    /// The line of the file where the statement begins.
    var line: Int
}

/// Takes the lines of one statement, one by one, and proves them against its header at the end.
struct StatementAssembly {
    private var digest = StatementDigest()
    private var credits: Int128 = 0
    private var debits: Int128 = 0
    private(set) var lineCount = 0
    private(set) var earliest: (day: Day, line: Int)?
    private(set) var latest: (day: Day, line: Int)?

    /// Fen. Held in 128 bits: no number of lines overflows it.
    var total: Int128 { credits + debits }

    /// The line as it is handed on, with its number.
    mutating func add(_ line: BankLine) -> BankLine {
        lineCount += 1
        var numbered = line
        numbered.number = lineCount
        if line.amount.isNegative { debits += Int128(line.amount.fen) } else { credits += Int128(line.amount.fen) }
        if earliest.map({ line.booked < $0.day }) ?? true { earliest = (line.booked, line.line) }
        if latest.map({ line.booked > $0.day }) ?? true { latest = (line.booked, line.line) }
        digest.add(numbered)
        return numbered
    }

    func proven(by header: StatementHeader) throws(StatementError) -> BankStatement {
        try proveBalance(of: header)
        try provePeriod(of: header)
        return BankStatement(
            account: header.account, currency: header.currency, id: header.id, sequence: header.sequence,
            from: header.from, to: header.to, opening: header.opening, closing: header.closing, lineCount: lineCount,
            credits: try Self.amount(credits, line: header.line), debits: try Self.amount(debits, line: header.line),
            skippedEntries: header.skippedEntries, digest: digest.value(for: header), line: header.line)
    }

    private func proveBalance(of header: StatementHeader) throws(StatementError) {
        let difference = Int128(header.closing.fen) - (Int128(header.opening.fen) + total)
        guard difference != 0 else { return }
        let out = try Self.amount(difference, line: header.line)
        let sum = try Self.amount(total, line: header.line)
        throw StatementError(
            .balance, line: header.line,
            "statement \(StatementError.quoted(header.id)) is out by \(out): opening \(header.opening) plus "
                + "\(lineCount) lines of \(sum) together is not closing \(header.closing)",
            "ask the bank for the whole statement")
    }

    private func provePeriod(of header: StatementHeader) throws(StatementError) {
        guard header.from <= header.to else {
            throw StatementError(
                .period, line: header.line, "the period runs from \(header.from) to \(header.to), backwards",
                "ask the bank for a right one")
        }
        let first = min(header.from, header.openingDay ?? header.from)
        for extreme in [earliest, latest] {
            guard let extreme, extreme.day < first || extreme.day > header.to else { continue }
            throw StatementError(
                .period, line: extreme.line,
                "a line was booked outside the statement's period, \(first) to \(header.to)",
                value: extreme.day.description, "ask the bank for a right statement")
        }
    }

    /// A sum as an amount; refused where its magnitude is above `Amount.maximum`.
    static func amount(_ fen: Int128, line: Int) throws(StatementError) -> Amount {
        guard fen.magnitude <= UInt128(Amount.maximum.fen) else {
            throw StatementError(
                .amount, line: line, "a sum of amounts is above \(Amount.maximum) yuan",
                value: "\(fen) fen", "check the file; no account holds as much")
        }
        return Amount(fen: Int64(fen))
    }
}
