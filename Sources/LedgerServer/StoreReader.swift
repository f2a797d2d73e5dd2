package import LedgerCore
import LedgerStore

/// The database as an ``AnsweringStore``.
package struct StoreReader: AnsweringStore, ~Copyable {
    private let conninfo: String
    private var reader: LedgerReader?

    /// Connects when it is first told to.
    package init(conninfo: String) {
        self.conninfo = conninfo
    }

    package mutating func connect() throws(AnsweringFailure) {
        reader = nil
        do throws(StoreError) {
            reader = try LedgerReader(conninfo: conninfo)
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func answer(_ queries: [Query], at moment: Moment) throws(AnsweringFailure) -> [Outcome] {
        do throws(StoreError) {
            guard let outcomes = try reader?.answer(queries, at: moment) else { throw .unconnected }
            return outcomes
        } catch {
            throw AnsweringFailure(error)
        }
    }

    package mutating func root(of tenant: String) throws(AnsweringFailure) -> Int32? {
        do throws(StoreError) {
            guard reader != nil else { throw .unconnected }
            return try reader?.root(of: tenant)
        } catch {
            throw AnsweringFailure(error)
        }
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
