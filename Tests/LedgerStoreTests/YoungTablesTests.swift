import LedgerCore
import Postgres
import Testing

/// A young table must not be read by the wrong index for want of statistics: that was a thousand times slower.
struct YoungTablesTests {
    @Test func statisticsAreGatheredWhileTablesGrow() throws {
        let ledger = try TestLedger()
        try ledger.load("TENANT.CREATE tenant=city name=City")
        for batch in 0..<4 {
            _ = try ledger.batch(
                (0..<50).map {
                    "APPROPRIATE tenant=city fund=general year=2023 amount=1 date=2023-01-01 key=k\(batch)-\($0)"
                })
        }
        var connection = try ledger.database.connect()
        let known = try connection.query(
            "SELECT n_distinct::text FROM pg_stats WHERE tablename = 'entries' AND attname = 'tenant'")
        #expect(known.count == 1)
        #expect(try known.text(0, 0) == "1")
        // Nobody but the owner and the daemon may ask for it.
        try connection.execute("CREATE ROLE nobody_\(ledger.database.name.suffix(12)) IN ROLE pg_read_all_data")
        defer { try? connection.execute("RESET ROLE; DROP ROLE nobody_\(ledger.database.name.suffix(12))") }
        try connection.execute("SET ROLE nobody_\(ledger.database.name.suffix(12))")
        let error = failure { () throws(PostgresError) in
            _ = try connection.query("SELECT grantledger.gather_statistics()")
        }
        #expect(error?.sqlstate == "42501")
    }
}
