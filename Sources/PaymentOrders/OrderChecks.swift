import LedgerCore

/// A party whose parts are known to fit the schema.
struct CheckedParty {
    let name: String
    let bank: BankCode
    let account: AccountCode
}

/// What is checked of an order and of each payment before a byte of it is written.
enum OrderChecks {
    static func check(
        _ order: PaymentOrder, _ version: PaymentOrderVersion
    ) throws(PaymentOrderError) -> CheckedParty {
        try FieldRules.checkID(order.id, "its identifier")
        try FieldRules.checkTime(order.createdAt, "the time at which it was made")
        guard (Day.first...Day.last).contains(order.executionDay) else {
            throw PaymentOrderError(
                .value, "the day of execution is out of range", value: order.executionDay.description,
                "it lies between \(Day.first) and \(Day.last)")
        }
        try FieldRules.checkText(order.initiator, "the initiating party's name")
        guard order.count > 0 else {
            throw PaymentOrderError(
                .count, "it has no payments by its own count", value: String(order.count),
                "order nothing where nothing is to be paid")
        }
        try Money.check(order.sum, "the control sum")
        return try check(order.payer, "the payer", version)
    }

    static func check(
        _ payment: OrderedPayment, _ version: PaymentOrderVersion
    ) throws(PaymentOrderError) -> CheckedParty {
        try FieldRules.checkID(payment.reference, "its reference")
        try Money.check(payment.amount, "its amount")
        if let text = payment.remittance { try FieldRules.checkText(text, "the remittance text") }
        return try check(payment.payee, "the payee", version)
    }

    private static func check(
        _ party: PaymentParty, _ role: String, _ version: PaymentOrderVersion
    ) throws(PaymentOrderError) -> CheckedParty {
        try FieldRules.checkText(party.name, "\(role)'s name")
        return CheckedParty(
            name: party.name, bank: try BankCode(party.bank, "\(role)'s bank", in: version),
            account: try AccountCode(party.account, "\(role)'s account"))
    }
}
