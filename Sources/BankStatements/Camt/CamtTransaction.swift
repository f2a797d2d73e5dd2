import LedgerCore

/// A `TxDtls` as it is read: one payment of an entry.
struct CamtTransaction {
    /// The family of transactions that are payments come back.
    static let returnFamily = "RRTN"

    private struct Party {
        var name: String?
        var account: String?

        var isKnown: Bool { name != nil || account != nil }
    }

    /// Bytes of all its texts together.
    static let longestTexts = 65_536

    let line: Int
    var isReturn = false
    private(set) var endToEndID: String?
    private(set) var servicerReference: String?
    private var amount: Amount?
    private var olderAmount: Amount?
    private var isCredit: Bool?
    private var debtor = Party()
    private var creditor = Party()
    private var remittance: [String] = []
    private var creditorReferences: [String] = []
    private var addition: String?
    private var returnCode: String?
    private var returnTexts: [String] = []
    private var textBytes = 0

    init(line: Int) { self.line = line }

    mutating func fill(
        _ field: CamtField, with text: String, currency: String?, expected: String
    ) throws(StatementError) {
        textBytes += text.utf8.count
        guard textBytes <= Self.longestTexts else {
            throw StatementError(
                .tooLarge, line: line, "a transaction has texts of more than 64 KiB together",
                "no payment carries as much; check the file")
        }
        switch field {
        // The standard's word for none.
        case .endToEndID: endToEndID = text == "NOTPROVIDED" ? nil : text
        case .servicerReference: servicerReference = text
        // A payment may be told in the currency it was made in, which then does not divide the entry.
        case .transactionAmount where currency == expected: amount = try CamtValue.amount(text)
        case .olderTransactionAmount where currency == expected: olderAmount = try CamtValue.amount(text)
        case .transactionSide: isCredit = try CamtValue.isCredit(text)
        case .debtorName: debtor.name = text
        case .debtorAccount: debtor.account = FieldText.account(text)
        case .creditorName: creditor.name = text
        case .creditorAccount: creditor.account = FieldText.account(text)
        case .remittance: remittance.append(text)
        case .creditorReference: creditorReferences.append(text)
        case .transactionText: addition = text
        case .transactionFamily: isReturn = isReturn || text == Self.returnFamily
        case .returnCode: returnCode = text
        case .returnText: returnTexts.append(text)
        default: break
        }
    }

    /// nil where it has no amount in the account's currency.
    func signed(entryIsCredit: Bool) -> Amount? {
        (amount ?? olderAmount).map { isCredit ?? entryIsCredit ? $0 : -$0 }
    }

    var text: String? {
        let parts = remittance + creditorReferences
        return parts.isEmpty ? addition : parts.joined(separator: " ")
    }

    var returnReason: String? { isReturn ? returnCode ?? FieldText.joined(returnTexts) : nil }

    /// Who paid a credit, who got a debit. Where money goes back, banks name the parties of either direction; what is
    /// told by our own account then wins over the direction.
    func counterparty(isCredit: Bool, goesBack: Bool, account: String?) -> BankLine.Counterparty {
        let other: Party
        if let account, debtor.account == account, creditor.account != account {
            other = creditor
        } else if let account, creditor.account == account, debtor.account != account {
            other = debtor
        } else {
            let (first, second) = isCredit != goesBack ? (debtor, creditor) : (creditor, debtor)
            other = first.isKnown ? first : second
        }
        return BankLine.Counterparty(name: other.name, account: other.account)
    }
}
