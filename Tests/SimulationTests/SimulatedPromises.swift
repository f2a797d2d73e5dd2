import LedgerCore
import LedgerServer

/// What was asked and what was answered, held against what is in the journal.
struct SimulatedPromises {
    /// For each key: how often it is in a queue, may be under way, or was said to be posted.
    private var open: [SimulatedKey: Int] = [:]
    /// How often each key came into a queue.
    private var sendings: [SimulatedKey: Int] = [:]
    private(set) var receipts: [SimulatedKey: Receipt] = [:]
    private(set) var envelopes: [SimulatedKey: Envelope] = [:]
    /// The first thing that was found wrong.
    private(set) var difference: String?

    /// Answers whether one of the job's keys is open already.
    mutating func enqueued(_ job: WriteJob) -> Bool {
        let keys = job.keys
        defer {
            for key in keys {
                open[key, default: 0] += 1
                sendings[key, default: 0] += 1
            }
        }
        return keys.contains { open[$0, default: 0] > 0 && receipts[$0] == nil }
    }

    /// What is refused leaves nothing behind, and cannot be posted later: so nobody posts a key that nobody waits for.
    mutating func committed(_ entries: [Entry], in registry: Registry) {
        for entry in entries {
            let key = SimulatedKey(tenant: registry.tenants[entry.tenant]?.id ?? "", key: entry.key)
            if open[key, default: 0] <= 0 { differ("\(key) is posted after it was refused") }
        }
    }

    mutating func answered(_ verdict: Verdict, to job: WriteJob, in database: SimulatedDatabase) {
        switch verdict {
        case .one(let outcome): answered([outcome], to: job, in: database)
        case .all(let outcomes):
            if case .voucher(let parts) = job, outcomes.count != parts.count { differ("a voucher lost a reply") }
            answered(outcomes, to: job, in: database)
        case .aborted, .unfinished: break
        }
        if let refusal = verdict.refusal, !refusal.leavesOpen {
            for key in job.keys {
                open[key, default: 0] -= 1
                if open[key] == 0, database.entry(key) != nil { differ("\(key) is posted, and was refused") }
            }
        }
    }

    private mutating func answered(_ outcomes: [Outcome], to job: WriteJob, in database: SimulatedDatabase) {
        for (envelope, outcome) in zip(job.envelopes, outcomes) {
            guard case .posted(var receipt) = outcome, case .posting(let posting) = envelope.command else { continue }
            guard !posting.isDryRun else {
                if receipt.entry != nil { differ("a dry run names an entry") }
                continue
            }
            let key = SimulatedKey(tenant: posting.tenant, key: posting.key)
            guard let entry = database.entry(key) else {
                return differ("\(key) is acknowledged and not in the journal")
            }
            if receipt.isReplay, sendings[key] == 1 {
                differ("\(key) was sent once, and is answered as if it was sent before")
            }
            receipt.isReplay = false
            if receipt != entry.receipt { differ("\(key): answered \(receipt), in the journal \(entry.receipt)") }
            if let first = receipts[key], first != receipt { differ("\(key) is answered in two ways") }
            receipts[key] = receipt
            if envelopes[key] == nil { envelopes[key] = envelope }
        }
    }

    /// At the end: what was acknowledged is there, and nothing but what was asked for.
    mutating func compare(with database: SimulatedDatabase) {
        for (key, receipt) in receipts where database.entry(key)?.receipt != receipt {
            differ("\(key) was acknowledged, and is gone")
        }
    }

    private mutating func differ(_ text: String) {
        difference = difference ?? text
    }
}

/// Requests of one connection take effect in their order.
struct SimulatedOrder {
    private var last: [Int32: SequenceName] = [:]

    /// What is out of order now that the connection's next request has this verdict; nil where nothing is.
    mutating func difference(after verdict: Verdict, in database: SimulatedDatabase) -> String? {
        let outcomes: [Outcome] =
            switch verdict {
            case .one(let outcome): [outcome]
            case .all(let outcomes): outcomes
            case .aborted, .unfinished: []
            }
        for case .posted(let receipt) in outcomes where !receipt.isReplay {
            guard let entry = receipt.entry, let root = database.root(of: entry) else { continue }
            if let before = last[root], database.places[before, default: 0] >= database.places[entry, default: 0] {
                return "\(entry.text) was posted before \(before.text), for which was asked first"
            }
            last[root] = entry
        }
        return nil
    }
}

extension SimulatedDatabase {
    fileprivate func root(of entry: SequenceName) -> Int32? {
        roots.first { $0.value.registry.tenants[entry.tenant] != nil }?.key
    }
}
