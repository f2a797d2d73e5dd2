import LedgerCore
import Postgres

/// Which rows to load, by name or by number. Names come from the commands; numbers from rows that point to others.
struct Wanted: Equatable {
    var tenants: Set<Int32> = []
    var keys: Set<KeyName> = []
    var entries: Set<SequenceName> = []
    var awards: Set<AwardName> = []
    var awardNumbers: Set<Int64> = []
    var subjects: Set<SubjectName> = []
    var subjectNumbers: Set<Int64> = []
    /// Subjects of which all caps are wanted.
    var capsOf: Set<Int64> = []
    var parties: Set<PartyName> = []
    var partyNumbers: Set<Int64> = []
    var funds: Set<FundName> = []
    var fundNumbers: Set<Int64> = []
    /// Funds of which the budgets of all years are wanted.
    var budgetsOf: Set<Int64> = []
}

extension Wanted {
    init(_ touch: Touch) {
        tenants = touch.tenants
        keys = touch.keys
        entries = touch.entries
        awards = touch.awards
        subjects = touch.subjects
        parties = touch.parties
        funds = touch.funds
    }

    private enum Table: CaseIterable {
        case heads, entriesByKey, entries, awardsByName, awards, subjectsByName, subjects, caps, partiesByName, parties,
            fundsByName, funds, budgets
    }

    /// One statement for each kind of row that is wanted, and how to put its rows into the books.
    struct Load {
        private var tables: [Table] = []
        private(set) var statements: [Statement] = []

        init(_ wanted: Wanted, root: Int32) {
            for table in Table.allCases {
                guard let (sql, parameters) = wanted.select(table) else { continue }
                tables.append(table)
                statements.append(Statement(sql, [.int4(root)] + parameters))
            }
        }

        func read(_ results: ArraySlice<Rows>, into books: inout Books) throws(PostgresError) {
            for (table, rows) in zip(tables, results) {
                for row in 0..<rows.count { try Wanted.read(table, rows, row, into: &books) }
            }
        }
    }

    /// nil where no such row is wanted.
    private func select(_ table: Table) -> (String, [Parameter])? {
        switch table {
        case .heads:
            return Wanted.byNumber(tenants, "SELECT \(JournalHead.columns) FROM heads h WHERE h.root = $1 AND h.tenant")
        case .entriesByKey:
            guard !keys.isEmpty else { return nil }
            let keys = Array(keys)
            let sql = """
                SELECT \(StoredEntry.columns) FROM unnest($2::int4[], $3::text[]) AS n (tenant, key)
                JOIN entries e ON e.root = $1 AND e.tenant = n.tenant AND e.key = n.key \(StoredEntry.joins)
                """
            return (sql, [.int4s(keys.map(\.tenant)), .texts(keys.map(\.key))])
        case .entries:
            guard !entries.isEmpty else { return nil }
            let entries = Array(entries)
            let sql = """
                SELECT \(StoredEntry.columns) FROM unnest($2::int4[], $3::int8[]) AS n (tenant, sequence)
                JOIN entries e ON e.root = $1 AND e.tenant = n.tenant AND e.sequence = n.sequence \(StoredEntry.joins)
                """
            return (sql, [.int4s(entries.map(\.tenant)), .int8s(entries.map(\.sequence))])
        case .awardsByName:
            guard !awards.isEmpty else { return nil }
            let awards = Array(awards)
            let sql = """
                SELECT \(AwardRow.columns) FROM unnest($2::int4[], $3::text[]) AS n (tenant, award)
                JOIN awards a ON a.root = $1 AND a.tenant = n.tenant AND a.award = n.award
                """
            return (sql, [.int4s(awards.map(\.tenant)), .texts(awards.map(\.award))])
        case .awards:
            return Wanted.byNumber(
                awardNumbers, "SELECT \(AwardRow.columns) FROM awards a WHERE a.root = $1 AND a.number")
        case .subjectsByName:
            guard !subjects.isEmpty else { return nil }
            let subjects = Array(subjects)
            let sql = """
                SELECT \(SubjectRow.columns)
                FROM unnest($2::int4[], $3::text[], $4::text[]) AS n (owner, scheme, subject)
                JOIN subjects s
                    ON s.root = $1 AND s.owner = n.owner AND s.scheme = n.scheme AND s.subject = n.subject
                """
            return (
                sql,
                [
                    .int4s(subjects.map(\.scheme.owner)), .texts(subjects.map(\.scheme.scheme)),
                    .texts(subjects.map(\.subject)),
                ]
            )
        case .subjects:
            return Wanted.byNumber(
                subjectNumbers, "SELECT \(SubjectRow.columns) FROM subjects s WHERE s.root = $1 AND s.number")
        case .caps:
            return Wanted.byNumber(capsOf, "SELECT \(CapRow.columns) FROM caps c WHERE c.root = $1 AND c.subject")
        case .partiesByName:
            guard !parties.isEmpty else { return nil }
            let parties = Array(parties)
            let sql = """
                SELECT \(PartyRow.columns) FROM unnest($2::int4[], $3::text[]) AS n (owner, party)
                JOIN parties p ON p.root = $1 AND p.owner = n.owner AND p.party = n.party
                """
            return (sql, [.int4s(parties.map(\.owner)), .texts(parties.map(\.party))])
        case .parties:
            return Wanted.byNumber(
                partyNumbers, "SELECT \(PartyRow.columns) FROM parties p WHERE p.root = $1 AND p.number")
        case .fundsByName:
            guard !funds.isEmpty else { return nil }
            let funds = Array(funds)
            let sql = """
                SELECT \(FundRow.columns) FROM unnest($2::int4[], $3::text[]) AS n (tenant, fund)
                JOIN funds f ON f.root = $1 AND f.tenant = n.tenant AND f.fund = n.fund
                """
            return (sql, [.int4s(funds.map(\.tenant)), .texts(funds.map(\.fund))])
        case .funds:
            return Wanted.byNumber(fundNumbers, "SELECT \(FundRow.columns) FROM funds f WHERE f.root = $1 AND f.number")
        case .budgets:
            return Wanted.byNumber(budgetsOf, "SELECT \(BudgetRow.columns) FROM budgets b WHERE b.root = $1 AND b.fund")
        }
    }

