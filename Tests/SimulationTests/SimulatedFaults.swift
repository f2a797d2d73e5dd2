/// What can go wrong.
enum SimulatedFault: CaseIterable {
    // A poster's connection to the database is lost …
    case lossBefore
    case lossAfterLoading
    /// … before COMMIT reaches the server,
    case lossBeforeCommit
    /// … while the server has COMMIT and has not done it: it will, or it will not,
    case lossWhileCommitting
    /// … and the daemon is killed at that very moment,
    case deathWhileCommitting
    /// … when COMMIT is done and the answer is on its way.
    case lossAfterCommit

    /// The database's guard refuses a key, as long as the storm lasts.
    case guardedKey
    /// The database is away for a while: every connection is lost, no new one is made.
    case outage
    /// kill -9 of a daemon.
    case death
    /// A client's connection is lost.
    case clientCut
    case clientDeath

    /// The highest chance that a simulation gives it, in thousandths of the occasions for it.
    fileprivate var highestChance: Int {
        switch self {
        case .lossBefore, .lossAfterLoading, .lossBeforeCommit, .lossWhileCommitting, .lossAfterCommit: 300
        case .outage, .death: 200
        case .clientCut: 300
        case .deathWhileCommitting: 700
        case .guardedKey: 100
        case .clientDeath: 50
        }
    }
}

/// How likely each fault is in one simulation, in thousandths.
///
/// About half of them are absent from any one simulation, so that what is left comes in every combination, and some of
/// it often.
struct SimulatedFaults {
    private var chances: [SimulatedFault: Int] = [:]

    init(_ random: inout SplitMix64) {
        for fault in SimulatedFault.allCases where random.chance(50) {
            chances[fault] = 1 + random.below(fault.highestChance)
        }
    }

    func befalls(_ fault: SimulatedFault, _ random: inout SplitMix64) -> Bool {
        guard let chance = chances[fault] else { return false }
        return random.below(1_000) < chance
    }
}

/// What must have come about in many simulations, or they show little.
enum SimulatedEvent: CaseIterable {
    case posted, postedInStorm, postedBefore, refused, voucherPosted, voucherAborted
    case overloaded, nothingPosted, unknown, stoppedByGuard
    /// A poster finds that the commit stands of which it had no answer.
    case lostCommitFound
    case leftCommitDone, leftCommitUndone
    /// A daemon dies while it posts a batch.
    case deathInBatch
    /// A key comes into a queue while an earlier sending of it is in a queue, or its fate is unknown.
    case askedTwice
}

struct SimulatedTally {
    private(set) var faults: [SimulatedFault: Int] = [:]
    private(set) var events: [SimulatedEvent: Int] = [:]

    mutating func count(_ fault: SimulatedFault) { faults[fault, default: 0] += 1 }
    mutating func count(_ event: SimulatedEvent) { events[event, default: 0] += 1 }

    mutating func add(_ other: SimulatedTally) {
        faults.merge(other.faults, uniquingKeysWith: +)
        events.merge(other.events, uniquingKeysWith: +)
    }

    /// What came about less often than that.
    func rarer(than number: Int) -> [String] {
        SimulatedFault.allCases.filter { faults[$0, default: 0] < number }.map { "\($0)" }
            + SimulatedEvent.allCases.filter { events[$0, default: 0] < number }.map { "\($0)" }
    }
}
