package import LedgerCore
package import Logging

/// Drives one batch after the other to its verdicts, whatever becomes of the database meanwhile.
///
/// A batch is tried again until it is answered or the patience with an outage is used up. A try whose outcome is
/// unknown is handed to the next one, so that nothing is posted twice. What the database's own guard refuses is halved
/// until it stands alone, so that it harms no other command.
package struct Poster<Store: PostingStore & ~Copyable>: ~Copyable {
    private typealias Failure = PostingFailure<Store.Attempt>

    private enum End<Answer> {
        case answered(Answer)
        /// Nothing was posted.
        case unavailable
        /// What becomes of it is unknown; its keys will tell.
        case unknown
        /// Nothing was posted.
        case rejected
    }

    private var store: Store
    /// Of the batch at hand.
    private var turn = Turn()
    private let time: any Timekeeper
    private let limits: Limits
    private let logger: Logger
    private var isConnected = false
    /// A batch was given up: the next ones try once and do not wait again, until the database is back.
    private var isDown = false

    package init(_ store: consuming Store, time: any Timekeeper, limits: Limits, logger: Logger) {
        self.store = store
        self.time = time
        self.limits = limits
        self.logger = logger
    }

    /// The verdicts of the jobs, in their order.
    package mutating func post<Ticket>(_ batch: BatchQueue<Ticket>.Batch, _ turn: Turn = Turn()) -> [Verdict] {
        self.turn = turn
        if batch.jobs.contains(where: { !$0.job.sharesBatch }) { turn.waitForBefore() }
        var verdicts: [Verdict] = []
        var work: [Work] = []
        var requests: [BankRequest] = []
        for item in batch.jobs {
            switch (item.job, batch.lane) {
            case (.work(let unit), .root): work.append(unit)
            case (.voucher(let parts), .root(let root)): verdicts.append(run(parts, root: root))
            case (.tenant(let envelope), _):
                verdicts.append(
                    answer { store, moment throws(Failure) in try store.createTenant(envelope, at: moment) })
            case (.principal(let change), _):
                verdicts.append(answer { store, moment throws(Failure) in try store.change(change, at: moment) })
            case (.seal(let tenant), _):
                verdicts.append(answer { store, moment throws(Failure) in try store.seal(tenant: tenant, at: moment) })
            case (.bank(let request), .bank): requests.append(request)
            case (.work, _), (.voucher, _), (.bank, _): verdicts.append(.one(.refused(.cannotTell)))
            }
        }
        if case .root(let root) = batch.lane, !work.isEmpty { verdicts += post(work[...], root: root) }
        if case .bank(let root) = batch.lane { verdicts += answer(requests[...], root: root) }
        return verdicts
    }

    /// To be called once the batch is answered.
    package mutating func tidy() { if isConnected { store.tidy() } }

    private mutating func post(_ work: ArraySlice<Work>, root: Int32) -> [Verdict] {
        let units = Array(work)
        let end = tryUntilAnswered { [turn] store, moment, attempt throws(PostingFailure<Store.Attempt>) in
            try store.post(units, root: root, at: moment, after: attempt, turn)
        }
        switch end {
        case .answered(let verdicts): return verdicts
        case .unavailable: return units.map { _ in .one(.refused(.nothingPosted)) }
        case .unknown: return units.map { _ in .one(.refused(.cannotTell)) }
        case .rejected:
            guard work.count > 1 else { return [.one(.refused(.stoppedByGuard))] }
            let middle = work.startIndex + work.count / 2
            return post(work[..<middle], root: root) + post(work[middle...], root: root)
        }
    }

    /// Each may be done again and then changes nothing.
    private mutating func answer(_ requests: ArraySlice<BankRequest>, root: Int32) -> [Verdict] {
        let asked = Array(requests)
        let end = tryUntilAnswered { store, moment, _ throws(PostingFailure<Store.Attempt>) in
            try store.answer(asked, root: root, at: moment)
        }
        switch end {
        case .answered(let verdicts): return verdicts
        case .unavailable: return asked.map { _ in .one(.refused(.nothingPosted)) }
        case .unknown: return asked.map { _ in .one(.refused(.cannotTell)) }
        case .rejected:
            guard requests.count > 1 else { return [.one(.refused(.stoppedByGuard))] }
            let middle = requests.startIndex + requests.count / 2
            return answer(requests[..<middle], root: root) + answer(requests[middle...], root: root)
        }
    }

    /// What may be done again and then changes nothing: a lost commit needs no attempt to be told by.
    private mutating func answer(_ call: (inout Store, Moment) throws(Failure) -> Outcome) -> Verdict {
        verdict(tryUntilAnswered { store, moment, _ throws(Failure) in Verdict.one(try call(&store, moment)) })
    }

    private mutating func run(_ parts: [VoucherPart], root: Int32) -> Verdict {
        let end = tryUntilAnswered { store, moment, attempt throws(PostingFailure<Store.Attempt>) in
            try store.run(voucher: parts, root: root, at: moment, after: attempt)
        }
        return verdict(end)
    }

    private func verdict(_ end: End<Verdict>) -> Verdict {
        switch end {
        case .answered(let verdict): verdict
        case .unavailable: .one(.refused(.nothingPosted))
        case .unknown: .one(.refused(.cannotTell))
        case .rejected: .one(.refused(.stoppedByGuard))
        }
    }

    // MARK: - One try after the other

    private mutating func tryUntilAnswered<Answer>(
        _ call: (inout Store, Moment, Store.Attempt?) throws(PostingFailure<Store.Attempt>) -> Answer
    ) -> End<Answer> {
        var retries = Retries(at: time.elapsed, isDown: isDown, limits: limits)
        var attempt: Store.Attempt?
        while true {
            do throws(PostingFailure<Store.Attempt>) {
                if !isConnected {
                    try store.connect()
                    isConnected = true
                }
                let answer = try call(&store, time.moment, attempt)
                if isDown { logger.notice("the database is back") }
                isDown = false
                return .answered(answer)
            } catch {
                switch error {
                case .rejectedByGuard(let reason):
                    logger.critical("the database's guard stopped a batch", metadata: ["reason": "\(reason)"])
                    return .rejected
                case .unavailable(let reason):
                    logger.log(
                        level: retries.logLevel, "the database is not available", metadata: ["reason": "\(reason)"])
                case .outcomeUnknown(let unfinished, let reason):
                    logger.warning("the database was lost while it committed", metadata: ["reason": "\(reason)"])
                    attempt = unfinished
                    retries.insist(limits)
                }
                isConnected = false
            }
            guard let pause = retries.next(at: time.elapsed) else {
                isDown = true
                return attempt == nil ? .unavailable : .unknown
            }
            time.sleep(for: pause)
        }
    }
}

extension Refusal {
    static let nothingPosted = Refusal(
        .unavailable, "the database cannot be reached; nothing was posted: send the request again")

    static let cannotTell = Refusal(
        .unavailable,
        "the database was lost while it committed, and whether this was posted is not known yet; send the same again: "
            + "a key that was posted answers its first reply")

    static let stoppedByGuard = Refusal(
        .unavailable,
        "the database's own guard refused this, so nothing was posted; the daemon's log says why: please report it")
}
