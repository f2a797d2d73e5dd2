import LedgerCore
import Postgres

/// Sees to it that PostgreSQL knows young tables: without statistics it believes that a root or a tenant has a
/// two-hundredth of the rows, and reads all of them over and over, by the wrong index. By itself it looks once a
/// minute. So they are gathered each time that the rows have doubled, until it keeps up; every session then makes its
/// plans anew.
struct YoungTables {
    private var rows: Int64 = 32
    private static let grownUp: Int64 = 100_000

    /// To be told after a COMMIT how many rows there are.
    mutating func note(_ rows: Int64, on connection: inout Connection) throws(PostgresError) {
        guard rows >= 2 * self.rows, rows < YoungTables.grownUp else { return }
        self.rows = rows
        _ = try connection.query("SELECT gather_statistics()")
    }
}

extension Books {
    /// Rows of the root and of the journals here, as far as their numbers tell.
    var rows: Int64 { nextNumber + heads.values.lazy.map(\.lastSequence).reduce(0, +) }
}
