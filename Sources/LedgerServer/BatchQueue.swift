package import LedgerCore

/// What is posted in one go, and by whom it is decided what follows what: a root's commands keep their order, and two
/// roots, which share nothing, do not wait for each other.
package enum Lane: Sendable, Hashable {
    case root(Int32)
    /// What the bank says of a root's tenants: matching takes longer than a posting may wait.
    case bank(Int32)
    /// Tenants and principals are created one at a time: their identifiers are unique across all roots.
    case installation

    var isRoot: Bool {
        if case .root = self { true } else { false }
    }
}

/// One thing to be posted, whole or not at all.
package enum WriteJob: Sendable, Hashable {
    /// Shares a batch with others.
    case work(Work)
    /// `TENANT.CREATE`, alone.
    case tenant(Envelope)
    /// A change of who may speak, alone.
    case principal(PrincipalChange)
    /// A tenant's journal to be sealed, alone.
    case seal(tenant: String)
    /// A voucher that has queries in it, alone.
    case voucher([VoucherPart])
    /// Of the bank's side; shares a batch with its like.
    case bank(BankRequest)

    /// Commands and queries in it.
    package var size: Int {
        switch self {
        case .work(.single), .tenant, .principal, .seal, .bank: 1
        case .work(.group(let envelopes)): max(1, envelopes.count)
        case .voucher(let parts): max(1, parts.count)
        }
    }
}

extension WriteJob {
    var sharesBatch: Bool {
        switch self {
        case .work, .bank: true
        case .tenant, .principal, .seal, .voucher: false
        }
    }

    /// In whose line it stands.
    var tenant: String {
        switch self {
        case .work(.single(let envelope)), .tenant(let envelope): envelope.command.tenant
        case .work(.group(let envelopes)): envelopes.first?.command.tenant ?? ""
        case .voucher(let parts): parts.first?.tenant ?? ""
        case .seal(let tenant): tenant
        case .bank(let request): request.tenant
        case .principal: ""
        }
    }
}

extension VoucherPart {
    fileprivate var tenant: String {
        switch self {
        case .command(let envelope): envelope.command.tenant
        case .query(let query): query.tenant
        }
    }
}

package enum VoucherPart: Sendable, Hashable {
    case command(Envelope)
    case query(Query)
}

