import Foundation
import LedgerStore
import Postgres

/// A database of a test's own on the throwaway server, migrated, and dropped with the value.
final class TestDatabase: Sendable {
    static let variable = "GRANTLEDGER_TEST_DATABASE"

    /// As the superuser.
    let conninfo: String
    let name: String

    init(migrated: Bool = true) throws {
        name = "store_\(UUID().uuidString.lowercased())"
        conninfo = try TestDatabase.server() + " dbname=\(name)"
        if migrated { _ = try Migrator.migrate(conninfo: conninfo) }
    }

    deinit {
        var server = try? Connection(TestDatabase.server())
        try? server?.execute("DROP DATABASE IF EXISTS \"\(name)\" WITH (FORCE)")
    }

    /// The server's own conninfo, a string of keywords.
    static func server() throws -> String {
        guard let conninfo = ProcessInfo.processInfo.environment[variable], !conninfo.isEmpty else {
            throw Missing()
        }
        return conninfo
    }

    /// As the superuser, with the schema's names at hand.
    func connect() throws -> Connection {
        var connection = try Connection(conninfo)
        try connection.execute("SET search_path = grantledger, pg_temp")
        return connection
    }

    /// As the role that the daemon's workers have.
    func connectAsDaemon() throws -> Connection {
        var connection = try connect()
        try connection.execute("SET ROLE grantledger_daemon")
        return connection
    }

    struct Missing: Error, CustomStringConvertible {
        let description = "\(TestDatabase.variable) is not set: run these tests with deploy/test, which starts a server"
    }
}

/// The error that `body` throws; nil where it throws none.
func failure<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
    do throws(Failure) {
        try body()
        return nil
    } catch {
        return error
    }
}
