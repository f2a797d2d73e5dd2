package import LedgerCore
package import LineProtocol

/// Answers the requests of one connection in their order.
///
/// Postings that follow each other go to the queue together, and so do queries; a query waits until the postings before
/// it are answered, and a posting until the queries before it are.
package struct Conversation: Sendable {
    /// Requests that are handed over together; each knows the place of its reply.
    private enum Run {
        case nothing
        case posting(Lane, [WriteJob], places: [Int])
        case asking([Query], places: [Int])
    }

    private let ledger: Ledger
    private let status: @Sendable () async -> [Field]
    private let isConnected: @Sendable () -> Bool
    private var session: Session
    private var run = Run.nothing
    private var replies: [Reply?] = []

    /// `isConnected` tells whether somebody still waits for the replies.
    package init(
        _ session: Session, ledger: Ledger, status: @escaping @Sendable () async -> [Field],
        isConnected: @escaping @Sendable () -> Bool = { true }
    ) {
        self.session = session
        self.ledger = ledger
        self.status = status
        self.isConnected = isConnected
    }

    /// Sends a reply for each request, most of them together; those after a request that closes the connection get
    /// none. Answers whether it is to be closed. Throws what `send` throws.
    package mutating func answer(
        _ requests: some Sequence<Decoded>, send: ([Reply]) async throws -> Void
    ) async throws -> Bool {
        var closes = false
        for request in requests {
            switch session.take(request) {
            case .reply(let reply): replies.append(reply)
            case .close(let reply):
                replies.append(reply)
                closes = true
            case .use(let tenant): await use(tenant)
            case .status:
                await finishRun()
                replies.append(.outcome(.answered(await status())))
            case .post(let envelope): await post(envelope)
            case .ask(let query, nil): await ask(query)
            case .ask(let query, let wait?):
                // The replies before it do not wait with it.
                try await send(await finish())
                replies.append(.outcome(await answer(query, waiting: wait)))
            case .exec(let voucher): await exec(voucher)
            }
            if closes { break }
        }
        try await send(await finish())
        return closes
    }

    private mutating func finish() async -> [Reply] {
        await finishRun()
        defer { replies = [] }
        return replies.compactMap(\.self)
    }

    // MARK: - Runs

    private mutating func finishRun() async {
        let finished = run
        run = .nothing
        switch finished {
        case .nothing: break
        case .posting(let lane, let jobs, let places):
            let verdicts = await ledger.post(jobs, lane: lane)
            for (place, verdict) in zip(places, verdicts) { replies[place] = .verdict(verdict) }
        case .asking(let queries, let places):
            let outcomes = await ledger.answer(queries)
            for (place, outcome) in zip(places, outcomes) { replies[place] = .outcome(outcome) }
        }
    }

    private mutating func add(_ job: WriteJob, lane: Lane) async {
        if case .posting(lane, var jobs, var places) = run {
            run = .nothing
            jobs.append(job)
            places.append(replies.count)
            run = .posting(lane, jobs, places: places)
        } else {
            await finishRun()
            run = .posting(lane, [job], places: [replies.count])
        }
        replies.append(nil)
    }

    private mutating func ask(_ query: Query) async {
        if case .asking(var queries, var places) = run {
            run = .nothing
            queries.append(query)
            places.append(replies.count)
            run = .asking(queries, places: places)
        } else {
            await finishRun()
            run = .asking([query], places: [replies.count])
        }
        replies.append(nil)
    }

    private mutating func post(_ envelope: Envelope) async {
        if envelope.command.createsTenant { return await add(.tenant(envelope), lane: .tenants) }
        do {
            let root = try await root(of: envelope.command.tenant)
            await add(.work(.single(envelope)), lane: .root(root))
        } catch {
            replies.append(.refused(error))
        }
    }

    /// What is not known yet is looked up after the requests before it, which may have made it.
    private mutating func root(of tenant: String) async throws(Refusal) -> Int32 {
        if let root = ledger.knownRoot(of: tenant) { return root }
        await finishRun()
        return try await ledger.root(of: tenant)
    }

    private mutating func use(_ tenant: String) async {
        do {
            _ = try await root(of: tenant)
            session.tenant = tenant
            replies.append(.outcome(.answered([Field("tenant", .text(tenant))])))
        } catch {
            replies.append(.refused(error))
        }
    }

    // MARK: - Vouchers

    private mutating func exec(_ voucher: Voucher) async {
        switch await root(of: voucher) {
        case .success(let root): await add(voucher.job, lane: .root(root))
        case .failure(.aborted(let index, let refusal)):
            replies.append(.verdict(.aborted(index: index, refusal)))
        case .failure(.refused(let refusal)): replies.append(.refused(refusal))
        }
    }

    private enum VoucherFailure: Error {
        case aborted(index: Int, Refusal)
        case refused(Refusal)
    }

    /// The one root of all tenants in the voucher. A tenant that is not there is left for the books to refuse in its
    /// turn, because a request before it may have to be refused first.
    private mutating func root(of voucher: Voucher) async -> Result<Int32, VoucherFailure> {
        var found: (root: Int32, tenant: String)?
        var firstUnknown: (index: Int, refusal: Refusal)?
        var created: Set<String> = []
        for (index, part) in voucher.parts.enumerated() {
            guard let tenant = part.existingTenant else {
                return .failure(.aborted(index: index, .rootInVoucher))
            }
            if let new = part.createdTenant { created.insert(new) }
            if created.contains(tenant) { continue }
            do {
                let root = try await root(of: tenant)
                if let found, found.root != root {
                    return .failure(.aborted(index: index, .twoRoots(found.tenant, tenant)))
                }
                found = found ?? (root, tenant)
            } catch {
                guard error.code == .notFound else { return .failure(.refused(error)) }
                firstUnknown = firstUnknown ?? (index, error)
            }
        }
        if let found { return .success(found.root) }
        let (index, refusal) = firstUnknown ?? (0, .rootInVoucher)
        return .failure(.aborted(index: index, refusal))
    }

    // MARK: - Waiting for entries

    /// Answers a JOURNAL once it has an entry, or when the time is over.
    private func answer(_ query: Query, waiting limit: Duration) async -> Outcome {
        let deadline = ContinuousClock.now + limit
        while true {
            let position = ledger.signal.position
            let outcome = await ledger.answer([query]).first ?? .refused(.notAnswered)
            guard outcome.isEmptyJournal, isConnected(), !ledger.signal.isClosed, ContinuousClock.now < deadline else {
                return outcome
            }
            await ledger.signal.wait(for: query.tenant, after: position)
        }
    }
}

extension Outcome {
    fileprivate var isEmptyJournal: Bool {
        if case .answered(let fields) = self { fields.contains(Field("entries", .list([]))) } else { false }
    }
}

extension VoucherPart {
    /// The tenant whose root it belongs to: its own, or the parent of the one that it creates; nil where it creates a
    /// root.
    fileprivate var existingTenant: String? {
        switch self {
        case .query(let query): query.tenant
        case .command(let envelope):
            if case .registration(let registration) = envelope.command,
                case .createTenant(let parent, _) = registration.action
            {
                parent
            } else {
                envelope.command.tenant
            }
        }
    }

    fileprivate var createdTenant: String? {
        if case .command(let envelope) = self, envelope.command.createsTenant { envelope.command.tenant } else { nil }
    }
}

extension Refusal {
    static let rootInVoucher = invalid(
        "parent", "a voucher cannot create a root tenant; send this TENANT.CREATE before MULTI")

    static func twoRoots(_ first: String, _ second: String) -> Refusal {
        invalid(
            "tenant", "\"\(second)\" belongs to another root tenant than \"\(first)\"; a voucher stays within one")
    }
}
