package import LedgerCore
import Postgres

/// REMAINING questions to one root: loads the books that they need, in as few round trips as can be. Each round trip
/// reads everything anew, so that what it answers from is of one snapshot.
struct RemainingBatch {
    let root: Int32
    private(set) var books: Books
    private(set) var isComplete = false
    /// `roots.stamp` in the snapshot that the books are of.
    private(set) var stamp: Int64 = 0
    private(set) var statements: [Statement] = []

    private var registry: Registry?
    private var questions: [Query] = []
    private var hints = Hints()
    private var wanted = Wanted()
    private var load: Wanted.Load?

    init(root: Int32, registry: Registry?) {
        self.root = root
        self.registry = registry
        books = Books(registry: registry ?? Registry(root: root, version: 0))
    }

    mutating func add(_ questions: [Query], _ hints: Hints) {
        self.questions = questions
        self.hints = hints
        wanted = wantedByName
        isComplete = false
    }

    /// Sets the statements of the next round trip.
    mutating func prepare() {
        let load = registry.map { _ in Wanted.Load(wanted, root: root) }
        self.load = load
        statements = Registry.statements(root: root)
        if let load {
            let stamps = Statement("SELECT registry_stamp, stamp FROM roots WHERE root = $1", [.int4(root)])
            statements = [stamps] + load.statements
        }
    }

    mutating func read(_ results: ArraySlice<Rows>) throws(PostgresError) {
        guard let registry, let load else {
            registry = try Registry(root: root, results)
            wanted = wantedByName
            return
        }
        let version = results[results.startIndex]
        guard version.count == 1, try version.int8(0, 0) == registry.version else {
            self.registry = nil
            isComplete = false
            return
        }
        stamp = try version.int8(0, 1)
        books = Books(registry: registry)
        try load.read(results.dropFirst(), into: &books)
        let missing = Wanted(missingIn: books, after: wanted)
        wanted.formUnion(missing)
        isComplete = missing.isEmpty
    }

    /// What the questions name, as far as the registry is known.
    private var wantedByName: Wanted {
        var wanted = Wanted()
        guard let registry else { return wanted }
        for query in questions {
            guard case .remaining(let scheme, let subject, _, _, let amount) = query.question,
                let tenant = registry.tenant(query.tenant)?.number
            else { continue }
            if let name = registry.scheme(scheme, seenFrom: tenant) {
                wanted.subjects.insert(SubjectName(scheme: name, subject: subject))
            }
            // What a COMMIT of it would be asked besides: whether the period is closed, and for budget.
            if amount != nil {
                wanted.tenants.insert(tenant)
                wanted.funds.insert(FundName(tenant: tenant, fund: "general"))
            }
        }
        hints.add(to: &wanted)
        return wanted
    }
}

extension Question {
    /// A question for what remains of all entries, whatever their date.
    package var isOfRemainingNow: Bool {
        if case .remaining(_, _, nil, _, _) = self { true } else { false }
    }
}

extension Books {
    /// Answers a REMAINING question over these books, and `past` where it asks for an earlier day.
    func answer(_ query: Query, past: PastUse? = nil, today: Day) -> Outcome {
        guard let question = RemainingQuestion(query.question) else { return .refused(.unknownTenant(query.tenant)) }
        return remaining(question, tenant: query.tenant, past: past, today: today)
    }
}

extension RemainingQuestion {
    init?(_ question: Question) {
        guard case .remaining(let scheme, let subject, let on, let period, let amount) = question else { return nil }
        self.init(scheme: scheme, subject: subject, on: on, period: period, amount: amount)
    }
}

extension Inquiry {
    /// Within a transaction, for a question with or without `on`.
    func remaining(
        _ question: Question, on connection: inout Connection
    ) throws(PostgresError) -> Outcome {
        let query = Query(tenant: tenant.id, question: question)
        let books = try load([query], on: &connection)
        return books.answer(query, past: try past(of: question, books, on: &connection), today: today)
    }

    /// The books that REMAINING questions need.
    func load(_ questions: [Query], on connection: inout Connection) throws(PostgresError) -> Books {
        var batch = RemainingBatch(root: registry.root, registry: registry)
        batch.add(questions, Hints())
        while !batch.isComplete {
            batch.prepare()
            try batch.read(connection.pipeline(batch.statements)[...])
        }
        return batch.books
    }

    /// What was used of the question's cap, and which bases were known, with the entries dated on or before `on`.
    private func past(
        of question: Question, _ books: Books, on connection: inout Connection
    ) throws(PostgresError) -> PastUse? {
        guard let question = RemainingQuestion(question), let on = question.on,
            let name = books.capName(question, tenant: tenant.number, today: today)
        else { return nil }
        let cap = CapRow(number: books.capNumbers[name] ?? 0, name: name)
        let results = try connection.pipeline([
            Statement(
                """
                SELECT DISTINCT ON (b.period) b.period, b.amount FROM bases b
                WHERE b.root = $1 AND b.subject = $2 AND b.date <= $3 ORDER BY b.period, b.number DESC
                """, [.int4(registry.root), .int8(name.subject), .date(on.number)]),
            Statement(
                Inquiry.capUse, [.int4(registry.root), .int8(name.subject), .int8(cap.number), .date(on.number)]),
        ])
        let (bases, uses) = (results[0], results[1])
        var past = PastUse(cap: cap, bases: [])
        for row in 0..<bases.count {
            let period = Int(try bases.int4(row, 0))
            past.bases.append(SubjectRow.Basis(period: period, amount: Amount(fen: try bases.int8(row, 1))))
        }
        for row in 0..<uses.count {
            past.cap?.add(Amount(fen: try uses.int8(row, 1)), to: AccountID(raw: try uses.int8(row, 0)))
        }
        return past
    }

    /// Debits less credits of a cap's accounts, from the entries of its awards.
    static let capUse = """
        SELECT side.account, sum(side.fen)::int8
        FROM awards a
            JOIN entries e ON e.root = a.root AND e.award = a.number
            CROSS JOIN LATERAL generate_series(1, cardinality(e.transfers), 3) n
            CROSS JOIN LATERAL (VALUES
                (e.transfers[n], e.transfers[n + 2]), (e.transfers[n + 1], -e.transfers[n + 2])) side (account, fen)
        WHERE a.root = $1 AND a.subject = $2 AND a.cap = $3 AND e.date <= $4 AND side.account >> 28 = $3
        GROUP BY side.account
        """
}

extension CapRow {
    /// Counts a balance of one of the cap's accounts: debits less credits.
    mutating func add(_ balance: Amount, to account: AccountID) {
        switch account.slot {
        case .capCommitted: committed += balance
        case .capDisbursed: disbursed += balance
        case .capForfeited: forfeited += balance
        case .capDated: dated.add(balance, on: account.day)
        default: break
        }
    }
}
