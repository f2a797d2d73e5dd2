import LedgerCore
import Postgres
import Synchronization

/// Sees to it that PostgreSQL knows young tables: without statistics it believes that a root or a tenant has a
/// two-hundredth of the rows, and reads all of them over and over, by the wrong index. By itself it looks once a
/// minute. So they are gathered each time that the rows have doubled, until it keeps up; every session then makes its
/// plans anew.
final class YoungTables: Sendable {
    /// How many there were when the statistics were last gathered; nil: not known yet.
    private let rows = Mutex<Int64?>(nil)
    private static let fewest: Int64 = 32
    private static let grownUp: Int64 = 100_000

    /// To be told after a COMMIT how many rows there are.
    func note(_ rows: Int64, on connection: inout Connection) throws(PostgresError) {
        guard rows < YoungTables.grownUp else { return }
        if self.rows.withLock({ $0 == nil }) {
            // What grew up before this daemon started is known already.
            let known = try connection.query("SELECT reltuples::int8 FROM pg_class WHERE oid = 'entries'::regclass")
            let count = max(try known.int8(0, 0), YoungTables.fewest)
            self.rows.withLock { $0 = $0 ?? count }
        }
        let haveDoubled = self.rows.withLock { last in
            guard rows >= 2 * (last ?? 0) else { return false }
            last = rows
            return true
        }
        guard haveDoubled else { return }
        _ = try connection.query("SELECT gather_statistics()")
    }
}

extension Books {
    /// Rows of the root and of the journals here, as far as their numbers tell.
    var rows: Int64 { nextNumber + heads.values.lazy.map(\.lastSequence).reduce(0, +) }
}
