import LedgerCore

/// Writes one order as a file for the bank: an ISO 20022 customer credit transfer, in yuan.
///
/// In constant memory but for the references, some hundred bytes each, that make a doubled payment an error. The
/// file's end is written only once its payments are as many as the order said and sum to what it said: whatever is
/// thrown, by a check or by the sink, the file is not whole and must not be kept.
package struct PaymentOrderWriter: ~Copyable {
    private let order: PaymentOrder
    private let version: PaymentOrderVersion
    private var message: OrderMessage
    private var count = 0
    private var sum = Amount.zero
    private var references: Set<String> = []

    /// Checks the order, and writes all that stands before its payments. Throws ``PaymentOrderError``, and whatever the
    /// sink throws.
    package init(
        _ order: PaymentOrder, version: PaymentOrderVersion, sink: @escaping (ArraySlice<UInt8>) throws -> Void
    ) throws {
        let payer = try OrderChecks.check(order, version)
        var message = OrderMessage(version: version, output: XMLOutput(sink: sink))
        try message.writeHead(of: order, payer)
        self.order = order
        self.version = version
        self.message = message
    }

    /// Checks the payment and writes it.
    package mutating func append(_ payment: OrderedPayment) throws {
        let place = PaymentOrderError.Place(number: count + 1, reference: payment.reference)
        let payee: CheckedParty
        let total: Amount
        do throws(PaymentOrderError) {
            payee = try OrderChecks.check(payment, version)
            guard count < order.count else {
                throw PaymentOrderError(.count, "the order has \(order.count) payments by its own count", Self.again)
            }
            guard references.insert(payment.reference).inserted else {
                throw PaymentOrderError(
                    .duplicate, "an earlier payment has this reference", value: payment.reference,
                    "order each payment once")
            }
            guard let next = Money.sum(sum, payment.amount), next <= order.sum else {
                throw PaymentOrderError(
                    .sum, "with its \(payment.amount) the payments sum to more than the order's \(order.sum)",
                    Self.again)
            }
            total = next
        } catch {
            throw error.at(place)
        }
        try message.write(payment, payee)
        count += 1
        sum = total
    }

    /// Proves count and sum, and writes the file's end.
    package consuming func finish() throws {
        guard count == order.count else {
            throw PaymentOrderError(.count, "it has \(count) payments, and \(order.count) by its own count", Self.again)
        }
        guard sum == order.sum else {
            throw PaymentOrderError(.sum, "its payments sum to \(sum), and to \(order.sum) by its own word", Self.again)
        }
        try message.writeEnd()
    }

    /// A whole file at once.
    package static func write(
        _ order: PaymentOrder, _ payments: some Sequence<OrderedPayment>, version: PaymentOrderVersion,
        to sink: @escaping (ArraySlice<UInt8>) throws -> Void
    ) throws {
        var writer = try PaymentOrderWriter(order, version: version, sink: sink)
        for payment in payments { try writer.append(payment) }
        try writer.finish()
    }

    private static let again =
        "what is to be paid changed while it was written, or was counted otherwise: discard the file and order again"
}