/// Gathers what is to be posted into batches: all of one lane, one of a lane at a time, lanes in turn, and within a
/// lane the tenants in turn.
///
/// A value without clock or threads. `Ticket` is what the caller knows a job by when its batch is done.
package struct BatchQueue<Ticket: Sendable>: Sendable {
    package struct Job: Sendable {
        package let job: WriteJob
        package let ticket: Ticket

        package init(_ job: WriteJob, _ ticket: Ticket) {
            self.job = job
            self.ticket = ticket
        }
    }

    package struct Batch: Sendable {
        package let lane: Lane
        /// Of several jobs each is a ``WriteJob/work(_:)``, or each a ``WriteJob/bank(_:)``.
        package let jobs: [Job]
        /// Commands in it.
        package let size: Int
    }

    private struct Waiting {
        var jobs = FairQueue<Job>()
        /// Commands that wait.
        var size = 0
        /// Batches that were taken and are not complete.
        var underWay = 0
        /// How many commands must wait for the next batch to be taken; nil: none is taken.
        var least: Int? = 1

        var isReady: Bool { least.map { size >= $0 } ?? false }
    }

    private let longestBatch: Int
    /// Commands that make it worth while to decide a batch while the one before is under way.
    private let worthOverlapping: Int
    /// Commands that a tenant has in a batch before it is another's turn.
    private let portion: Int
    private let capacity: Int
    private let capacityOfTenant: Int
    private var lanes: [Lane: Waiting] = [:]
    /// Lanes of which a batch may be taken, the one whose turn it is first.
    private var turns: [Lane] = []
    /// Commands that wait; those of a batch that was taken do not count.
    package private(set) var count = 0
    private var countsOfTenants: [String: Int] = [:]

    package init(limits: Limits) {
        longestBatch = limits.batchLength
        worthOverlapping = limits.batchWorthOverlapping
        portion = max(1, limits.batchLength / 8)
        capacity = limits.writeQueueLength
        capacityOfTenant = limits.writeQueueLengthOfTenant
    }

    package var isEmpty: Bool { count == 0 }
    package var isReady: Bool { !turns.isEmpty }

    /// Appends all the jobs, or, where there is no room for all of them, none; answers whether it did. They stand in
    /// the line of that tenant, nil for the first one's, and keep their order behind all that stands there.
    package mutating func enqueue(_ jobs: [Job], lane: Lane, behind line: String? = nil) -> Bool {
        guard let tenant = line ?? jobs.first?.job.tenant else { return true }
        let size = jobs.reduce(0) { $0 + $1.job.size }
        let sizeOfTenant = countsOfTenants[tenant, default: 0] + size
        guard count + size <= capacity, sizeOfTenant <= capacityOfTenant else { return false }
        count += size
        countsOfTenants[tenant] = sizeOfTenant
        var waiting = lanes.removeValue(forKey: lane) ?? Waiting()
        let wasReady = waiting.isReady
        waiting.jobs.append(jobs, to: tenant)
        waiting.size += size
        if waiting.isReady, !wasReady { turns.append(lane) }
        lanes[lane] = waiting
        return true
    }

    /// The next batch; nil where nothing waits but behind a batch of its own lane. ``complete(_:)`` frees the lane.
    package mutating func next() -> Batch? {
        guard !turns.isEmpty else { return nil }
        let lane = turns.removeFirst()
        guard var waiting = lanes.removeValue(forKey: lane) else { return nil }
        let (jobs, size) = takeBatch(from: &waiting.jobs)
        waiting.size -= size
        waiting.underWay += 1
        waiting.least = nil
        lanes[lane] = waiting
        return Batch(lane: lane, jobs: jobs, size: size)
    }

    /// The lane's last batch need not be waited for, where enough has gathered: a batch costs the database as much by
    /// itself as twenty commands do, so few are better gathered until it is complete.
    package mutating func letFollow(_ lane: Lane, behind size: Int) {
        let least = max(worthOverlapping, size / 2)
        offer(lane) { $0.least = $0.least ?? least }
    }

    /// A batch of the lane is answered; what waits behind it may go, unless there is another before it.
    package mutating func complete(_ lane: Lane) {
        offer(lane) { waiting in
            waiting.underWay = max(0, waiting.underWay - 1)
            if waiting.underWay == 0 { waiting.least = 1 }
        }
        if let waiting = lanes[lane], waiting.underWay == 0, waiting.jobs.isEmpty { lanes[lane] = nil }
    }

    private mutating func offer(_ lane: Lane, _ change: (inout Waiting) -> Void) {
        guard var waiting = lanes.removeValue(forKey: lane) else { return }
        let wasReady = waiting.isReady
        change(&waiting)
        if waiting.isReady, !wasReady { turns.append(lane) }
        lanes[lane] = waiting
    }

    /// Takes out all that waits. Batches that were handed out are not among it.
    package mutating func removeAll() -> [Job] {
        var removed: [Job] = []
        for lane in lanes.keys {
            removed += lanes[lane]?.jobs.removeAll() ?? []
            lanes[lane]?.size = 0
        }
        lanes = lanes.filter { $0.value.underWay > 0 }
        (turns, count, countsOfTenants) = ([], 0, [:])
        return removed
    }

    /// At least one job; several only where they may share a batch.
    private mutating func takeBatch(from queue: inout FairQueue<Job>) -> (jobs: [Job], size: Int) {
        var jobs: [Job] = []
        var size = 0
        var isClosed = false
        while !isClosed {
            var sizeOfTurn = 0
            let run = queue.takeRun { job in
                let isFirst = jobs.isEmpty && sizeOfTurn == 0
                let (length, sharesBatch) = (job.job.size, job.job.sharesBatch)
                guard !isClosed, sizeOfTurn < portion,
                    isFirst || sharesBatch && size + sizeOfTurn + length <= longestBatch
                else { return false }
                sizeOfTurn += length
                isClosed = !sharesBatch
                return true
            }
            guard !run.elements.isEmpty else { break }
            leave(run.line, sizeOfTurn)
            jobs += run.elements
            size += sizeOfTurn
            if sizeOfTurn >= portion { queue.pass(after: run.line) }
        }
        return (jobs, size)
    }

    private mutating func leave(_ tenant: String, _ size: Int) {
        count -= size
        let left = countsOfTenants[tenant, default: 0] - size
        countsOfTenants[tenant] = left > 0 ? left : nil
    }
}
