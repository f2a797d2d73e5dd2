package import LedgerCore

/// What is posted in one go, and by whom it is decided what follows what: a root's commands keep their order, and two
/// roots, which share nothing, do not wait for each other.
package enum Lane: Sendable, Hashable {
    case root(Int32)
    /// Tenants are created one at a time: their identifiers are unique across all roots.
    case tenants
}

/// One thing to be posted, whole or not at all.
package enum WriteJob: Sendable, Hashable {
    /// Shares a batch with others.
    case work(Work)
    /// `TENANT.CREATE`, alone.
    case tenant(Envelope)
    /// A voucher that has queries in it, alone.
    case voucher([VoucherPart])

    /// Commands and queries in it.
    package var size: Int {
        switch self {
        case .work(.single), .tenant: 1
        case .work(.group(let envelopes)): envelopes.count
        case .voucher(let parts): parts.count
        }
    }
}

package enum VoucherPart: Sendable, Hashable {
    case command(Envelope)
    case query(Query)
}

/// Gathers what is to be posted into batches: all of one lane, never two of a lane at once, lanes in turn.
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
        /// Of several jobs each is a ``WriteJob/work(_:)``.
        package let jobs: [Job]
    }

    private struct Waiting {
        var jobs: [Job] = []
        var isBusy = false
    }

    private let longestBatch: Int
    private let capacity: Int
    private var lanes: [Lane: Waiting] = [:]
    /// Lanes that have something and are not busy, the one whose turn it is first.
    private var turns: [Lane] = []
    /// Commands that wait; those of a batch that was taken do not count.
    package private(set) var count = 0

    package init(limits: Limits) {
        longestBatch = limits.batchLength
        capacity = limits.writeQueueLength
    }

    package var isEmpty: Bool { count == 0 }

    /// Appends all the jobs, or, where there is no room for all of them, none; answers whether it did.
    package mutating func enqueue(_ jobs: [Job], lane: Lane) -> Bool {
        let size = jobs.reduce(0) { $0 + $1.job.size }
        guard !jobs.isEmpty else { return true }
        guard count + size <= capacity else { return false }
        count += size
        let isNews = lanes[lane] == nil
        lanes[lane, default: Waiting()].jobs += jobs
        if isNews { turns.append(lane) }
        return true
    }

    /// The next batch; nil where nothing waits but behind a batch of its own lane. ``complete(_:)`` frees the lane.
    package mutating func next() -> Batch? {
        guard !turns.isEmpty else { return nil }
        let lane = turns.removeFirst()
        guard var waiting = lanes[lane] else { return nil }
        let length = lengthOfBatch(waiting.jobs)
        let jobs = Array(waiting.jobs.prefix(length))
        waiting.jobs.removeFirst(length)
        waiting.isBusy = true
        lanes[lane] = waiting
        count -= jobs.reduce(0) { $0 + $1.job.size }
        return Batch(lane: lane, jobs: jobs)
    }

    /// The lane's batch is answered; what waits behind it may go.
    package mutating func complete(_ lane: Lane) {
        guard var waiting = lanes[lane], waiting.isBusy else { return }
        waiting.isBusy = false
        lanes[lane] = waiting.jobs.isEmpty ? nil : waiting
        if !waiting.jobs.isEmpty { turns.append(lane) }
    }

    /// Takes out all that waits. Batches that were handed out are not among it.
    package mutating func removeAll() -> [Job] {
        defer {
            lanes = lanes.filter(\.value.isBusy).mapValues { _ in Waiting(isBusy: true) }
            turns = []
            count = 0
        }
        return lanes.values.flatMap(\.jobs)
    }

    /// How many of the first jobs go together: at least one.
    private func lengthOfBatch(_ jobs: [Job]) -> Int {
        var size = 0
        var length = 0
        for job in jobs {
            guard case .work = job.job else { break }
            size += job.job.size
            guard length == 0 || size <= longestBatch else { break }
            length += 1
        }
        return max(length, 1)
    }
}
