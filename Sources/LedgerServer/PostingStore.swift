package import LedgerCore

/// Where batches are posted: the database, or a simulation of it. One thread uses it at a time, and its calls block.
package protocol PostingStore: ~Copyable {
    /// What tells later whether a try of which the outcome is unknown was committed.
    associatedtype Attempt: Sendable

    /// Posts the work of one root in order, with one commit, and answers each unit.
    ///
    /// `after` is an earlier try of the same work: where that was committed, its verdicts are answered and nothing is
    /// posted again.
    ///
    /// Lets the next batch of the root follow as soon as that one may be decided, and waits for the one before where it
    /// cannot be sent behind that.
    mutating func post(
        _ work: [Work], root: Int32, at moment: Moment, after attempt: Attempt?, _ turn: Turn
    ) throws(PostingFailure<Attempt>) -> [Verdict]

    /// Creates a tenant. Creating it again with the same facts changes nothing and answers the same.
    mutating func createTenant(_ envelope: Envelope, at moment: Moment) throws(PostingFailure<Attempt>) -> Outcome

    /// Changes who may speak. A change that stands changes nothing and answers the same.
    mutating func change(_ change: PrincipalChange, at moment: Moment) throws(PostingFailure<Attempt>) -> Outcome

    /// Signs the head of a tenant's journal, unless that was done, and answers the seal.
    mutating func seal(tenant: String, at moment: Moment) throws(PostingFailure<Attempt>) -> Outcome

    /// Answers requests of the bank's side, in order, with one commit. Each may be sent again and then changes nothing.
    mutating func answer(
        _ requests: [BankRequest], root: Int32, at moment: Moment
    ) throws(PostingFailure<Attempt>) -> [Verdict]

    /// Posts a voucher that has queries in it; each sees the commands before it.
    mutating func run(
        voucher: [VoucherPart], root: Int32, at moment: Moment, after attempt: Attempt?
    ) throws(PostingFailure<Attempt>) -> Verdict

    /// Makes a connection, in place of a lost one where there was one.
    mutating func connect() throws(PostingFailure<Attempt>)

    /// Does what can wait until a batch has been answered.
    mutating func tidy()
}

extension PostingStore where Self: ~Copyable {
    package mutating func tidy() {}
}

/// Why nothing was answered. `reason` is for the log.
package enum PostingFailure<Attempt: Sendable>: Error, Sendable {
    /// The database was lost before the commit was sent: nothing was posted.
    case unavailable(reason: String)
    /// The database was lost while it committed.
    case outcomeUnknown(Attempt, reason: String)
    /// The database refused the work, which should never have come to it: nothing was posted.
    case rejectedByGuard(reason: String)
}

/// Time, so that tests and simulations can have their own.
package protocol Timekeeper: Sendable {
    /// What entries are stamped with.
    var moment: Moment { get }
    /// Only differences mean something; it never runs backwards.
    var elapsed: Duration { get }
    /// Blocks the calling thread.
    func sleep(for duration: Duration)
}
