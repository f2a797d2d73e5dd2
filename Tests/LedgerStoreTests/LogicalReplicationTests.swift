import LedgerCore
import Postgres
import TestKit
import Testing

/// The journal as a stream of PostgreSQL's own, read with its pg_recvlogical.
struct LogicalReplicationTests {
    private static let program = "/usr/lib/postgresql/15/bin/pg_recvlogical"
    private static let slot = ["--slot", "follower"]

    /// What a follower gets that ends and comes back: every entry once, in the order of the journal.
    @Test func aFollowerThatComesBackMissesNothing() throws {
        let ledger = try TestLedger()
        try Self.run(ledger, ["--create-slot", "--plugin", "test_decoding"])
        defer { _ = try? Self.run(ledger, ["--drop-slot"]) }
        try ledger.load(PilotProjectTests.town)
        let first = try Self.follow(ledger)
        #expect(try Self.follow(ledger).isEmpty)
        try ledger.load(PilotProjectTests.days)
        // A voucher and a refusal come between: what was not committed is not sent.
        #expect(try ledger.send("DISBURSE tenant=lingang award=A1 amount=9999999 date=2023-08-03 key=n").refusal != nil)
        let second = try Self.follow(ledger)

        var connection = try ledger.database.connect()
        let journals = try connection.query("SELECT tenant, max(sequence) FROM entries GROUP BY tenant ORDER BY tenant")
        #expect(journals.count == 2 && !first.isEmpty && !second.isEmpty)
        for row in 0..<journals.count {
            let tenant = try journals.int4(row, 0)
            let names = try (1...journals.int8(row, 1)).map { "\(tenant)-\($0)" }
            #expect((first + second).filter { $0.hasPrefix("\(tenant)-") } == names)
        }
    }

    /// Names of the entries that were committed since the last time, as they come.
    private static func follow(_ ledger: TestLedger) throws -> [String] {
        var connection = try ledger.database.connect()
        let end = try connection.query("SELECT pg_current_wal_insert_lsn()::text").text(0, 0)
        // Something must follow the place where it is to end.
        try connection.execute("SELECT pg_logical_emit_message(false, 'end', '')")
        let lines = try run(ledger, ["--start", "--endpos", end, "--file", "-"]).split(separator: "\n")
        return lines.filter { $0.hasPrefix("table grantledger.entries: INSERT:") }.map { line in
            "\(value("tenant[integer]", in: line))-\(value("sequence[bigint]", in: line))"
        }
    }

    private static func value(_ column: String, in line: Substring) -> String {
        let parts = line.split(separator: " \(column):", maxSplits: 1)
        return parts.count == 2 ? String(parts[1].prefix { $0 != " " }) : ""
    }

    @discardableResult
    private static func run(_ ledger: TestLedger, _ arguments: [String]) throws -> String {
        let run = try ProgramRun(
            program, ["--dbname", ledger.database.conninfo] + slot + arguments, atMost: .seconds(30))
        #expect(run.end == .exited(0), "\(run)")
        return run.output
    }
}
