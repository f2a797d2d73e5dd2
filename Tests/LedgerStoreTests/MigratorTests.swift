import Foundation
import LedgerCore
import LedgerSchema
@testable import LedgerStore
import Postgres
import TestKit
import Testing

struct MigratorTests {
    @Test func appliesOnceAndThenNothing() throws {
        let database = try TestDatabase(migrated: false)
        let first = try Migrator.migrate(conninfo: database.conninfo)
        #expect(first.madeDatabase)
        #expect(first.applied == LedgerSchema.migrations.map(\.name))
        #expect(try Migrator.migrate(conninfo: database.conninfo) == Migrator.Report())
    }

    /// On a server of its own, where nobody has made the role yet: all race for it, and two each for a database.
    @Test func severalProgramsAtOnceMakeEachDatabaseOnce() async throws {
        try await PostgresServer.with { server in
            let databases = ["one", "two", "three"].map { server.url(database: $0) }
            let reports = Collected<Result<Migrator.Report, StoreError>>()
            onThreads(databases.count * 2) { index in
                do throws(StoreError) {
                    reports.add(.success(try Migrator.migrate(conninfo: databases[index / 2])))
                } catch {
                    reports.add(.failure(error))
                }
            }
            let all = try reports.values.map { try $0.get() }
            #expect(all.filter(\.madeDatabase).count == databases.count)
            #expect(all.filter { $0.applied == LedgerSchema.migrations.map(\.name) }.count == databases.count)
            #expect(all.filter { $0.applied.isEmpty }.count == databases.count)
        }
    }

    @Test func refusesAChangedMigration() throws {
        let database = try TestDatabase()
        var connection = try database.connect()
        try connection.execute("UPDATE migrations SET checksum = 'other' WHERE number = 1")
        let error = try #require(
            failure { () throws(StoreError) in _ = try Migrator.migrate(conninfo: database.conninfo) })
        #expect("\(error)".contains("migration 1 \"books\" was changed after it was applied"))
    }

    @Test func refusesANewerDatabase() throws {
        let database = try TestDatabase()
        var connection = try database.connect()
        try connection.execute("INSERT INTO migrations (number, name, checksum) VALUES (1000, 'later', 'x')")
        let migrating = try #require(
            failure { () throws(StoreError) in _ = try Migrator.migrate(conninfo: database.conninfo) })
        #expect("\(migrating)".contains("migration 1000 \"later\", which is newer than this program"))
        let opening = failure { () throws(StoreError) in
            _ = try LedgerWriter(conninfo: database.conninfo, sealer: .forTests)
        }
        #expect("\(try #require(opening))".contains("start the newer program"))
    }

    @Test func namesTheRightThatIsMissing() throws {
        let database = try TestDatabase(migrated: false)
        let user = "user_\(UUID().uuidString.lowercased().prefix(8))"
        var server = try Connection(TestDatabase.server())
        try server.execute("CREATE ROLE \(user) LOGIN")
        defer { try? server.execute("DROP OWNED BY \(user); DROP ROLE \(user)") }
        let conninfo = database.conninfo + " user=\(user)"
        func complaint() -> String {
            failure { () throws(StoreError) in _ = try Migrator.migrate(conninfo: conninfo) }.map { "\($0)" } ?? "none"
        }
        #expect(complaint().contains("CREATEDB"))

        try server.execute("CREATE DATABASE \"\(database.name)\"")
        _ = try Migrator.migrate(conninfo: TestDatabase.server() + " dbname=\(database.name)")
        #expect(complaint().contains("CREATEROLE"))
        let opening = failure { () throws(StoreError) in _ = try LedgerReader(conninfo: conninfo) }
        #expect("\(try #require(opening))".contains("member of the role grantledger_daemon"))

        // With the role, another user than the owner may start a daemon on a schema that needs no migration.
        try server.execute("GRANT grantledger_daemon TO \(user)")
        #expect(try Migrator.migrate(conninfo: conninfo) == Migrator.Report())
        _ = try LedgerWriter(conninfo: conninfo, sealer: .forTests)

        let empty = try TestDatabase(migrated: false)
        try server.execute("CREATE DATABASE \"\(empty.name)\"")
        let making = failure { () throws(StoreError) in
            _ = try Migrator.migrate(conninfo: empty.conninfo + " user=\(user)")
        }
        #expect("\(try #require(making))".contains("CREATE on this database"))
    }

    @Test func refusesAnotherEncoding() throws {
        let database = try TestDatabase(migrated: false)
        var server = try Connection(TestDatabase.server())
        try server.execute("CREATE DATABASE \"\(database.name)\" ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        let error = failure { () throws(StoreError) in _ = try Migrator.migrate(conninfo: database.conninfo) }
        #expect("\(try #require(error))".contains("encoding is LATIN1"))
    }

    /// The numbers that are frozen in the core are explained in the database with the same words.
    @Test func tablesOfNumbersAgreeWithTheCore() throws {
        let database = try TestDatabase()
        var connection = try database.connect()
        let kinds = try connection.query("SELECT kind, verb FROM entry_kinds ORDER BY kind")
        #expect(try (0..<kinds.count).map { try kinds.int2($0, 0) } == EntryKind.allCases.map(\.rawValue))
        #expect(try (0..<kinds.count).map { try kinds.text($0, 1) } == EntryKind.allCases.map(\.verb))
        let slots = try connection.query("SELECT slot, owner, below, word FROM account_slots ORDER BY slot")
        #expect(slots.count == AccountSlot.allCases.count)
        for (row, slot) in AccountSlot.allCases.enumerated() {
            #expect(try slots.int2(row, 0) == Int16(slot.rawValue))
            #expect(try slots.text(row, 1) == slot.owner.rawValue)
            let below = slot.hasYear ? "year" : slot.hasDay ? "day" : slot.hasOrdinal ? "ordinal" : nil
            #expect(try slots.optionalText(row, 2) == below)
            #expect(try slots.text(row, 3) == slot.word)
        }
    }
}

struct DatabaseNameTests {
    @Test(
        arguments: [
            ("postgres://u:p@host:5432/books?sslmode=require", "books"), ("postgresql://host/b%C3%BCcher", "bücher"),
            ("postgresql:///?host=/tmp&dbname=other&user=x", "other"), ("postgresql:///one?dbname=two", "two"),
            ("postgresql:///one?host=/tmp/x&user=y", "one"), ("postgresql://", nil),
            ("host=/tmp dbname=books user=x", "books"), ("dbname = 'my \\'own\\' books' port=1", "my 'own' books"),
            ("dbname=a dbname=b", "b"), ("books", "books"), ("host=/tmp", nil), ("postgres://host", nil),
            ("postgres://host/", nil), ("", nil),
        ] as [(String, String?)])
    func isFoundWhereLibpqFindsIt(conninfo: String, name: String?) {
        #expect(DatabaseName.find(in: conninfo) == name)
    }

    @Test(arguments: ["", "?host=/x", "keywords"])
    func isReplaced(form: String) throws {
        let server = try TestDatabase.server()
        let conninfo: String
        if form == "keywords" {
            conninfo = server + " dbname=nothing"
        } else {
            // The server's own keywords as a URL's.
            let words = server.split(separator: " ").joined(separator: "&")
            conninfo = "postgresql:///nothing?" + words + (form.isEmpty ? "" : "&application_name=x")
        }
        var connection = try Connection(DatabaseName.replace(in: conninfo, by: "template1"))
        #expect(try connection.query("SELECT current_database()::text").text(0, 0) == "template1")
    }
}
