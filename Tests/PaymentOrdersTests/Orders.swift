import LedgerCore
import PaymentOrders
import Testing

/// Orders and payments that are right, to be changed in one place.
enum Orders {
    static let payer = PaymentParty(name: "浦东新区科委", bank: "ICBKCNBJSHI", account: "1001234509026401234")
    static let payee = PaymentParty(name: "上海某某科技有限公司", bank: "102290000010", account: "310066726018150012345")

    static func order(
        id: String = "PAY-2026-11-24-001", createdAt: String = "2026-11-24T22:30:00Z",
        executionDay: Day = Day(year: 2026, month: 11, day: 25), initiator: String = "Pudong grants",
        payer: PaymentParty = payer, isBookedAsOne: Bool = false, of payments: [OrderedPayment] = [payment()],
        count: Int? = nil, sum: Amount? = nil
    ) -> PaymentOrder {
        PaymentOrder(
            id: id, createdAt: createdAt, executionDay: executionDay, initiator: initiator, payer: payer,
            isBookedAsOne: isBookedAsOne, count: count ?? payments.count,
            sum: sum ?? payments.map(\.amount).reduce(.zero, +))
    }

    static func payment(
        _ reference: String = "GL47-8KQ2M9XA-000000012345", fen: Int64 = 50_000_000, name: String = payee.name,
        bank: String = payee.bank, account: String = payee.account, text: String? = "R&D subsidy <2026>"
    ) -> OrderedPayment {
        OrderedPayment(
            reference: reference, amount: Amount(fen: fen),
            payee: PaymentParty(name: name, bank: bank, account: account), remittance: text)
    }

    static func file(
        _ order: PaymentOrder, _ payments: [OrderedPayment] = [payment()],
        version: PaymentOrderVersion = .pain00100103
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try PaymentOrderWriter.write(order, payments, version: version) { bytes += $0 }
        return bytes
    }

    /// What the order is refused with; nil where it is not.
    static func refusal(
        _ order: PaymentOrder? = nil, _ payments: [OrderedPayment] = [payment()],
        version: PaymentOrderVersion = .pain00100103
    ) throws -> PaymentOrderError? {
        var bytes: [UInt8] = []
        do {
            let order = order ?? self.order(of: payments)
            try PaymentOrderWriter.write(order, payments, version: version) { bytes += $0 }
            return nil
        } catch let error as PaymentOrderError {
            #expect(!String(decoding: bytes, as: UTF8.self).contains("</Document>"), "a refused file looks whole")
            return error
        }
    }
}
