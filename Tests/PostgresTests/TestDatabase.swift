import Foundation
import Postgres

/// The throwaway server that these tests talk to, as a superuser.
enum TestDatabase {
    static let variable = "GRANTLEDGER_TEST_DATABASE"

    static func conninfo() throws -> String {
        guard let conninfo = ProcessInfo.processInfo.environment[variable], !conninfo.isEmpty else {
            throw Missing()
        }
        return conninfo
    }

    /// Dates and times are written in ISO form, in UTC.
    static func connect() throws -> Connection {
        var connection = try Connection(conninfo())
        try connection.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
        return connection
    }

    struct Missing: Error, CustomStringConvertible {
        let description = "\(TestDatabase.variable) is not set: run these tests with deploy/test, which starts a server"
    }
}

/// The error that `body` throws; nil where it throws none.
func failure(_ body: () throws(PostgresError) -> Void) -> PostgresError? {
    do {
        try body()
        return nil
    } catch {
        return error
    }
}