    private static func byNumber(_ numbers: Set<Int64>, _ sql: String) -> (String, [Parameter])? {
        numbers.isEmpty ? nil : (sql + " = ANY ($2)", [.int8s(Array(numbers))])
    }

    private static func byNumber(_ numbers: Set<Int32>, _ sql: String) -> (String, [Parameter])? {
        numbers.isEmpty ? nil : (sql + " = ANY ($2)", [.int4s(Array(numbers))])
    }

    private static func read(
        _ table: Table, _ rows: Rows, _ row: Int, into books: inout Books
    ) throws(PostgresError) {
        switch table {
        case .heads: books.heads[try rows.int4(row, 0)] = try JournalHead(rows, row)
        case .entriesByKey, .entries:
            let stored = try StoredEntry(rows, row)
            books.load(stored.entry, mark: stored.mark)
        case .awardsByName, .awards: books.load(try AwardRow(rows, row))
        case .subjectsByName, .subjects: books.load(try SubjectRow(rows, row))
        case .caps: books.load(try CapRow(rows, row))
        case .partiesByName, .parties: books.load(try PartyRow(rows, row))
        case .fundsByName, .funds: books.load(try FundRow(rows, row))
        case .budgets: books.load(try BudgetRow(rows, row))
        }
    }
}

// MARK: - Following rows to rows

extension Wanted {
    var isEmpty: Bool { self == Wanted() }

    /// What the rows in `books` point to, and what is neither among them nor was asked for before.
    init(missingIn books: Books, after asked: Wanted) {
        for entry in books.entries.values { follow(entry) }
        for (name, mark) in books.marks {
            if let settledBy = mark.settledBy {
                entries.insert(SequenceName(tenant: name.tenant, sequence: settledBy))
            }
        }
        for award in books.awards.values {
            subjectNumbers.insert(award.subject)
            partyNumbers.insert(award.party)
            partyNumbers.formUnion(award.formerPayees.lazy.map(\.party))
            fundNumbers.insert(award.fund)
        }
        for subject in books.subjects.values { partyNumbers.insert(subject.party) }
        capsOf.formUnion(books.subjects.keys)
        budgetsOf.formUnion(books.funds.keys)

        entries.subtract(books.entries.keys)
        awardNumbers.subtract(books.awards.keys)
        subjectNumbers.subtract(books.subjects.keys)
        partyNumbers.subtract(books.parties.keys)
        fundNumbers.subtract(books.funds.keys)
        subtract(asked)
    }

    private mutating func follow(_ entry: Entry) {
        if let award = entry.award { awardNumbers.insert(award) }
        if let subject = entry.subject { subjectNumbers.insert(subject) }
        for transfer in entry.transfers {
            for account in [transfer.debit, transfer.credit] {
                switch account.slot?.owner {
                case .fund: fundNumbers.insert(account.owner)
                case .award: awardNumbers.insert(account.owner)
                case .party: partyNumbers.insert(account.owner)
                // Caps come with their subject.
                case .cap, nil: break
                }
            }
        }
    }

    mutating func subtract(_ asked: Wanted) {
        entries.subtract(asked.entries)
        awardNumbers.subtract(asked.awardNumbers)
        subjectNumbers.subtract(asked.subjectNumbers)
        capsOf.subtract(asked.capsOf)
        partyNumbers.subtract(asked.partyNumbers)
        fundNumbers.subtract(asked.fundNumbers)
        budgetsOf.subtract(asked.budgetsOf)
    }

    mutating func formUnion(_ other: Wanted) {
        entries.formUnion(other.entries)
        awardNumbers.formUnion(other.awardNumbers)
        subjectNumbers.formUnion(other.subjectNumbers)
        capsOf.formUnion(other.capsOf)
        partyNumbers.formUnion(other.partyNumbers)
        fundNumbers.formUnion(other.fundNumbers)
        budgetsOf.formUnion(other.budgetsOf)
    }

    /// Loads what loaded rows point to, until nothing is missing: a round trip for each step that the hints did not
    /// spare.
    static func complete(
        _ books: inout Books, after asked: Wanted, on connection: inout Connection
    ) throws(PostgresError) {
        var asked = asked
        while true {
            let missing = Wanted(missingIn: books, after: asked)
            if missing.isEmpty { return }
            let load = Load(missing, root: books.registry.root)
            try load.read(connection.pipeline(load.statements)[...], into: &books)
            asked.formUnion(missing)
        }
    }
}
