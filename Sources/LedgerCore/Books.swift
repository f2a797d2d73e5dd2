/// The part of one root's books that a batch touches, as the store has locked and loaded it: the facts that commands
/// are decided over. Deciding changes it in place; ``changes`` tells the store what to write.
///
/// A row that was asked for and does not exist is simply absent: a command never finds out half-way that something was
/// not loaded, because ``Touch`` names everything that it may need.
package struct Books: Sendable {
    package var registry: Registry
    /// The next number to be given out in this root.
    package var nextNumber: Int64
    /// The next number of a tenant, of the whole installation; loaded where a tenant is created.
    package var nextTenant: Int32
    /// Identifiers of tenants of other roots; loaded where a tenant is created or named as a payer.
    package var foreignTenants: Set<String>

    package var heads: [Int32: JournalHead] = [:]
    package var parties: [Int64: PartyRow] = [:]
    package var subjects: [Int64: SubjectRow] = [:]
    package var caps: [Int64: CapRow] = [:]
    package var awards: [Int64: AwardRow] = [:]
    package var funds: [Int64: FundRow] = [:]
    package var budgets: [BudgetName: BudgetRow] = [:]
    package var entries: [SequenceName: Entry] = [:]
    package var marks: [SequenceName: Mark] = [:]

    package private(set) var partyNumbers: [PartyName: Int64] = [:]
    package private(set) var subjectNumbers: [SubjectName: Int64] = [:]
    package private(set) var capNumbers: [CapName: Int64] = [:]
    package private(set) var awardNumbers: [AwardName: Int64] = [:]
    package private(set) var fundNumbers: [FundName: Int64] = [:]
    package private(set) var keys: [KeyName: Int64] = [:]

    package var changes = Changes()

    package init(
        registry: Registry, nextNumber: Int64 = 1, nextTenant: Int32 = 1, foreignTenants: Set<String> = []
    ) {
        self.registry = registry
        self.nextNumber = nextNumber
        self.nextTenant = nextTenant
        self.foreignTenants = foreignTenants
    }

    /// Makes room for a batch of so many postings at once, rather than by and by.
    package mutating func reserve(postings count: Int) {
        awards.reserveCapacity(count)
        awardNumbers.reserveCapacity(count)
        subjects.reserveCapacity(count)
        subjectNumbers.reserveCapacity(count)
        caps.reserveCapacity(count)
        capNumbers.reserveCapacity(count)
        entries.reserveCapacity(count)
        keys.reserveCapacity(count)
        changes.entries.reserveCapacity(count)
        changes.awards.reserveCapacity(count)
        changes.caps.reserveCapacity(count)
    }

    // MARK: What the store puts in

    package mutating func load(_ row: PartyRow) {
        parties[row.number] = row
        partyNumbers[PartyName(owner: row.owner, party: row.facts.party)] = row.number
    }

    package mutating func load(_ row: SubjectRow) {
        subjects[row.number] = row
        subjectNumbers[row.name] = row.number
    }

    package mutating func load(_ row: CapRow) {
        caps[row.number] = row
        capNumbers[row.name] = row.number
    }

    package mutating func load(_ row: AwardRow) {
        awards[row.number] = row
        awardNumbers[row.name] = row.number
    }

    package mutating func load(_ row: FundRow) {
        funds[row.number] = row
        fundNumbers[row.name] = row.number
    }

    package mutating func load(_ row: BudgetRow) { budgets[row.name] = row }

    package mutating func load(_ entry: Entry, mark: Mark) {
        put(entry)
        if mark != Mark() { marks[SequenceName(tenant: entry.tenant, sequence: entry.sequence)] = mark }
    }

    mutating func put(_ entry: Entry) {
        entries[SequenceName(tenant: entry.tenant, sequence: entry.sequence)] = entry
        keys[KeyName(tenant: entry.tenant, key: entry.key)] = entry.sequence
    }

    mutating func takeNumber() -> Int64 {
        defer { nextNumber += 1 }
        return nextNumber
    }
}

/// What deciding has changed: sets of names, so that a row touched a hundred times is written once.
package struct Changes: Sendable {
    package var entries: [Entry] = []
    package var bases: [BasisRow] = []
    package var heads: Set<Int32> = []
    package var parties: Set<Int64> = []
    package var subjects: Set<Int64> = []
    package var caps: Set<Int64> = []
    package var awards: Set<Int64> = []
    package var funds: Set<Int64> = []
    package var budgets: Set<BudgetName> = []
    package var marks: Set<SequenceName> = []
    package var tenants: [Int32] = []
    package var schemes: [SchemeVersion] = []
    package var parameters: Set<Registry.ParameterName> = []

    package init() {}

    package var touchesRegistry: Bool { !(tenants.isEmpty && schemes.isEmpty && parameters.isEmpty) }
    package var isEmpty: Bool {
        entries.isEmpty && bases.isEmpty && heads.isEmpty && parties.isEmpty && subjects.isEmpty && caps.isEmpty
            && awards.isEmpty && funds.isEmpty && budgets.isEmpty && marks.isEmpty && !touchesRegistry
    }

    package struct SchemeVersion: Sendable, Hashable {
        package let name: SchemeName
        package let version: Int
    }
}

/// A basis as it was set, kept so that a query can ask what was known on a day. `order` is ascending in the root.
package struct BasisRow: Sendable, Hashable {
    package let subject: Int64
    package let period: Int
    package let order: Int64
    package let date: Day
    package let amount: Amount
    package let tenant: Int32
    package let sequence: Int64

    package init(
        subject: Int64, period: Int, order: Int64, date: Day, amount: Amount, tenant: Int32, sequence: Int64
    ) {
        self.subject = subject
        self.period = period
        self.order = order
        self.date = date
        self.amount = amount
        self.tenant = tenant
        self.sequence = sequence
    }
}
