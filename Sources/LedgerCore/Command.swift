/// What changes the books: a posting, which makes an entry and carries a key, or a registration, which may be sent
/// again.
package enum Command: Sendable, Hashable {
    case posting(Posting)
    case registration(Registration)

    package var tenant: String {
        switch self {
        case .posting(let posting): posting.tenant
        case .registration(let registration): registration.tenant
        }
    }
}

/// A command that makes an entry, exactly once for each key of its tenant.
package struct Posting: Sendable, Hashable {
    package var tenant: String
    package var key: String
    package var date: Day
    /// Answers what would be answered, and changes nothing.
    package var isDryRun: Bool
    package var action: PostingAction
    /// What tells whether a key comes back with the same content.
    package var content: Content

    package init(tenant: String, key: String, date: Day, isDryRun: Bool, action: PostingAction, content: Content) {
        self.tenant = tenant
        self.key = key
        self.date = date
        self.isDryRun = isDryRun
        self.action = action
        self.content = content
    }
}

package enum PostingAction: Sendable, Hashable {
    /// The basis of a subject as known from now on; `amount` may be zero. `period` is a year, under `calendar-year`
    /// only.
    case setBasis(scheme: String, subject: String, amount: Amount, period: Int?)
    case appropriate(fund: String, year: Int, amount: Amount, isCut: Bool)
    case carry(fund: String, from: Int, to: Int, amount: Amount)
    case commit(Commitment)
    case reschedule(award: String, from: Int, to: Int, amount: Amount)
    case disburse(award: String, amount: Amount)
    case release(award: String, amount: Amount)
    /// `restores` makes the amount available under the cap again; otherwise it stays used up, as forfeited.
    case recover(award: String, amount: Amount, restores: Bool)
    case settle(entry: String)
    case reverse(entry: String)
    /// The bank has sent back what a disbursement had paid.
    case giveBack(entry: String)
}

/// `COMMIT`: binds cap and budget, year by year.
package struct Commitment: Sendable, Hashable {
    package var award: String
    package var scheme: String
    package var subject: String
    package var amount: Amount
    package var fund: String
    /// Ascending by year, summing to `amount`; nil is all of it in the date's year.
    package var schedule: [Instalment]?
    /// The day on which the cost was incurred, where the window governs cost.
    package var incurred: Day?
    /// `fit=room`: as much of the amount as cap and budget hold.
    package var fitsRoom: Bool
    /// The payee; nil is the subject's party.
    package var party: String?

    package init(
        award: String, scheme: String, subject: String, amount: Amount, fund: String = "general",
        schedule: [Instalment]? = nil, incurred: Day? = nil, fitsRoom: Bool = false, party: String? = nil
    ) {
        self.award = award
        self.scheme = scheme
        self.subject = subject
        self.amount = amount
        self.fund = fund
        self.schedule = schedule
        self.incurred = incurred
        self.fitsRoom = fitsRoom
        self.party = party
    }
}

/// What a schedule binds in one budget year.
package struct Instalment: Sendable, Hashable {
    package let year: Int
    package let amount: Amount

    package init(year: Int, amount: Amount) {
        self.year = year
        self.amount = amount
    }
}

/// A command without a key, which may be sent again with the same content.
package struct Registration: Sendable, Hashable {
    package var tenant: String
    package var action: RegistrationAction

    package init(tenant: String, action: RegistrationAction) {
        self.tenant = tenant
        self.action = action
    }
}

package enum RegistrationAction: Sendable, Hashable {
    /// `parent` nil makes a root: an isolated jurisdiction.
    case createTenant(parent: String?, name: String)
    case putScheme(scheme: String, version: Int, terms: SchemeTerms)
    /// At least one of the two is given.
    case setParameters(scheme: String, rate: Rate?, cap: Amount?)
    case putParty(PartyFacts)
    case openSubject(scheme: String, subject: String, party: String, opened: Day, isCorrection: Bool)
    case meetCondition(
        scheme: String, subject: String, condition: String, date: Day, evidence: String?, isCorrection: Bool)
    case closePeriod(through: Day)
}

/// A beneficiary as `PARTY.PUT` describes it.
package struct PartyFacts: Sendable, Hashable {
    package var party: String
    package var kind: String
    package var name: String
    package var creditCode: String?
    /// The group of linked parties that it belongs to.
    package var group: String?
    package var bank: String?
    package var account: String?

    package init(
        party: String, kind: String, name: String, creditCode: String? = nil, group: String? = nil,
        bank: String? = nil, account: String? = nil
    ) {
        self.party = party
        self.kind = kind
        self.name = name
        self.creditCode = creditCode
        self.group = group
        self.bank = bank
        self.account = account
    }
}

/// A command, and who sent it.
package struct Envelope: Sendable, Hashable {
    package var command: Command
    package var principal: String
    /// The schemes that the principal may touch; nil: all.
    package var schemes: Set<String>?

    package init(command: Command, principal: String, schemes: Set<String>? = nil) {
        self.command = command
        self.principal = principal
        self.schemes = schemes
    }
}

/// What is decided at once: a command by itself, or a voucher of which all or nothing is posted.
package enum Work: Sendable, Hashable {
    /// In a box of its own, because it goes through many hands.
    indirect case single(Envelope)
    case group([Envelope])

    package var envelopes: [Envelope] {
        switch self {
        case .single(let envelope): [envelope]
        case .group(let envelopes): envelopes
        }
    }
}
