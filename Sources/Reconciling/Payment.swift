package import LedgerCore

/// A movement of a fund's bank account as the ledger has it: a disbursement, a recovery that comes in, or a return.
///
/// It counts in the ledger's balance from its date on, whether the bank has moved the money yet or not. A payment that
/// was reversed before the bank made it is no movement and is left out.
package struct Payment: Sendable, Hashable {
    /// The entry's place in its tenant's journal.
    package let entry: Int64
    package let date: Day
    /// As the bank will show it: what is paid out is negative, what comes in positive.
    package let amount: Amount
    /// The end-to-end reference that went to the bank with it; nil stands for the ``PaymentReference`` of the entry. A
    /// return has the reference of what it gives back.
    package let reference: String?
    /// The other side's account.
    package let account: String?
    /// The order in which it went to the bank together with others.
    package let batch: String?
    /// Of a return: the entry that it gives back.
    package let givesBack: Int64?

    package init(
        entry: Int64, date: Day, amount: Amount, reference: String? = nil, account: String? = nil,
        batch: String? = nil, givesBack: Int64? = nil
    ) {
        self.entry = entry
        self.date = date
        self.amount = amount
        self.reference = reference
        self.account = account
        self.batch = batch
        self.givesBack = givesBack
    }
}
