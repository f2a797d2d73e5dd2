import LedgerCore

/// The rows of one root that the last batches loaded or changed: the next ones need not read them again.
///
/// They are what stands as long as `roots.stamp` is still ``stamp``, which whoever relies on them has the database
/// confirm in the transaction that writes. With a row everything is known that it points to: with an award its
/// subject, payees and fund, with a subject its party and caps, with a fund the budgets of all years. That a row is
/// missing is never known.
struct KnownRows {
    /// `roots.stamp` of the transaction that left these rows.
    var stamp: Int64
    var registry: Registry
    /// The next number to be given out in the root.
    var nextNumber: Int64
    /// Of the accounts that these rows' entries named; a name never changes.
    var names = AccountNames()

    private var heads: [Int32: JournalHead] = [:]
    private var parties: [Int64: PartyRow] = [:]
    private var partyNumbers: [PartyName: Int64] = [:]
    private var subjects: [Int64: SubjectRow] = [:]
    private var subjectNumbers: [SubjectName: Int64] = [:]
    private var caps: [Int64: [Int64: CapRow]] = [:]
    private var awards: [Int64: AwardRow] = [:]
    private var awardNumbers: [AwardName: Int64] = [:]
    private var funds: [Int64: FundRow] = [:]
    private var fundNumbers: [FundName: Int64] = [:]
    private var budgets: [Int64: [Int: BudgetRow]] = [:]

    init(registry: Registry, stamp: Int64, nextNumber: Int64) {
        self.registry = registry
        self.stamp = stamp
        self.nextNumber = nextNumber
    }

    /// Those that grow without bounds.
    var count: Int { awards.count + subjects.count + parties.count }

    /// So that they can be changed in place; what was taken is to be put back.
    mutating func takeNames() -> AccountNames {
        defer { names = AccountNames() }
        return names
    }

    // MARK: Learning

    /// Takes over all the rows, which were loaded and perhaps changed since.
    mutating func learn(_ books: Books) {
        heads.merge(books.heads) { $1 }
        for row in books.parties.values { learn(row) }
        for row in books.subjects.values { learn(row) }
        for row in books.funds.values { learn(row) }
        for row in books.caps.values { learn(row) }
        for row in books.budgets.values { learn(row) }
        for row in books.awards.values { learn(row) }
    }

    /// Takes over the rows that were changed since they were taken from here.
    mutating func learn(changesOf books: Books) {
        let changes = books.changes
        for tenant in changes.heads { heads[tenant] = books.heads[tenant] }
        for number in changes.parties { if let row = books.parties[number] { learn(row) } }
        for number in changes.subjects { if let row = books.subjects[number] { learn(row) } }
        for number in changes.funds { if let row = books.funds[number] { learn(row) } }
        for number in changes.caps { if let row = books.caps[number] { learn(row) } }
        for name in changes.budgets { if let row = books.budgets[name] { learn(row) } }
        for number in changes.awards { if let row = books.awards[number] { learn(row) } }
    }

    private mutating func learn(_ row: PartyRow) {
        parties[row.number] = row
        partyNumbers[PartyName(owner: row.owner, party: row.facts.party)] = row.number
    }

    private mutating func learn(_ row: SubjectRow) {
        if subjects.updateValue(row, forKey: row.number) == nil { subjectNumbers[row.name] = row.number }
    }

    private mutating func learn(_ row: CapRow) { caps[row.name.subject, default: [:]][row.number] = row }

    private mutating func learn(_ row: AwardRow) {
        if awards.updateValue(row, forKey: row.number) == nil { awardNumbers[row.name] = row.number }
    }

    private mutating func learn(_ row: FundRow) {
        funds[row.number] = row
        fundNumbers[row.name] = row.number
    }

    private mutating func learn(_ row: BudgetRow) { budgets[row.name.fund, default: [:]][row.name.year] = row }
}

// MARK: - Recalling

extension KnownRows {
    /// Puts the wanted rows that are known, and what they point to, into the books. `wanted` keeps what is still to be
    /// loaded; the answer is what need not be asked for again.
    func recall(_ wanted: inout Wanted, into books: inout Books) -> Wanted {
        var known = Wanted()
        for tenant in wanted.tenants {
            guard let head = heads[tenant] else { continue }
            books.heads[tenant] = head
            wanted.tenants.remove(tenant)
        }
        for name in wanted.awards {
            guard let number = awardNumbers[name], let award = awards[number] else { continue }
            wanted.awards.remove(name)
            books.load(award)
            recall(subject: award.subject, into: &books, &known)
            recall(party: award.party, into: &books)
            for payee in award.formerPayees { recall(party: payee.party, into: &books) }
            recall(fund: award.fund, into: &books, &known)
        }
        for name in wanted.subjects {
            guard let number = subjectNumbers[name] else { continue }
            wanted.subjects.remove(name)
            recall(subject: number, into: &books, &known)
        }
        for name in wanted.parties {
            guard let number = partyNumbers[name] else { continue }
            wanted.parties.remove(name)
            recall(party: number, into: &books)
        }
        for name in wanted.funds {
            guard let number = fundNumbers[name] else { continue }
            wanted.funds.remove(name)
            recall(fund: number, into: &books, &known)
        }
        return known
    }

    private func recall(subject number: Int64, into books: inout Books, _ known: inout Wanted) {
        guard books.subjects[number] == nil, let subject = subjects[number] else { return }
        books.load(subject)
        known.capsOf.insert(number)
        for cap in (caps[number] ?? [:]).values { books.load(cap) }
        recall(party: subject.party, into: &books)
    }

    private func recall(party number: Int64, into books: inout Books) {
        guard books.parties[number] == nil, let party = parties[number] else { return }
        books.load(party)
    }

    private func recall(fund number: Int64, into books: inout Books, _ known: inout Wanted) {
        guard books.funds[number] == nil, let fund = funds[number] else { return }
        books.load(fund)
        known.budgetsOf.insert(number)
        for budget in (budgets[number] ?? [:]).values { books.load(budget) }
    }
}
