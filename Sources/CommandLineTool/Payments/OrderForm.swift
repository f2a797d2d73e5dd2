import LedgerCore
import LineProtocol
import PaymentOrders

/// What `PAYMENT.ORDER` says of an order.
struct OrderFacts {
    let order: PaymentOrder
    var count: Int { order.count }
    var sum: Amount { order.sum }

    /// `day` is when the bank is to pay. Throws ``UnwrittenOrder`` where the reply lacks what a file needs.
    init(_ reply: Reply, name: String, payer: String, day: Day) throws {
        guard case .number(let payments)? = reply["payments"], let count = Int(payments),
            let sum = reply["sum"]?.string.flatMap({ Amount(yuan: $0) }), let bank = reply["bank"]?.string,
            let account = reply["account"]?.string, let made = reply["made"]?.string
        else { throw UnwrittenOrder(description: "the daemon's reply about the order is not understood") }
        order = PaymentOrder(
            id: name, createdAt: made, executionDay: day, initiator: payer,
            payer: PaymentParty(name: payer, bank: bank, account: account), count: count, sum: sum)
    }
}

/// A payment as `PAYMENTS` lists it.
struct LedgerPayment {
    let payment: OrderedPayment
    let entry: String
    let date: String

    init(_ item: JSONText) throws {
        guard let reference = item["reference"]?.string, let entry = item["entry"]?.string,
            let date = item["date"]?.string, let name = item["name"]?.string, let account = item["account"]?.string,
            let amount = item["amount"]?.string.flatMap({ Amount(yuan: $0) })
        else { throw UnwrittenOrder(description: "the daemon's reply about a payment is not understood") }
        let award = item["award"]?.string.map { " \($0)" } ?? ""
        payment = OrderedPayment(
            reference: reference, amount: amount,
            payee: PaymentParty(name: name, bank: item["bank"]?.string ?? "NOTPROVIDED", account: account),
            remittance: "\(entry)\(award)")
        self.entry = entry
        self.date = date
    }
}

/// The file of an order, in the form that was asked for.
struct OrderForm: ~Copyable {
    private let file: ReplacedFile
    /// nil for a table.
    private var message: PaymentOrderWriter?

    init(_ format: PaymentsCommand.Format, _ facts: OrderFacts, _ file: ReplacedFile) throws {
        self.file = file
        let version: PaymentOrderVersion
        switch format {
        case .pain001: version = .pain00100103
        case .pain00100109: version = .pain00100109
        case .csv:
            message = nil
            try file.write("reference,amount,name,bank,account,entry,date\n".utf8)
            return
        }
        message = try PaymentOrderWriter(facts.order, version: version) { try file.write($0) }
    }

    mutating func append(_ item: LedgerPayment) throws {
        guard message == nil else {
            try message?.append(item.payment)
            return
        }
        let payee = item.payment.payee
        let cells = [
            item.payment.reference, item.payment.amount.yuan, payee.name, payee.bank, payee.account, item.entry,
            item.date,
        ]
        try file.write((cells.map(Self.cell).joined(separator: ",") + "\n").utf8)
    }

    mutating func finish() throws { try message.take()?.finish() }

    /// Quoted where a comma or a quote stands in it.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
