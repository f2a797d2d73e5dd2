import LedgerCore

/// Reads the one statement of a CSV file.
struct CSVStatementReader {
    private let currency: String
    private let mapping: CSVMapping
    private let facts: CSVFacts

    private var assembly = StatementAssembly()
    private var account: String?
    /// The opening balance (oldest line first) or closing balance (newest first) that every running balance leads
    /// back to, in fen.
    private var anchor: Int128?

    init(currency: String, mapping: CSVMapping, facts: CSVFacts) {
        self.currency = currency
        self.mapping = mapping
        self.facts = facts
        account = (facts.account ?? mapping.account).flatMap(FieldText.account)
    }

    mutating func read(_ chunks: @escaping StatementReader.Chunks, receive: (StatementEvent) throws -> Void) throws {
        var records = try CSVRecords(mapping: mapping, chunks: chunks)
        guard let first = try records.next() else {
            throw StatementError(
                .format, "the file has no \(mapping.hasHeader ? "header" : "record")", "give a CSV file")
        }
        let columns = try CSVColumns(mapping: mapping, first: first)
        var record = mapping.hasHeader ? try records.next() : first
        while var present = record {
            do {
                try columns.checkWidth(of: &present)
                let line = try line(of: present, columns)
                try receive(.line(line))
            } catch let error as StatementError {
                throw error.at(present.line)
            }
            record = try records.next()
        }
        try receive(.statement(try assembly.proven(by: try header(line: first.line))))
    }

    // MARK: One record

    private mutating func line(of record: CSVRecords.Record, _ columns: CSVColumns) throws(StatementError) -> BankLine {
        guard let date = columns.value(.date, in: record) else {
            throw StatementError(.missing, "a record has no date", "correct the file, or remove what is no record")
        }
        let amount = try amount(of: record, columns)
        try checkCurrency(of: record, columns)
        try checkAccount(of: record, columns)
        let before = assembly.total
        let line = BankLine(
            number: 0, line: record.line, booked: try mapping.dateFormat.day(date),
            value: try columns.value(.valueDate, in: record).map { text throws(StatementError) in
                try mapping.dateFormat.day(text)
            },
            amount: amount, reference: columns.value(.reference, in: record),
            endToEndID: columns.value(.endToEnd, in: record), text: columns.value(.text, in: record),
            counterparty: BankLine.Counterparty(
                name: columns.value(.counterpartyName, in: record),
                account: columns.value(.counterpartyAccount, in: record).flatMap(FieldText.account)),
            isReversal: false, isReturn: false, returnReason: nil, transactionCount: 1)
        let numbered = assembly.add(line)
        try checkBalance(of: record, columns, before: before)
        return numbered
    }

    /// A minus in a debit column, or beside an indicator, takes back a booking on that side, as red ink does.
    private func amount(of record: CSVRecords.Record, _ columns: CSVColumns) throws(StatementError) -> Amount {
        func read(_ field: CSVMapping.Field) throws(StatementError) -> Amount? {
            try columns.value(field, in: record).map { text throws(StatementError) in
                try mapping.amountFormat.amount(text)
            }
        }
        if mapping.columns[.amount] != nil {
            guard let amount = try read(.amount) else {
                throw StatementError(.missing, "a record has no amount", "correct the file")
            }
            guard mapping.columns[.indicator] != nil else { return amount }
            let word = columns.value(.indicator, in: record) ?? ""
            if mapping.creditWords.contains(word) { return amount }
            if mapping.debitWords.contains(word) { return -amount }
            throw StatementError(
                .value, "the indicator is neither debit nor credit", value: word,
                "add it to debit-words or credit-words of the mapping")
        }
        let debit = try read(.debit)
        let credit = try read(.credit)
        guard debit != nil || credit != nil else {
            throw StatementError(.missing, "a record has neither debit nor credit", "correct the file")
        }
        guard (debit ?? .zero) == .zero || (credit ?? .zero) == .zero else {
            throw StatementError(
                .amount, "a record has a debit and a credit", value: "\(debit ?? .zero) and \(credit ?? .zero)",
                "correct the file")
        }
        return (credit ?? .zero) - (debit ?? .zero)
    }

    private func checkCurrency(of record: CSVRecords.Record, _ columns: CSVColumns) throws(StatementError) {
        guard mapping.columns[.currency] != nil else { return }
        let word = columns.value(.currency, in: record) ?? ""
        guard word == currency || mapping.currencyWords.contains(word) else {
            throw StatementError(
                .currency, "an amount is not in \(currency)", value: word,
                "read the statement for an account in \(currency), or add the word to currency-words of the mapping")
        }
    }

    private mutating func checkAccount(of record: CSVRecords.Record, _ columns: CSVColumns) throws(StatementError) {
        guard let named = columns.value(.account, in: record).flatMap(FieldText.account) else { return }
        guard named == account ?? named else {
            throw StatementError(
                .value, "a record is of another account than \(account ?? "")", value: named,
                "give each account a file of its own")
        }
        account = named
    }

    private mutating func checkBalance(
        of record: CSVRecords.Record, _ columns: CSVColumns, before: Int128
    ) throws(StatementError) {
        guard let text = columns.value(.balance, in: record) else { return }
        let balance = Int128(try mapping.amountFormat.amount(text).fen)
        let found: Int128 =
            switch mapping.order {
            case .oldestFirst: balance - assembly.total
            case .newestFirst: balance + before
            }
        guard let anchor, found != anchor else { return anchor = found }
        let expected = try StatementAssembly.amount(balance - (found - anchor), line: record.line)
        throw StatementError(
            .balance, "the running balance should be \(expected)", value: text,
            "a record is missing or wrong before this one, or order in the mapping is not that of the file")
    }

    // MARK: The whole

    private func header(line: Int) throws(StatementError) -> StatementHeader {
        guard let account else {
            throw StatementError(
                .missing, line: line, "the statement has no account",
                "give it, in the mapping (account) or as a column (columns.account)")
        }
        guard let from = facts.from ?? assembly.earliest?.day, let to = facts.to ?? assembly.latest?.day else {
            throw StatementError(
                .missing, line: line, "the statement has no lines, and so no period", "give its first and last day")
        }
        var opening = facts.opening
        var closing = facts.closing
        if let anchor {
            let total = assembly.total
            let isOldestFirst = mapping.order == .oldestFirst
            let first = try StatementAssembly.amount(isOldestFirst ? anchor : anchor - total, line: line)
            let last = try StatementAssembly.amount(isOldestFirst ? anchor + total : anchor, line: line)
            opening = try agreed(opening, with: first, name: "opening", line: line)
            closing = try agreed(closing, with: last, name: "closing", line: line)
        }
        guard let opening, let closing else {
            throw StatementError(
                .missing, line: line, "the statement has no \(opening == nil ? "opening" : "closing") balance",
                "give it, or map the column of running balances (columns.balance)")
        }
        return StatementHeader(
            account: account, currency: currency, id: facts.id ?? "\(from)/\(to)", sequence: facts.sequence,
            from: from, to: to, opening: opening, closing: closing, line: line)
    }

    private func agreed(
        _ given: Amount?, with computed: Amount, name: String, line: Int
    ) throws(StatementError) -> Amount {
        guard let given, given != computed else { return computed }
        throw StatementError(
            .balance, line: line, "the \(name) balance is \(computed) by the running balances, not as given",
            value: given.description, "correct the one or the other; they are out by \(computed - given)")
    }
}
