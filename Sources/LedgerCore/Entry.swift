/// An amount above zero that is taken from one account (credit) and put on another (debit).
package struct Transfer: Sendable, Hashable {
    package let debit: AccountID
    package let credit: AccountID
    package let amount: Amount

    package init(debit: AccountID, credit: AccountID, amount: Amount) {
        self.debit = debit
        self.credit = credit
        self.amount = amount
    }

    /// The exact opposite.
    package var reversed: Transfer { Transfer(debit: credit, credit: debit, amount: amount) }
}

/// What made an entry. The numbers are stored and frozen.
package enum EntryKind: Int16, Sendable, CaseIterable {
    case basis = 1
    case appropriation = 2
    case carry = 3
    case commitment = 4
    case reschedule = 5
    case disbursement = 6
    case release = 7
    case recovery = 8
    case settlement = 9
    case reversal = 10
    case bounce = 11

    /// The verb that posts it.
    package var verb: String {
        switch self {
        case .basis: "BASIS.SET"
        case .appropriation: "APPROPRIATE"
        case .carry: "CARRY"
        case .commitment: "COMMIT"
        case .reschedule: "RESCHEDULE"
        case .disbursement: "DISBURSE"
        case .release: "RELEASE"
        case .recovery: "RECOVER"
        case .settlement: "SETTLE"
        case .reversal: "REVERSE"
        case .bounce: "RETURN"
        }
    }
}

extension EntryKind {
    /// What an entry of this kind is to its target, as JOURNAL says it.
    package var relation: String {
        switch self {
        case .settlement: "settles"
        case .bounce: "returns"
        default: "reverses"
        }
    }
}

/// An entry of a tenant's journal. It never changes; whether it was reversed or settled is a ``Mark`` beside it.
package struct Entry: Sendable, Hashable {
    package var tenant: Int32
    /// Its place in the tenant's journal: 1, 2, 3 … without gaps.
    package var sequence: Int64
    package var kind: EntryKind
    package var key: String
    package var date: Day
    package var postedAt: Moment
    package var amount: Amount
    package var principal: String
    package var content: Content
    /// The award whose entry it is, or whose entry it settles.
    package var award: Int64?
    /// The subject, for a basis alone: other entries reach theirs by the award.
    package var subject: Int64?
    /// The party paid or to be paid, for a settlement and its reversal: other entries reach theirs by the award.
    package var party: Int64?
    /// The sequence of the entry that this one settles, reverses or returns.
    package var target: Int64?
    package var transfers: [Transfer]
    /// Where the award stood right after, as the first reply said; kept so that a replay says the same.
    package var standing: Receipt.Standing?

    package init(
        tenant: Int32, sequence: Int64, kind: EntryKind, key: String, date: Day, postedAt: Moment, amount: Amount,
        principal: String, content: Content, award: Int64? = nil, subject: Int64? = nil, party: Int64? = nil,
        target: Int64? = nil, transfers: [Transfer] = [], standing: Receipt.Standing? = nil
    ) {
        self.tenant = tenant
        self.sequence = sequence
        self.kind = kind
        self.key = key
        self.date = date
        self.postedAt = postedAt
        self.amount = amount
        self.principal = principal
        self.content = content
        self.award = award
        self.subject = subject
        self.party = party
        self.target = target
        self.transfers = transfers
        self.standing = standing
    }

    package var name: SequenceName { SequenceName(tenant: tenant, sequence: sequence) }

    package var receipt: Receipt { Receipt(entry: name, amount: amount, date: date, award: standing) }
}

/// What befell an entry afterwards: by which entries of its tenant it was reversed or settled.
package struct Mark: Sendable, Hashable {
    package var reversedBy: Int64?
    package var settledBy: Int64?

    package init(reversedBy: Int64? = nil, settledBy: Int64? = nil) {
        self.reversedBy = reversedBy
        self.settledBy = settledBy
    }
}
