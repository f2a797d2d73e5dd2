/// A payment that an earlier run, or a person, has matched.
package struct MatchedPayment: Sendable, Hashable {
    package let payment: Payment
    /// A line that stands for many payments is with each of them.
    package let lines: [StatementLine]
    /// The bank has given it back, and the ledger knows.
    package let returned: Bool

    package init(payment: Payment, lines: [StatementLine], returned: Bool) {
        self.payment = payment
        self.lines = lines
        self.returned = returned
    }
}

/// A payment and a line that a person has parted: never matched again, and no return of one another.
package struct Pairing: Hashable, Sendable {
    package let entry: Int64
    package let line: LineID

    package init(entry: Int64, line: LineID) {
        self.entry = entry
        self.line = line
    }
}
