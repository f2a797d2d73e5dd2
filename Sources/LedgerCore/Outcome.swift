/// The reply to one request.
package enum Outcome: Sendable, Hashable {
    case posted(Receipt)
    /// A registration or a query that was answered, field by field.
    case answered([Field])
    case refused(Refusal)

    package var refusal: Refusal? {
        if case .refused(let refusal) = self { refusal } else { nil }
    }

    /// The fields of the reply's object, a refusal's `message` first.
    package var fields: [Field] {
        switch self {
        case .posted(let receipt): receipt.fields
        case .answered(let fields): fields
        case .refused(let refusal): [Field("message", .text(refusal.message))] + refusal.fields
        }
    }
}

/// The reply to a posting; the same again whenever its key comes back.
package struct Receipt: Sendable, Hashable {
    /// nil for a dry run.
    package var entry: SequenceName?
    package var amount: Amount
    package var date: Day
    /// The award that the entry belongs to, and where it stood right after.
    package var award: Standing?
    package var isReplay: Bool

    package init(entry: SequenceName?, amount: Amount, date: Day, award: Standing?, isReplay: Bool = false) {
        self.entry = entry
        self.amount = amount
        self.date = date
        self.award = award
        self.isReplay = isReplay
    }

    package struct Standing: Sendable, Hashable {
        package var award: String
        /// The award's outstanding.
        package var committed: Amount
        /// The award's, net of recoveries.
        package var disbursed: Amount
        /// The subject's limit less what is used of it; nil where there is no limit.
        package var remaining: Amount?

        package init(award: String, committed: Amount, disbursed: Amount, remaining: Amount?) {
            self.award = award
            self.committed = committed
            self.disbursed = disbursed
            self.remaining = remaining
        }
    }

    package var fields: [Field] {
        var fields: [Field] = []
        if let entry {
            fields.append(Field("entry", .text(entry.text)))
            fields.append(Field("seq", .number(entry.sequence)))
        }
        fields.append(Field("date", .day(date)))
        fields.append(Field("amount", .amount(amount)))
        if let award {
            fields.append(Field("award", .text(award.award)))
            fields.append(Field("committed", .amount(award.committed)))
            fields.append(Field("disbursed", .amount(award.disbursed)))
            fields.append(Field("remaining", .optional(award.remaining)))
        }
        if isReplay { fields.append(Field("replayed", .flag(true))) }
        return fields
    }
}

/// The reply to a unit of work: to a command by itself, or to a voucher.
package enum Verdict: Sendable, Hashable {
    case one(Outcome)
    case all([Outcome])
    /// Nothing of the voucher was posted; `index` counts from 0.
    case aborted(index: Int, Refusal)
    /// To a request of the bank's side: what is to be posted before it is asked again.
    case unfinished(BankProgress)
}
