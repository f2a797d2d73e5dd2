import LedgerCore

/// The elements of the message, in the schema's order.
struct OrderMessage {
    private static let currency = "CNY"

    let version: PaymentOrderVersion
    var output: XMLOutput

    mutating func writeHead(of order: PaymentOrder, _ payer: CheckedParty) throws {
        output.verbatim("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
        try output.begin("Document", ("xmlns", version.namespace))
        try output.begin("CstmrCdtTrfInitn")
        try output.begin("GrpHdr")
        try output.element("MsgId", order.id)
        try output.element("CreDtTm", order.createdAt)
        try writeTotals(of: order)
        try output.begin("InitgPty")
        try output.element("Nm", order.initiator)
        try output.end()
        try output.end()
        try output.begin("PmtInf")
        // One message has one instruction here, so that one name serves both.
        try output.element("PmtInfId", order.id)
        try output.element("PmtMtd", "TRF")
        try output.element("BtchBookg", order.isBookedAsOne ? "true" : "false")
        try writeTotals(of: order)
        try write(order.executionDay)
        try write(name: payer.name, as: "Dbtr")
        try write(payer.account, as: "DbtrAcct", currency: Self.currency)
        try write(payer.bank, as: "DbtrAgt")
        try output.element("ChrgBr", order.charges.rawValue)
    }

    private mutating func writeTotals(of order: PaymentOrder) throws {
        try output.element("NbOfTxs", String(order.count))
        try output.element("CtrlSum", order.sum.yuan)
    }

    private mutating func write(_ executionDay: Day) throws {
        guard version.wrapsExecutionDay else { return try output.element("ReqdExctnDt", executionDay.description) }
        try output.begin("ReqdExctnDt")
        try output.element("Dt", executionDay.description)
        try output.end()
    }

    mutating func write(_ payment: OrderedPayment, _ payee: CheckedParty) throws {
        try output.begin("CdtTrfTxInf")
        try output.begin("PmtId")
        try output.element("EndToEndId", payment.reference)
        try output.end()
        try output.begin("Amt")
        try output.element("InstdAmt", payment.amount.yuan, ("Ccy", Self.currency))
        try output.end()
        try write(payee.bank, as: "CdtrAgt")
        try write(name: payee.name, as: "Cdtr")
        try write(payee.account, as: "CdtrAcct")
        if let text = payment.remittance {
            try output.begin("RmtInf")
            try output.element("Ustrd", text)
            try output.end()
        }
        try output.end()
    }

    /// Ends all that ``writeHead(of:_:)`` left open.
    mutating func writeEnd() throws {
        try output.end()
        try output.end()
        try output.end()
        try output.flush()
    }

    private mutating func write(name: String, as element: StaticString) throws {
        try output.begin(element)
        try output.element("Nm", name)
        try output.end()
    }

    private mutating func write(_ bank: BankCode, as element: StaticString) throws {
        try output.begin(element)
        try output.begin("FinInstnId")
        switch bank {
        case .bic(let code): try output.element(version.bicElement, code)
        case .cnaps(let code):
            try output.begin("ClrSysMmbId")
            try output.begin("ClrSysId")
            try output.element("Cd", "CNAPS")
            try output.end()
            try output.element("MmbId", code)
            try output.end()
        case .name(let name): try output.element("Nm", name)
        }
        try output.end()
        try output.end()
    }

    private mutating func write(_ account: AccountCode, as element: StaticString, currency: String? = nil) throws {
        try output.begin(element)
        try output.begin("Id")
        switch account {
        case .iban(let number): try output.element("IBAN", number)
        case .other(let number):
            try output.begin("Othr")
            try output.element("Id", number)
            try output.end()
        }
        try output.end()
        if let currency { try output.element("Ccy", currency) }
        try output.end()
    }
}
