package import LedgerCore
import LedgerStore
import LineProtocol

/// The database as an ``AnsweringStore``.
package struct StoreReader: AnsweringStore, ~Copyable {
    private let conninfo: String
    private var reader: LedgerReader<Reply>?

    /// Connects when it is first told to.
    package init(conninfo: String) {
        self.conninfo = conninfo
    }

    package mutating func connect() throws(AnsweringFailure) {
        reader = nil
        do throws(StoreError) {
            reader = try LedgerReader(conninfo: conninfo, write: Reply.init(to:_:))
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func answer(_ queries: [Query], at moment: Moment) throws(AnsweringFailure) -> [Reply] {
        do throws(StoreError) {
            guard let replies = try reader?.answer(queries, at: moment) else { throw .unconnected }
            return replies
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func place(of tenant: String) throws(AnsweringFailure) -> TenantPlace? {
        do throws(StoreError) {
            guard reader != nil else { throw .unconnected }
            return try reader?.place(of: tenant)
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func principals(since version: Int64) throws(AnsweringFailure) -> PrincipalList? {
        do throws(StoreError) {
            guard reader != nil else { throw .unconnected }
            return try reader?.principals(since: version)
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func unsealedTenants() throws(AnsweringFailure) -> [String] {
        do throws(StoreError) {
            guard let tenants = try reader?.unsealedTenants() else { throw .unconnected }
            return tenants
        } catch {
            throw AnsweringFailure(error)
        }
    }
}

extension Reply {
    /// What may be asked for again before anything has changed is written at once.
    fileprivate init(to query: Query, _ outcome: Outcome) {
        guard query.question.isOfRemainingNow, outcome.refusal == nil else {
            self = .outcome(outcome)
            return
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(512)
        ReplyEncoder.encode(outcome, into: &bytes)
        self = .written(bytes)
    }
}

extension AnsweringFailure {
    init(_ error: StoreError) {
        switch error {
        case .unavailable, .outcomeUnknown: self = .unavailable(reason: "\(error)")
        case .rejectedByGuard, .incompatible: self = .rejected(reason: "\(error)")
        }
    }
}
