import LedgerCore

/// Writes camt.053 as banks do, in the shape of any version. What is nil is left out.
struct CamtWriter {
    struct Transaction {
        var amount: String?
        /// Written as `AmtDtls/TxAmt` in place of `Amt`.
        var isOlderAmount = false
        var side: String?
        var currency = "CNY"
        var endToEndID: String?
        var reference: String?
        var debtor: (name: String, account: String)?
        var creditor: (name: String, account: String)?
        var remittance: [String] = []
        var returnReason: String?
    }

    struct Entry {
        var amount: String? = "100.00"
        var currency = "CNY"
        var side: String? = "CRDT"
        var status: String? = "BOOK"
        var booked: String? = "2026-11-23"
        var value: String? = "2026-11-24"
        var reference: String? = "BANK1"
        var isReversal: Bool?
        var family: String?
        var text: String?
        var transactions: [Transaction] = []
    }

    var version = 2
    var id: String? = "S1"
    var account: String? = "6222000011112222"
    var accountIsIBAN = false
    var sequence: String? = "7"
    var from: String? = "2026-11-23T00:00:00+08:00"
    var to: String? = "2026-11-23T23:59:59+08:00"
    /// Code, amount, side and day.
    var balances = [("OPBD", "1000.00", "CRDT", "2026-11-23"), ("CLBD", "1100.00", "CRDT", "2026-11-23")]
    var entries = [Entry()]

    var namespace: String { "urn:iso:std:iso:20022:tech:xsd:camt.053.001.0\(version)" }

    var document: String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="\(namespace)"><BkToCstmrStmt>
        <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-24T01:00:00+08:00</CreDtTm></GrpHdr>
        \(statement)
        </BkToCstmrStmt></Document>

        """
    }

    var statement: String {
        let period = element(
            "FrToDt", element("FrDtTm", from) + element("ToDtTm", to))
        let other = element("Othr", element("Id", account))
        let head = [
            element("Id", id), element("ElctrncSeqNb", sequence), from == nil ? "" : period,
            account == nil ? "" : "<Acct><Id>\(accountIsIBAN ? element("IBAN", account) : other)</Id></Acct>",
        ]
        let lines = [head.joined()] + balances.map(balance) + entries.map(entry)
        return "<Stmt>\n\(lines.joined(separator: "\n"))\n</Stmt>"
    }

    private func balance(_ balance: (code: String, amount: String, side: String, day: String)) -> String {
        "<Bal><Tp><CdOrPrtry><Cd>\(balance.code)</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">\(balance.amount)</Amt>"
            + "<CdtDbtInd>\(balance.side)</CdtDbtInd><Dt><Dt>\(balance.day)</Dt></Dt></Bal>"
    }

    func entry(_ entry: Entry) -> String {
        let status = entry.status.map { version >= 4 ? element("Cd", $0) : $0 }
        let head = [
            amount("Amt", entry.amount, entry.currency), element("CdtDbtInd", entry.side),
            element("RvslInd", entry.isReversal.map { "\($0)" }), element("Sts", status),
            entry.booked.map { "<BookgDt>\(day($0))</BookgDt>" } ?? "",
            entry.value.map { "<ValDt>\(day($0))</ValDt>" } ?? "", element("AcctSvcrRef", entry.reference),
            entry.family.map {
                "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd>\(element("SubFmlyCd", $0))</Fmly></Domn></BkTxCd>"
            }
                ?? "",
        ]
        let details = entry.transactions.isEmpty ? nil : "\n" + entry.transactions.map(transaction).joined()
        return "<Ntry>\(head.joined())\(element("NtryDtls", details))\(element("AddtlNtryInf", entry.text))</Ntry>"
    }

    private func transaction(_ transaction: Transaction) -> String {
        let references =
            element("EndToEndId", transaction.endToEndID) + element("AcctSvcrRef", transaction.reference)
        let money = amount("Amt", transaction.amount, transaction.currency)
        let parties = party("Dbtr", transaction.debtor) + party("Cdtr", transaction.creditor)
        let parts = [
            element("Refs", references.isEmpty ? nil : references),
            transaction.isOlderAmount ? "<AmtDtls><TxAmt>\(money)</TxAmt></AmtDtls>" : money,
            element("CdtDbtInd", transaction.side), element("RltdPties", parties.isEmpty ? nil : parties),
            "<RmtInf>\(transaction.remittance.map { element("Ustrd", $0) }.joined())</RmtInf>",
            transaction.returnReason.map { "<RtrInf><Rsn><Cd>\($0)</Cd></Rsn></RtrInf>" } ?? "",
        ]
        return "<TxDtls>\(parts.joined())</TxDtls>\n"
    }

    private func party(_ role: String, _ party: (name: String, account: String)?) -> String {
        guard let party else { return "" }
        let name = element("Nm", party.name)
        return "<\(role)>\(version >= 8 ? element("Pty", name) : name)</\(role)>"
            + "<\(role)Acct><Id><Othr>\(element("Id", party.account))</Othr></Id></\(role)Acct>"
    }

    private func day(_ text: String) -> String { element(text.contains("T") ? "DtTm" : "Dt", text) }

    private func amount(_ name: String, _ text: String?, _ currency: String) -> String {
        text.map { "<\(name) Ccy=\"\(currency)\">\($0)</\(name)>" } ?? ""
    }

    private func element(_ name: String, _ content: String?) -> String {
        content.map { "<\(name)>\($0)</\(name)>" } ?? ""
    }
}
