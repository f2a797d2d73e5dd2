package import LedgerCore

/// What a reader is asked: a group of queries that follow each other on a connection, or a tenant's root.
package enum ReadJob: Sendable, Hashable {
    case queries([Query])
    case root(of: String)

    package var size: Int {
        switch self {
        case .queries(let queries): queries.count
        case .root: 1
        }
    }

    /// Whether it may take long enough that others should not stand behind it.
    var isHeavy: Bool {
        switch self {
        case .queries(let queries): queries.contains { $0.question.isHeavy }
        case .root: false
        }
    }

    /// Rows that the replies may have.
    var rows: Int {
        switch self {
        case .queries(let queries): queries.reduce(0) { $0 + $1.question.rows }
        case .root: 1
        }
    }
}

extension Question {
    /// Walks all entries or all subjects of a tenant.
    var isHeavy: Bool {
        switch self {
        case .trialBalance, .check, .excess, .outstanding, .summary: true
        case .remaining, .award, .budget, .entry, .entryByKey, .history, .schemes, .subjects, .awards, .parties, .party,
            .journal:
            false
        }
    }

    var rows: Int {
        switch self {
        case .history(_, let page): page.limit
        case .schemes(let listing), .subjects(let listing), .awards(let listing), .parties(let listing): listing.limit
        case .journal(_, let limit): limit
        case .remaining, .award, .budget, .entry, .entryByKey, .party, .trialBalance, .check, .excess, .outstanding,
            .summary:
            1
        }
    }
}

/// Gathers what is asked while readers are busy. Queries that walk whole books go alone, and only to some of the
/// readers, so that the others find one at once.
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
    private var light: [Job] = []
    private var heavy: [Job] = []
    private var busyWithHeavy = 0
    /// Queries that wait.
    package private(set) var count = 0

    package init(limits: Limits) {
        self.limits = limits
    }

    package var isEmpty: Bool { count == 0 }

    /// Answers whether there was room.
    package mutating func enqueue(_ job: Job) -> Bool {
        guard count + job.job.size <= limits.readQueueLength else { return false }
        count += job.job.size
        if job.job.isHeavy { heavy.append(job) } else { light.append(job) }
        return true
    }

    /// The next batch; nil where nothing waits that may be answered now.
    package mutating func next() -> Batch? {
        let batch: Batch
        if !heavy.isEmpty, busyWithHeavy < limits.heavyReaders {
            busyWithHeavy += 1
            batch = Batch(jobs: [heavy.removeFirst()], isHeavy: true)
        } else if !light.isEmpty {
            let length = lengthOfBatch()
            batch = Batch(jobs: Array(light.prefix(length)), isHeavy: false)
            light.removeFirst(length)
        } else {
            return nil
        }
        count -= batch.jobs.reduce(0) { $0 + $1.job.size }
        return batch
    }

    package mutating func complete(_ batch: Batch) {
        if batch.isHeavy { busyWithHeavy -= 1 }
    }

    /// Takes out all that waits. Batches that were handed out are not among it.
    package mutating func removeAll() -> [Job] {
        defer { (light, heavy, count) = ([], [], 0) }
        return light + heavy
    }

    private func lengthOfBatch() -> Int {
        var size = 0
        var rows = 0
        var length = 0
        for job in light {
            size += job.job.size
            rows += job.job.rows
            guard length == 0 || (size <= limits.queriesPerBatch && rows <= limits.rowsPerBatch) else { break }
            length += 1
        }
        return length
    }
}
