// The rows of the books as the store keeps them. Every number is given out by the root tenant's counter, and one
// counter serves funds, awards, caps, subjects and parties, so that a number names one thing in its root.

/// The head of a tenant's journal.
package struct JournalHead: Sendable, Hashable {
    package var lastSequence: Int64
    /// SHA-256 of the last entry, 32 bytes; zeros before the first. The store computes it.
    package var lastHash: [UInt8]
    /// Nothing may be dated on or before this day any more.
    package var closedThrough: Day?

    package init(lastSequence: Int64, lastHash: [UInt8], closedThrough: Day?) {
        self.lastSequence = lastSequence
        self.lastHash = lastHash
        self.closedThrough = closedThrough
    }

    package static let empty = JournalHead(
        lastSequence: 0, lastHash: [UInt8](repeating: 0, count: 32), closedThrough: nil)
}

package struct PartyRow: Sendable, Hashable {
    package var number: Int64
    /// The tenant that put it.
    package var owner: Int32
    package var facts: PartyFacts

    package init(number: Int64, owner: Int32, facts: PartyFacts) {
        self.number = number
        self.owner = owner
        self.facts = facts
    }
}

/// What a cap is counted on. It belongs to the scheme's owner and serves every payer.
package struct SubjectRow: Sendable, Hashable {
    package struct Condition: Sendable, Hashable {
        package var name: String
        package var date: Day
        package var evidence: String?

        package init(name: String, date: Day, evidence: String?) {
            self.name = name
            self.date = date
            self.evidence = evidence
        }
    }

    /// The basis in force; `period` is a year under `calendar-year`, elsewhere 0.
    package struct Basis: Sendable, Hashable {
        package var period: Int
        package var amount: Amount

        package init(period: Int, amount: Amount) {
            self.period = period
            self.amount = amount
        }
    }

    /// A payer's own parameters as they were at its first commitment on this subject; they hold from then on.
    package struct PayerTerms: Sendable, Hashable {
        package var payer: Int32
        package var rate: Rate?
        package var cap: Amount?

        package init(payer: Int32, rate: Rate?, cap: Amount?) {
            self.payer = payer
            self.rate = rate
            self.cap = cap
        }
    }

    package var number: Int64
    package var name: SubjectName
    /// The scheme's version under which it was opened.
    package var version: Int
    package var party: Int64
    package var opened: Day
    package var conditions: [Condition]
    package var bases: [Basis]
    package var payerTerms: [PayerTerms]
    /// Whether anything was ever committed on it, reversed later or not: then its facts stand.
    package var wasCommitted: Bool

    package init(
        number: Int64, name: SubjectName, version: Int, party: Int64, opened: Day, conditions: [Condition] = [],
        bases: [Basis] = [], payerTerms: [PayerTerms] = [], wasCommitted: Bool = false
    ) {
        self.number = number
        self.name = name
        self.version = version
        self.party = party
        self.opened = opened
        self.conditions = conditions
        self.bases = bases
        self.payerTerms = payerTerms
        self.wasCommitted = wasCommitted
    }

    package func basis(period: Int) -> Amount? { bases.first { $0.period == period }?.amount }
    package func condition(_ name: String) -> Condition? { conditions.first { $0.name == name } }
    package func terms(of payer: Int32) -> PayerTerms? { payerTerms.first { $0.payer == payer } }
}

/// What counts on a day, under a rolling window. A cap's list is ascending by day and holds no zero.
package struct Dated: Sendable, Hashable {
    package var day: Day
    package var amount: Amount

    package init(day: Day, amount: Amount) {
        self.day = day
        self.amount = amount
    }
}

/// What is used of a subject's limit.
package struct CapRow: Sendable, Hashable {
    package var number: Int64
    package var name: CapName
    package var committed: Amount
    package var disbursed: Amount
    package var forfeited: Amount
    package var dated: [Dated]

    package init(
        number: Int64, name: CapName, committed: Amount = .zero, disbursed: Amount = .zero, forfeited: Amount = .zero,
        dated: [Dated] = []
    ) {
        self.number = number
        self.name = name
        self.committed = committed
        self.disbursed = disbursed
        self.forfeited = forfeited
        self.dated = dated
    }

    package var used: Amount { committed + disbursed + forfeited }
}

