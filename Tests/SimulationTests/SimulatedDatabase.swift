import LedgerCore

/// What a database keeps: the committed rows of every root, and no more of a database than that.
///
/// It hands out only the rows that a batch names or that these point to, and takes back only those that are marked as
/// changed, so that a row which the core forgot to name or to mark is missed here as it would be in earnest.
struct SimulatedDatabase {
    /// The tables of each root; the indexes of ``Books`` serve to find rows by name.
    private(set) var roots: [Int32: Books] = [:]
    /// The entries of each root in the order in which they were committed.
    private(set) var journals: [Int32: [Entry]] = [:]
    /// Where in its root's journal an entry stands.
    private(set) var places: [SequenceName: Int] = [:]
    private var rootsOfTenants: [String: Int32] = [:]
    private var nextTenant: Int32 = 1

    func root(of tenant: String) -> Int32? { rootsOfTenants[tenant] }

    func entry(_ key: SimulatedKey) -> Entry? {
        guard let rows = root(of: key.tenant).flatMap({ roots[$0] }),
            let tenant = rows.registry.tenant(key.tenant)?.number,
            let sequence = rows.keys[KeyName(tenant: tenant, key: key.key)]
        else { return nil }
        return rows.entries[SequenceName(tenant: tenant, sequence: sequence)]
    }

    // MARK: Loading

    func load(_ work: [Work], root: Int32) -> Books {
        guard let rows = roots[root] else { return Books(registry: Registry(root: root, version: 0)) }
        let touch = Touch(of: work, registry: rows.registry)
        var loading = SimulatedLoading(rows)
        loading.load(touch)
        loading.books.foreignTenants = touch.foreignTenants.filter { self.root(of: $0) != nil }
        return loading.books
    }

    /// The verdicts over all rows of the root, loaded or not.
    func verdicts(on work: [Work], root: Int32, at moment: Moment) -> [Verdict] {
        var books = roots[root] ?? Books(registry: Registry(root: root, version: 0))
        books.foreignTenants = Set(rootsOfTenants.keys)
        return decide(work, over: &books, at: moment)
    }

    /// What the creation of a tenant asks for.
    func load(creating tenant: String, below parent: String?) -> Books {
        let root = parent.flatMap { self.root(of: $0) } ?? self.root(of: tenant)
        var books = root.flatMap { load([], root: $0) } ?? Books(registry: Registry(root: 0, version: 0))
        books.nextTenant = nextTenant
        if let found = self.root(of: tenant), found != root { books.foreignTenants = [tenant] }
        return books
    }

    // MARK: Committing

    mutating func commit(_ decided: Books) {
        let changes = decided.changes
        let root = decided.registry.root
        var rows = roots.removeValue(forKey: root) ?? Books(registry: decided.registry)
        rows.nextNumber = decided.nextNumber
        if changes.touchesRegistry {
            rows.registry = decided.registry
            rows.registry.version += 1
            for number in changes.tenants {
                if let tenant = decided.registry.tenants[number] { rootsOfTenants[tenant.id] = root }
            }
            nextTenant = max(nextTenant, decided.nextTenant)
        }
        for number in changes.parties { if let row = decided.parties[number] { rows.load(row) } }
        for number in changes.subjects { if let row = decided.subjects[number] { rows.load(row) } }
        for number in changes.caps { if let row = decided.caps[number] { rows.load(row) } }
        for number in changes.awards { if let row = decided.awards[number] { rows.load(row) } }
        for number in changes.funds { if let row = decided.funds[number] { rows.load(row) } }
        for name in changes.budgets { if let row = decided.budgets[name] { rows.load(row) } }
        for tenant in changes.heads { rows.heads[tenant] = decided.heads[tenant] }
        for entry in changes.entries {
            rows.load(entry, mark: Mark())
            places[entry.name] = journals[root]?.count ?? 0
            journals[root, default: []].append(entry)
        }
        for name in changes.marks { rows.marks[name] = decided.marks[name] }
        roots[root] = rows
    }
}

/// Follows rows to the rows that they point to.
private struct SimulatedLoading {
    private let rows: Books
    var books: Books

    init(_ rows: Books) {
        self.rows = rows
        books = Books(registry: rows.registry, nextNumber: rows.nextNumber)
    }

    mutating func load(_ touch: Touch) {
        for tenant in touch.tenants { books.heads[tenant] = rows.heads[tenant] }
        for name in touch.entries { load(name) }
        for key in touch.keys {
            if let sequence = rows.keys[key] { load(SequenceName(tenant: key.tenant, sequence: sequence)) }
        }
        for name in touch.awards { load(award: rows.awardNumbers[name]) }
        for name in touch.subjects { load(subject: rows.subjectNumbers[name]) }
        for name in touch.parties { load(party: rows.partyNumbers[name]) }
        for name in touch.funds { load(fund: rows.fundNumbers[name]) }
    }

    private mutating func load(_ name: SequenceName) {
        guard let entry = rows.entries[name], books.entries[name] == nil else { return }
        let mark = rows.marks[name] ?? Mark()
        books.load(entry, mark: mark)
        if let settledBy = mark.settledBy { load(SequenceName(tenant: name.tenant, sequence: settledBy)) }
        load(award: entry.award)
        load(subject: entry.subject)
        for account in entry.transfers.flatMap({ [$0.debit, $0.credit] }) {
            switch account.slot?.owner {
            case .fund: load(fund: account.owner)
            case .award: load(award: account.owner)
            case .party: load(party: account.owner)
            case .cap, nil: break
            }
        }
    }

    private mutating func load(award number: Int64?) {
        guard let number, let row = rows.awards[number], books.awards[number] == nil else { return }
        books.load(row)
        load(subject: row.subject)
        load(party: row.party)
        load(fund: row.fund)
    }

    private mutating func load(subject number: Int64?) {
        guard let number, let row = rows.subjects[number], books.subjects[number] == nil else { return }
        books.load(row)
        load(party: row.party)
        for cap in rows.caps.values where cap.name.subject == number { books.load(cap) }
    }

    private mutating func load(party number: Int64?) {
        if let number, let row = rows.parties[number] { books.load(row) }
    }

    private mutating func load(fund number: Int64?) {
        guard let number, let row = rows.funds[number], books.funds[number] == nil else { return }
        books.load(row)
        for budget in rows.budgets.values where budget.name.fund == number { books.load(budget) }
    }
}
