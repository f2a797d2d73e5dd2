package import LedgerCore

/// What a reader is asked.
package enum ReadJob: Sendable, Hashable {
    /// Queries that follow each other on a connection.
    case queries([Query])
    /// Where a tenant stands.
    case place(of: String)
    /// Who may speak, if that is no longer what it was at this version.
    case principals(since: Int64)
    /// The tenants whose journals have entries that no seal covers.
    case unsealed

    package var size: Int {
        switch self {
        case .queries(let queries): queries.count
        case .place, .principals, .unsealed: 1
        }
    }

    /// In whose line it stands: a connection's queries in the first one's.
    var tenant: String {
        switch self {
        case .queries(let queries): queries.first?.tenant ?? ""
        case .place, .principals, .unsealed: ""
        }
    }

    /// Whether it may take long enough that others should not stand behind it.
    var isHeavy: Bool {
        switch self {
        case .queries(let queries): queries.contains { $0.question.isHeavy }
        case .place, .principals, .unsealed: false
        }
    }

    /// Rows that the replies may have.
    var rows: Int {
        switch self {
        case .queries(let queries): queries.reduce(0) { $0 + $1.question.rows }
        case .place, .principals, .unsealed: 1
        }
    }
}

extension Question {
    /// Walks all entries or all subjects of a tenant.
    var isHeavy: Bool {
        switch self {
        case .trialBalance, .check, .excess, .outstanding, .summary: true
        case .remaining, .award, .budget, .entry, .entryByKey, .history, .schemes, .subjects, .awards, .parties, .party,
            .journal, .seals:
            false
        }
    }

    var rows: Int {
        switch self {
        case .history(_, let page): page.limit
        case .schemes(let listing), .subjects(let listing), .awards(let listing), .parties(let listing): listing.limit
        case .journal(_, let limit), .seals(_, let limit): limit
        case .remaining, .award, .budget, .entry, .entryByKey, .party, .trialBalance, .check, .excess, .outstanding,
            .summary:
            1
        }
    }
}

/// Gathers what is asked while readers are busy, the tenants in turn. Queries that walk whole books go alone, and only
/// to some of the readers, so that the others find one at once.
///
/// A value without clock or threads; order means nothing here, since a connection waits for its replies.
package struct QueryQueue<Ticket: Sendable>: Sendable {
    package struct Job: Sendable {
        package let job: ReadJob
        package let ticket: Ticket

        package init(_ job: ReadJob, _ ticket: Ticket) {
            self.job = job
            self.ticket = ticket
        }
    }

    package struct Batch: Sendable {
        package let jobs: [Job]
        package let isHeavy: Bool
    }

    private let limits: Limits
    private var light = FairQueue<Job>()
    private var heavy = FairQueue<Job>()
    private var busyWithHeavy = 0
    /// Queries that wait.
    package private(set) var count = 0
    private var countsOfTenants: [String: Int] = [:]

    package init(limits: Limits) {
        self.limits = limits
    }

    package var isEmpty: Bool { count == 0 }
    package var isReady: Bool { !light.isEmpty || !heavy.isEmpty && busyWithHeavy < limits.heavyReaders }

    /// Answers whether there was room.
    package mutating func enqueue(_ job: Job) -> Bool {
        let (size, tenant) = (job.job.size, job.job.tenant)
        let sizeOfTenant = countsOfTenants[tenant, default: 0] + size
        guard count + size <= limits.readQueueLength, sizeOfTenant <= limits.readQueueLengthOfTenant else {
            return false
        }
        count += size
        countsOfTenants[tenant] = sizeOfTenant
        if job.job.isHeavy { heavy.append([job], to: tenant) } else { light.append([job], to: tenant) }
        return true
    }

    /// The next batch; nil where nothing waits that may be answered now.
    package mutating func next() -> Batch? {
        if busyWithHeavy < limits.heavyReaders, let (tenant, job) = heavy.first {
            heavy.removeFirst()
            heavy.pass()
            leave(tenant, job.job.size)
            busyWithHeavy += 1
            return Batch(jobs: [job], isHeavy: true)
        }
        let jobs = takeLight()
        return jobs.isEmpty ? nil : Batch(jobs: jobs, isHeavy: false)
    }

    package mutating func complete(_ batch: Batch) {
        if batch.isHeavy { busyWithHeavy -= 1 }
    }

    /// Takes out all that waits. Batches that were handed out are not among it.
    package mutating func removeAll() -> [Job] {
        defer { (count, countsOfTenants) = (0, [:]) }
        return light.removeAll() + heavy.removeAll()
    }

    private mutating func takeLight() -> [Job] {
        var jobs: [Job] = []
        var size = 0
        var rows = 0
        while let (tenant, job) = light.first {
            size += job.job.size
            rows += job.job.rows
            guard jobs.isEmpty || (size <= limits.queriesPerBatch && rows <= limits.rowsPerBatch) else { break }
            light.removeFirst()
            light.pass()
            leave(tenant, job.job.size)
            jobs.append(job)
        }
        return jobs
    }

    private mutating func leave(_ tenant: String, _ size: Int) {
        count -= size
        let left = countsOfTenants[tenant, default: 0] - size
        countsOfTenants[tenant] = left > 0 ? left : nil
    }
}