package struct AwardRow: Sendable, Hashable {
    package struct Year: Sendable, Hashable {
        package var year: Int
        /// Outstanding.
        package var committed: Amount
        /// Net of recoveries.
        package var disbursed: Amount
        package var released: Amount
        package var recovered: Amount

        package init(
            year: Int, committed: Amount = .zero, disbursed: Amount = .zero, released: Amount = .zero,
            recovered: Amount = .zero
        ) {
            self.year = year
            self.committed = committed
            self.disbursed = disbursed
            self.released = released
            self.recovered = recovered
        }
    }

    package var number: Int64
    package var name: AwardName
    package var subject: Int64
    package var cap: Int64
    package var fund: Int64
    /// The payee: who is paid from now on.
    package var party: Int64
    /// The payees before, the latest last.
    package var formerPayees: [FormerPayee]
    /// The date of its latest entry.
    package var latest: Day
    /// Ascending.
    package var years: [Year]
    /// Under a rolling window, one for each commitment in order: its day, and what of it still counts, which may be
    /// zero.
    package var dated: [Dated]

    package init(
        number: Int64, name: AwardName, subject: Int64, cap: Int64, fund: Int64, party: Int64, latest: Day,
        years: [Year] = [], dated: [Dated] = [], formerPayees: [FormerPayee] = []
    ) {
        self.number = number
        self.name = name
        self.subject = subject
        self.cap = cap
        self.fund = fund
        self.party = party
        self.formerPayees = formerPayees
        self.latest = latest
        self.years = years
        self.dated = dated
    }

    package var committed: Amount { years.lazy.map(\.committed).sum() }
    package var disbursed: Amount { years.lazy.map(\.disbursed).sum() }
    package var released: Amount { years.lazy.map(\.released).sum() }
    package var recovered: Amount { years.lazy.map(\.recovered).sum() }
    package func year(_ year: Int) -> Year { years.first { $0.year == year } ?? Year(year: year) }
}

package struct FundRow: Sendable, Hashable {
    package var number: Int64
    package var name: FundName

    package init(number: Int64, name: FundName) {
        self.number = number
        self.name = name
    }
}

/// A fund's year.
package struct BudgetRow: Sendable, Hashable {
    package var name: BudgetName
    /// What was appropriated, and carried in or out.
    package var appropriated: Amount
    package var committed: Amount
    /// Not net of recoveries made in later years.
    package var disbursed: Amount

    package init(
        name: BudgetName, appropriated: Amount = .zero, committed: Amount = .zero, disbursed: Amount = .zero
    ) {
        self.name = name
        self.appropriated = appropriated
        self.committed = committed
        self.disbursed = disbursed
    }

    package var available: Amount { appropriated - committed - disbursed }
}

// MARK: - Names

package struct KeyName: Sendable, Hashable {
    package let tenant: Int32
    package let key: String
    package init(tenant: Int32, key: String) { (self.tenant, self.key) = (tenant, key) }
}

/// An entry's place: the forty-second of tenant 3's journal is written `E3-42`. The tenant's number is in it, so that
/// no entry of one tenant is ever taken for another's.
package struct SequenceName: Sendable, Hashable {
    package let tenant: Int32
    package let sequence: Int64
    package init(tenant: Int32, sequence: Int64) { (self.tenant, self.sequence) = (tenant, sequence) }

    package var text: String { "E\(tenant)-\(sequence)" }

    /// nil for what no entry is called.
    package init?(_ text: String) {
        let parts = text.dropFirst().split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let tenant = Int32(parts[0]), let sequence = Int64(parts[1]), tenant > 0, sequence > 0
        else { return nil }
        self.init(tenant: tenant, sequence: sequence)
        guard self.text == text else { return nil }
    }
}

package struct PartyName: Sendable, Hashable {
    package let owner: Int32
    package let party: String
    package init(owner: Int32, party: String) { (self.owner, self.party) = (owner, party) }
}

package struct SchemeName: Sendable, Hashable {
    package let owner: Int32
    package let scheme: String
    package init(owner: Int32, scheme: String) { (self.owner, self.scheme) = (owner, scheme) }
}

package struct SubjectName: Sendable, Hashable {
    package let scheme: SchemeName
    package let subject: String
    package init(scheme: SchemeName, subject: String) { (self.scheme, self.subject) = (scheme, subject) }
}

/// `payer` is 0 where all payers share the limit; `period` is a year under `calendar-year`, elsewhere 0.
package struct CapName: Sendable, Hashable {
    package let subject: Int64
    package let payer: Int32
    package let period: Int
    package init(subject: Int64, payer: Int32, period: Int) {
        (self.subject, self.payer, self.period) = (subject, payer, period)
    }
}

package struct AwardName: Sendable, Hashable {
    package let tenant: Int32
    package let award: String
    package init(tenant: Int32, award: String) { (self.tenant, self.award) = (tenant, award) }
}

package struct FundName: Sendable, Hashable {
    package let tenant: Int32
    package let fund: String
    package init(tenant: Int32, fund: String) { (self.tenant, self.fund) = (tenant, fund) }
}

package struct BudgetName: Sendable, Hashable {
    package let fund: Int64
    package let year: Int
    package init(fund: Int64, year: Int) { (self.fund, self.year) = (fund, year) }
}
