package import LedgerCore

/// Whom or from whom is paid: a name, and the account at a bank.
package struct PaymentParty: Sendable, Hashable {
    /// 1 to 140 characters.
    package let name: String
    /// A BIC, a CNAPS code of twelve digits, or the bank's name; see ``BankCode``.
    package let bank: String
    /// An IBAN, or the bank's own number of at most 34 characters; see ``AccountCode``.
    package let account: String

    package init(name: String, bank: String, account: String) {
        self.name = name
        self.bank = bank
        self.account = account
    }
}

/// What a bank is told to pay from one account on one day: all of a payment order but its payments.
///
/// How many payments follow and what they sum to is said before the first of them, as the file says it; the writer
/// proves both.
package struct PaymentOrder: Sendable, Hashable {
    /// Who bears the banks' charges.
    package enum Charges: String, Sendable, Hashable, CaseIterable {
        case payer = "DEBT"
        case payee = "CRED"
        /// Each side pays its own bank.
        case shared = "SHAR"
        /// As the service that both banks agreed on has it.
        case service = "SLEV"
    }

    /// Tells the order from all others that were sent to the bank: 1 to 35 safe characters, see ``FieldRules``.
    package let id: String
    /// RFC 3339 in UTC, to the second or finer: `2026-11-24T22:30:00Z`.
    package let createdAt: String
    /// The day on which the bank is to pay.
    package let executionDay: Day
    /// Who sends the order.
    package let initiator: String
    package let payer: PaymentParty
    package let charges: Charges
    /// Whether the payer's statement is to have one line for all payments. Without it each has its own, which is what
    /// can be matched one by one.
    package let isBookedAsOne: Bool
    /// How many payments there are, at least one.
    package let count: Int
    /// What they sum to, below ``Money/limit``.
    package let sum: Amount

    package init(
        id: String, createdAt: String, executionDay: Day, initiator: String, payer: PaymentParty,
        charges: Charges = .shared, isBookedAsOne: Bool = false, count: Int, sum: Amount
    ) {
        self.id = id
        self.createdAt = createdAt
        self.executionDay = executionDay
        self.initiator = initiator
        self.payer = payer
        self.charges = charges
        self.isBookedAsOne = isBookedAsOne
        self.count = count
        self.sum = sum
    }
}

/// One payment of an order.
package struct OrderedPayment: Sendable, Hashable {
    /// The EndToEndId, which the bank gives back on its statement: 1 to 35 safe characters, once in an order.
    package let reference: String
    package let amount: Amount
    package let payee: PaymentParty
    /// What the payee is told: 1 to 140 characters.
    package let remittance: String?

    package init(reference: String, amount: Amount, payee: PaymentParty, remittance: String? = nil) {
        self.reference = reference
        self.amount = amount
        self.payee = payee
        self.remittance = remittance
    }
}
