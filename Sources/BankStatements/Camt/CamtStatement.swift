import LedgerCore

/// A `Stmt` as it is read.
struct CamtStatement {
    private struct Balance {
        var code: String?
        var amount: Amount?
        var isCredit: Bool?
        var day: Day?

        /// nil where the amount or its side is missing.
        var signed: Amount? {
            guard let amount, let isCredit else { return nil }
            return isCredit ? amount : -amount
        }
    }

    /// Bounds what is kept of each statement of a file.
    static let longestText = 500

    private let line: Int
    private let currency: String
    private(set) var account: String?
    private var id: String?
    private var electronicSequence: Int?
    private var legalSequence: Int?
    private var from: Day?
    private var to: Day?
    private var balance = Balance()
    /// By code: the ones that prove the statement.
    private var balances: [String: Balance] = [:]

    var assembly = StatementAssembly()
    var skippedEntries = 0

    init(line: Int, currency: String) {
        self.line = line
        self.currency = currency
    }

    mutating func fill(_ field: CamtField, with text: String, currency: String?) throws(StatementError) {
        guard text.utf8.count <= Self.longestText else {
            throw StatementError(
                .tooLarge, "a value of more than \(Self.longestText) bytes", value: text, "the standard allows 35")
        }
        switch field {
        case .statementID: id = text
        case .electronicSequence: electronicSequence = try CamtValue.number(text)
        case .legalSequence: legalSequence = try CamtValue.number(text)
        case .from: from = try ISODate.day(text)
        case .to: to = try ISODate.day(text)
        case .account: account = FieldText.account(text)
        case .accountCurrency: try CamtValue.check(text, is: self.currency)
        case .balanceCode: balance.code = text
        case .balanceAmount:
            try CamtValue.check(currency, is: self.currency)
            balance.amount = try CamtValue.amount(text)
        case .balanceSide: balance.isCredit = try CamtValue.isCredit(text)
        case .balanceDay: balance.day = try ISODate.day(text)
        default: break
        }
    }

    // MARK: Balances

    mutating func beginBalance() { balance = Balance() }

    mutating func endBalance() throws(StatementError) {
        guard let code = balance.code, ["OPBD", "PRCD", "CLBD"].contains(code) else { return }
        guard let signed = balance.signed else {
            throw StatementError(
                .missing, "balance \(code) has no amount or no side (Amt, CdtDbtInd)", "ask the bank for a right file")
        }
        if let other = balances[code]?.signed, other != signed {
            throw StatementError(
                .balance, "there are two balances \(code), \(other) and \(signed)",
                "ask the bank for one statement for each period")
        }
        balances[code] = balance
    }

    /// The booked balance that the statement opens with: its own, else the one that the period before closed with.
    private func opening() throws(StatementError) -> Balance {
        let own = balances["OPBD"]
        let previous = balances["PRCD"]
        if let own = own?.signed, let previous = previous?.signed, own != previous {
            throw StatementError(
                .balance, line: line,
                "the opening balance (OPBD) \(own) is not the previous closing balance (PRCD) \(previous)",
                "ask the bank what lies between them")
        }
        guard let balance = own ?? previous else { throw missing("opening balance (Bal with OPBD or PRCD)") }
        return balance
    }

    // MARK: The whole

    func proven() throws(StatementError) -> BankStatement {
        guard let id else { throw missing("identification (Id)") }
        guard let account else { throw missing("account (Acct/Id/IBAN or Acct/Id/Othr/Id)") }
        let opening = try opening()
        guard let closing = balances["CLBD"] else { throw missing("closing balance (Bal with CLBD)") }
        guard let from = from ?? opening.day, let to = to ?? closing.day else {
            throw missing("period (FrToDt, or the days of its balances)")
        }
        return try assembly.proven(
            by: StatementHeader(
                account: account, currency: currency, id: id, sequence: electronicSequence ?? legalSequence,
                from: from, to: to, openingDay: opening.day, opening: opening.signed ?? .zero,
                closing: closing.signed ?? .zero, skippedEntries: skippedEntries, line: line))
    }

    private func missing(_ what: String) -> StatementError {
        StatementError(
            .missing, line: line, "the statement has no \(what)", "ask the bank for the whole statement")
    }
}

/// The values of elements.
enum CamtValue {
    static func amount(_ text: String) throws(StatementError) -> Amount {
        let amount = try AmountFormat().amount(text)
        guard !amount.isNegative else {
            throw StatementError(
                .amount, "an amount with a sign", value: text,
                "CdtDbtInd tells the side; ask the bank for a right file")
        }
        return amount
    }

    static func isCredit(_ text: String) throws(StatementError) -> Bool {
        switch text {
        case "CRDT": return true
        case "DBIT": return false
        default: throw StatementError(.value, "CdtDbtInd is neither CRDT nor DBIT", value: text, "correct the file")
        }
    }

    static func flag(_ text: String) throws(StatementError) -> Bool {
        switch text {
        case "true", "1": return true
        case "false", "0": return false
        default: throw StatementError(.value, "RvslInd is neither true nor false", value: text, "correct the file")
        }
    }

    static func number(_ text: String) throws(StatementError) -> Int {
        guard let number = Int(text), number >= 0 else {
            throw StatementError(.value, "a sequence number is not a number", value: text, "correct the file")
        }
        return number
    }

    static func check(_ currency: String?, is expected: String) throws(StatementError) {
        guard let currency else {
            throw StatementError(.missing, "an amount has no currency (Ccy)", "ask the bank for a right file")
        }
        guard currency == expected else {
            throw StatementError(
                .currency, "an amount is not in \(expected)", value: currency,
                "read the statement for an account in \(expected)")
        }
    }
}
