package import LedgerCore
package import LedgerStore

/// The database as a ``PostingStore``.
package struct StoreWriter: PostingStore, ~Copyable {
    package typealias Failure = PostingFailure<LedgerStore.Attempt>

    private let conninfo: String
    private let sealer: Sealer
    private let known: KnownBooks
    private var writer: LedgerWriter?

    /// Connects when it is first told to. `known` is one for all writers of the daemon.
    package init(conninfo: String, sealer: Sealer, known: KnownBooks) {
        self.conninfo = conninfo
        self.sealer = sealer
        self.known = known
    }

    package mutating func connect() throws(Failure) {
        writer = nil
        do throws(StoreError) {
            writer = try LedgerWriter(conninfo: conninfo, sealer: sealer, known: known)
        } catch {
            throw Failure(error)
        }
    }

    package mutating func tidy() { writer?.tidy() }

    package mutating func post(
        _ work: [Work], root: Int32, at moment: Moment, after attempt: LedgerStore.Attempt?, _ turn: Turn
    ) throws(Failure) -> [Verdict] {
        do throws(StoreError) {
            let verdicts = try writer?.post(
                work, root: root, at: moment, after: attempt, in: turn)
            guard let verdicts else { throw .unconnected }
            return verdicts
        } catch {
            throw Failure(error)
        }
    }

    package mutating func createTenant(_ envelope: Envelope, at moment: Moment) throws(Failure) -> Outcome {
        do throws(StoreError) {
            guard let outcome = try writer?.createTenant(envelope, at: moment) else { throw .unconnected }
            return outcome
        } catch {
            throw Failure(error)
        }
    }

    package mutating func change(_ change: PrincipalChange, at moment: Moment) throws(Failure) -> Outcome {
        do throws(StoreError) {
            guard let outcome = try writer?.change(change, at: moment) else { throw .unconnected }
            return outcome
        } catch {
            throw Failure(error)
        }
    }

    package mutating func seal(tenant: String, at moment: Moment) throws(Failure) -> Outcome {
        do throws(StoreError) {
            guard let outcome = try writer?.seal(tenant: tenant, at: moment) else { throw .unconnected }
            return outcome
        } catch {
            throw Failure(error)
        }
    }

    package mutating func answer(
        _ requests: [BankRequest], root: Int32, at moment: Moment
    ) throws(Failure) -> [Verdict] {
        do throws(StoreError) {
            guard let verdicts = try writer?.answer(requests, root: root, at: moment) else { throw .unconnected }
            return verdicts
        } catch {
            throw Failure(error)
        }
    }

    package mutating func run(
        voucher: [VoucherPart], root: Int32, at moment: Moment, after attempt: LedgerStore.Attempt?
    ) throws(Failure) -> Verdict {
        do throws(StoreError) {
            guard let verdict = try writer?.run(voucher: voucher.map(\.step), root: root, at: moment, after: attempt)
            else {
                throw .unconnected
            }
            return verdict
        } catch {
            throw Failure(error)
        }
    }
}

extension Turn: Succession {}

extension VoucherPart {
    fileprivate var step: VoucherStep {
        switch self {
        case .command(let envelope): .command(envelope)
        case .query(let query): .query(query)
        }
    }
}

extension StoreError {
    static let unconnected = StoreError.unavailable("there is no connection yet")
}

extension PostingFailure<LedgerStore.Attempt> {
    init(_ error: StoreError) {
        switch error {
        case .unavailable, .incompatible: self = .unavailable(reason: "\(error)")
        case .outcomeUnknown(let attempt): self = .outcomeUnknown(attempt, reason: "\(error)")
        case .rejectedByGuard(let reason): self = .rejectedByGuard(reason: reason)
        }
    }
}
