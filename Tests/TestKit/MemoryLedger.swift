package import LedgerCore
package import LineProtocol

/// The core with all books in memory, and no store: every row stays loaded. It takes requests as lines or words do, so
/// that tests read like a conversation.
package struct MemoryLedger {
    /// One for each root tenant.
    package private(set) var roots: [Int32: Books] = [:]
    private var nextTenant: Int32 = 1
    package var now: Moment

    package init(today: Day) {
        now = Moment(microseconds: (Int64(today.number) * 24 + 4) * 3_600_000_000)
    }

    /// The replies to a request; queries other than REMAINING are the store's, and `nil` here.
    package mutating func answer(_ raw: RawRequest) -> Outcome? {
        switch RequestParser.parse(raw, tenant: nil) {
        case .failure(let refusal): .refused(refusal)
        case .success(.command(let command)): decideOne(Envelope(command: command, principal: "operator"))
        case .success(.query(let query, _)): answer(query)
        case .success(.bank), .success(.session): nil
        }
    }

    /// A voucher: all of it or nothing.
    package mutating func answer(group: [Envelope]) -> Verdict {
        let roots = group.map { root(of: $0.command.tenant) }
        guard let root = roots.compactMap(\.self).first else {
            return .aborted(index: 0, .unknownTenant(group.first?.command.tenant ?? ""))
        }
        if let index = roots.firstIndex(where: { $0 != nil && $0 != root }) {
            return .aborted(index: index, .invalid("tenant", "a voucher stays within one root tenant"))
        }
        return apply(.group(group), to: root)
    }

    package func books(of tenant: String) -> Books? { root(of: tenant).flatMap { roots[$0] } }

    private func root(of tenant: String) -> Int32? {
        roots.first { $0.value.registry.tenant(tenant) != nil }?.key
    }

    private mutating func decideOne(_ envelope: Envelope) -> Outcome {
        if case .registration(let registration) = envelope.command,
            case .createTenant(let parent, _) = registration.action
        {
            return create(envelope, root: root(of: registration.tenant) ?? parent.flatMap { root(of: $0) })
        }
        guard let root = root(of: envelope.command.tenant) else {
            return .refused(.unknownTenant(envelope.command.tenant))
        }
        guard case .one(let outcome) = apply(.single(envelope), to: root) else {
            return .refused(Refusal(.unavailable, "a single command had the verdict of a group"))
        }
        return outcome
    }

    private mutating func create(_ envelope: Envelope, root: Int32?) -> Outcome {
        var books = root.flatMap { roots[$0] } ?? Books(registry: Registry(root: 0, version: 0))
        books.nextTenant = nextTenant
        books.foreignTenants = Set(roots.filter { $0.key != root }.flatMap { $0.value.registry.numbers.keys })
        guard case .one(let outcome)? = decide([.single(envelope)], over: &books, at: now).first else {
            return .refused(Refusal(.unavailable, "no verdict"))
        }
        nextTenant = books.nextTenant
        books.changes = Changes()
        if books.registry.root != 0 { roots[books.registry.root] = books }
        return outcome
    }

    private mutating func apply(_ work: Work, to root: Int32) -> Verdict {
        guard var books = roots.removeValue(forKey: root) else {
            return .aborted(index: 0, Refusal(.unavailable, "no such root"))
        }
        books.foreignTenants = Set(roots.values.flatMap { $0.registry.numbers.keys })
        let verdict = decide([work], over: &books, at: now)[0]
        basisHistory[root, default: []] += books.changes.bases
        books.changes = Changes()
        roots[root] = books
        return verdict
    }

    private func answer(_ query: Query) -> Outcome? {
        guard let books = books(of: query.tenant) else { return .refused(.unknownTenant(query.tenant)) }
        guard case .remaining(let scheme, let subject, let on, let period, let amount) = query.question else {
            return nil
        }
        let question = RemainingQuestion(scheme: scheme, subject: subject, on: on, period: period, amount: amount)
        return books.remaining(
            question, tenant: query.tenant, past: past(question, query.tenant, books), today: now.day)
    }

    /// What was used and known on the question's day, summed up from the entries.
    private func past(_ question: RemainingQuestion, _ tenant: String, _ books: Books) -> PastUse? {
        guard let on = question.on, let number = books.registry.tenant(tenant)?.number,
            let name = books.capName(question, tenant: number, today: now.day)
        else { return nil }
        let known = books.entries.values.filter { $0.date <= on }
        var cap = CapRow(number: books.capNumbers[name] ?? -1, name: name)
        for transfer in known.flatMap(\.transfers) {
            for (account, amount) in [(transfer.debit, transfer.amount), (transfer.credit, -transfer.amount)]
            where account.owner == cap.number {
                switch account.slot {
                case .capCommitted: cap.committed += amount
                case .capDisbursed: cap.disbursed += amount
                case .capForfeited: cap.forfeited += amount
                case .capDated: cap.dated.add(amount, on: account.day)
                default: break
                }
            }
        }
        return PastUse(cap: cap, bases: bases(of: name.subject, books, on: on))
    }

    private func bases(of subject: Int64, _ books: Books, on: Day) -> [SubjectRow.Basis] {
        var latest: [Int: (order: Int64, amount: Amount)] = [:]
        for row in basisHistory[books.registry.root] ?? [] where row.subject == subject && row.date <= on {
            if latest[row.period].map({ $0.order < row.order }) ?? true { latest[row.period] = (row.order, row.amount) }
        }
        return latest.map { SubjectRow.Basis(period: $0.key, amount: $0.value.amount) }
    }

    private var basisHistory: [Int32: [BasisRow]] = [:]
}
