/// What an element of camt.053 fills.
enum CamtField {
    // Of a statement.
    case statement, statementID, electronicSequence, legalSequence, from, to, account, accountCurrency
    // Of a balance.
    case balance, balanceCode, balanceAmount, balanceSide, balanceDay
    // Of an entry.
    case entry, entryReference, entryAmount, entrySide, entryIsReversal, entryStatus, entryBooked, entryValue
    case entryServicerReference, entryFamily, entryText, batchCount
    // Of a transaction of an entry.
    case transaction, endToEndID, servicerReference, transactionAmount, olderTransactionAmount, transactionSide
    case debtorName, debtorAccount, creditorName, creditorAccount, remittance, creditorReference, transactionText
    case transactionFamily, returned, returnCode, returnText

    /// Whether its value is the text of the element, not what stands within.
    var holdsText: Bool {
        switch self {
        case .statement, .balance, .entry, .transaction, .returned: false
        default: true
        }
    }
}

/// An element that is read, and those within it that are. Everything else is passed over, whatever it holds: the
/// standard has hundreds of elements, and banks add their own.
final class CamtElement: Sendable {
    let field: CamtField?
    let children: [String: CamtElement]

    private init(field: CamtField?, children: [String: CamtElement]) {
        self.field = field
        self.children = children
    }

    static let document = CamtElement(paths: paths.map { ($0.split(separator: "/")[...], $1) })

    private convenience init(paths: [(names: ArraySlice<Substring>, field: CamtField)]) {
        let below = Dictionary(grouping: paths.filter { !$0.names.isEmpty }) { String($0.names[$0.names.startIndex]) }
        self.init(
            field: paths.first { $0.names.isEmpty }?.field,
            children: below.mapValues { paths in
                CamtElement(paths: paths.map { ($0.names.dropFirst(), $0.field) })
            })
    }

    // MARK: Where the versions have what

    private static let paths: [(path: String, field: CamtField)] =
        [("BkToCstmrStmt/Stmt", .statement)] + statement.map { ("BkToCstmrStmt/Stmt/" + $0, $1) }

    private static let statement: [(path: String, field: CamtField)] =
        [
            ("Id", .statementID), ("ElctrncSeqNb", .electronicSequence), ("LglSeqNb", .legalSequence),
            ("FrToDt/FrDtTm", .from), ("FrToDt/ToDtTm", .to),
            ("Acct/Id/IBAN", .account), ("Acct/Id/Othr/Id", .account), ("Acct/Ccy", .accountCurrency),
            ("Bal", .balance), ("Bal/Tp/CdOrPrtry/Cd", .balanceCode), ("Bal/Tp/CdOrPrtry/Prtry", .balanceCode),
            ("Bal/Amt", .balanceAmount), ("Bal/CdtDbtInd", .balanceSide),
            ("Bal/Dt/Dt", .balanceDay), ("Bal/Dt/DtTm", .balanceDay),
            ("Ntry", .entry),
        ] + entry.map { ("Ntry/" + $0, $1) }

    private static let entry: [(path: String, field: CamtField)] =
        [
            ("NtryRef", .entryReference), ("Amt", .entryAmount), ("CdtDbtInd", .entrySide),
            ("RvslInd", .entryIsReversal),
            // A code itself until version 03, a choice of codes from 04 on.
            ("Sts", .entryStatus), ("Sts/Cd", .entryStatus), ("Sts/Prtry", .entryStatus),
            ("BookgDt/Dt", .entryBooked), ("BookgDt/DtTm", .entryBooked),
            ("ValDt/Dt", .entryValue), ("ValDt/DtTm", .entryValue), ("AcctSvcrRef", .entryServicerReference),
            ("BkTxCd/Domn/Fmly/SubFmlyCd", .entryFamily), ("AddtlNtryInf", .entryText),
            ("NtryDtls/Btch/NbOfTxs", .batchCount), ("NtryDtls/TxDtls", .transaction),
        ] + transaction.map { ("NtryDtls/TxDtls/" + $0, $1) }

    private static let transaction: [(path: String, field: CamtField)] =
        [
            ("Refs/EndToEndId", .endToEndID), ("Refs/AcctSvcrRef", .servicerReference),
            // Its own amount from version 04 on; before, and with some banks still, only among the details.
            ("Amt", .transactionAmount), ("CdtDbtInd", .transactionSide),
            ("AmtDtls/TxAmt/Amt", .olderTransactionAmount),
            ("RmtInf/Ustrd", .remittance), ("RmtInf/Strd/CdtrRefInf/Ref", .creditorReference),
            ("AddtlTxInf", .transactionText), ("BkTxCd/Domn/Fmly/SubFmlyCd", .transactionFamily),
            ("RtrInf", .returned), ("RtrInf/Rsn/Cd", .returnCode), ("RtrInf/Rsn/Prtry", .returnCode),
            ("RtrInf/AddtlInf", .returnText),
        ] + party("Dbtr", name: .debtorName, account: .debtorAccount)
        + party("Cdtr", name: .creditorName, account: .creditorAccount)

    private static func party(
        _ role: String, name: CamtField, account: CamtField
    ) -> [(path: String, field: CamtField)] {
        [
            // A party itself until version 07, a choice of party and agent in 08.
            ("RltdPties/\(role)/Nm", name), ("RltdPties/\(role)/Pty/Nm", name),
            ("RltdPties/\(role)/Agt/FinInstnId/Nm", name),
            ("RltdPties/\(role)Acct/Id/IBAN", account), ("RltdPties/\(role)Acct/Id/Othr/Id", account),
        ]
    }
}
