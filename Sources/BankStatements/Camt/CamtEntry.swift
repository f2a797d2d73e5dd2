import LedgerCore

/// An `Ntry` as it is read, with its transactions: whether they add up to it shows only at its end.
struct CamtEntry {
    /// Bounds the memory that one entry may take.
    static let mostTransactions = 50_000
    /// Bytes of the texts of all its transactions.
    static let longestTexts = 16 << 20

    private let line: Int
    private var amount: Amount?
    private var isCredit: Bool?
    private var isReversal = false
    private var status: String?
    private var booked: Day?
    private var value: Day?
    private var reference: String?
    private var servicerReference: String?
    private var family: String?
    private var text: String?
    /// As the bank counts them in its batches, which need not list them.
    private var batchCount = 0
    private var transactions: [CamtTransaction] = []
    private var textBytes = 0

    init(line: Int) { self.line = line }

    // MARK: Reading

    mutating func beginTransaction(line: Int) throws(StatementError) {
        guard transactions.count < Self.mostTransactions else {
            throw tooLarge("has more than \(Self.mostTransactions) transactions")
        }
        transactions.append(CamtTransaction(line: line))
    }

    mutating func markReturned() { withLast { $0.isReturn = true } }

    mutating func fill(
        _ field: CamtField, with text: String, currency: String?, expected: String
    ) throws(StatementError) {
        // A short text takes room too.
        textBytes += text.utf8.count + 32
        guard textBytes <= Self.longestTexts else { throw tooLarge("has texts of more than 16 MiB together") }
        switch field {
        case .entryReference: reference = text
        case .entryAmount:
            try CamtValue.check(currency, is: expected)
            amount = try CamtValue.amount(text)
        case .entrySide: isCredit = try CamtValue.isCredit(text)
        case .entryIsReversal: isReversal = try CamtValue.flag(text)
        case .entryStatus: status = text
        case .entryBooked: booked = try ISODate.day(text)
        case .entryValue: value = try ISODate.day(text)
        case .entryServicerReference: servicerReference = text
        case .entryFamily: family = text
        case .entryText: self.text = text
        case .batchCount: batchCount += min(Int(text) ?? 0, 1_000_000_000)
        default:
            guard let last = transactions.indices.last else { return }
            try transactions[last].fill(field, with: text, currency: currency, expected: expected)
        }
    }

    private mutating func withLast(_ change: (inout CamtTransaction) -> Void) {
        guard let last = transactions.indices.last else { return }
        change(&transactions[last])
    }

    private func tooLarge(_ what: String) -> StatementError {
        StatementError(.tooLarge, line: line, "an entry \(what)", "ask the bank to divide the batch")
    }

    // MARK: At its end

    /// Whether it moved money. An entry without a status is booked, for a statement holds no others by its definition.
    func isBooked() throws(StatementError) -> Bool {
        switch status {
        case nil, "BOOK": return true
        case "PDNG", "INFO", "FUTR": return false
        case .some(let other):
            throw StatementError(
                .value, line: line, "an entry has an unknown status (Sts)", value: other,
                "BOOK, PDNG, INFO and FUTR are known; ask the bank what it means")
        }
    }

    /// One line for each transaction where all have amounts that add up to the entry, else one for the entry.
    func lines(account: String?, currency: String) throws(StatementError) -> [BankLine] {
        guard let amount else { throw missing("amount (Amt)") }
        guard let isCredit else { throw missing("side (CdtDbtInd)") }
        guard let booked = booked ?? value else { throw missing("day (BookgDt)") }
        let signed = isCredit ? amount : -amount
        let parts = transactions.compactMap { $0.signed(entryIsCredit: isCredit) }
        let divides =
            parts.count > 1 && parts.count == transactions.count
            && parts.reduce(0) { $0 + Int128($1.fen) } == Int128(signed.fen)
        guard divides else {
            let only = transactions.count == 1 ? transactions.first : nil
            return [
                made(
                    from: only, line: line, amount: signed, booked: booked, account: account,
                    count: max(transactions.count, batchCount, 1))
            ]
        }
        return zip(transactions, parts).map { transaction, part in
            made(
                from: transaction, line: transaction.line, amount: part, booked: booked, account: account, count: 1)
        }
    }

    private func made(
        from transaction: CamtTransaction?, line: Int, amount: Amount, booked: Day, account: String?, count: Int
    ) -> BankLine {
        let isReturn =
            transaction?.isReturn == true || family == CamtTransaction.returnFamily
            || (transaction == nil && !transactions.isEmpty && transactions.allSatisfy(\.isReturn))
        return BankLine(
            number: 0, line: line, booked: booked, value: value, amount: amount,
            reference: transaction?.servicerReference ?? servicerReference ?? reference,
            endToEndID: transaction?.endToEndID, text: transaction?.text ?? text,
            counterparty: transaction?.counterparty(
                isCredit: !amount.isNegative, goesBack: isReversal || isReturn, account: account)
                ?? BankLine.Counterparty(name: nil, account: nil),
            isReversal: isReversal, isReturn: isReturn, returnReason: transaction?.returnReason,
            transactionCount: count)
    }

    private func missing(_ what: String) -> StatementError {
        StatementError(.missing, line: line, "an entry has no \(what)", "ask the bank for a right file")
    }
}
