import Glibc
import ArgumentParser
import Foundation
import LedgerCore
import LineProtocol
import Synchronization
import Testing

@testable import CommandLineTool

/// Whole imports, against a daemon that answers as it is told.
@Suite(.onThreadsOfTheirOwn) struct ImporterTests {
    private static let refusal = #"-AWARD_EXCEEDED {"message":"too much"}"#

    private static func posted(_ yuan: String) -> String { #"+{"entry":"E1-1","amount":"\#(yuan)"}"# }

    /// Imports a text as a file of the daemon's directory.
    private func run(
        _ text: String, over daemon: ScriptedDaemon, inFlight: Int = 512
    ) async throws -> (tally: ImportTally, report: String?) {
        let path = daemon.directory + "/rows.csv"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let input = try InputFile(path: path, role: "the file")
        var reader = CSVReader(readChunk: input.next)
        let titles = try #require(try reader.next()).fields
        let header = try ImportHeader(titles: titles, defaultVerb: .disburse, hasTenant: true)
        let report = RejectReport.standardPath(for: path)
        var importer = Importer(
            daemon: Daemon(address: .unix(path: daemon.socket)), tenant: "t", header: header, file: reader,
            inFlight: inFlight, patience: .seconds(60),
            report: try RejectReport(path: report, titles: header.titles, imported: input.status),
            progress: ImportProgress(fileSize: nil, isTerminal: false, write: { _ in }))
        try await importer.run()
        return (importer.tally, try? InputFile.text(path: report, role: "the report"))
    }

    @Test func rowsOfADryRunAreCountedApart() async throws {
        let daemon = try ScriptedDaemon { request in
            if request.contains("key=old") { return #"+{"amount":"4.00","replayed":true}"# }
            return request.contains("dry-run=yes") ? #"+{"amount":"2.00"}"# : Self.posted("1.00")
        }
        let (tally, report) = try await run(
            """
            key,award,amount,date,dry-run
            k1,A,1,2024-01-01,
            k2,A,2,2024-01-01,yes
            k3,A,1,2024-01-01,no
            k4,A,2,2024-01-01,yes
            old,A,4,2024-01-01,yes
            """, over: daemon)
        #expect(tally.posted.rows == 2 && tally.posted.amount == "2.00")
        #expect(tally.wouldBePosted.rows == 2 && tally.wouldBePosted.amount == "4.00")
        #expect(tally.replayed.rows == 1 && tally.replayed.amount == "4.00")
        #expect(tally.refused == 0 && report == nil)
    }

    /// Rows that the daemon refuses, rows that are refused before they are sent, and a row that is sent twice.
    @Test(arguments: [1, 2, 512]) func refusedRowsStandInTheOrderOfTheFile(inFlight: Int) async throws {
        let isOverloaded = Mutex(true)
        let daemon = try ScriptedDaemon { request in
            let isFirst = isOverloaded.withLock { flag in
                defer { if request.contains("key=k2") { flag = false } }
                return flag
            }
            if request.contains("key=k2"), isFirst { return #"-OVERLOADED {"message":"later"}"# }
            return request.contains("key=k5") ? Self.posted("1.00") : Self.refusal
        }
        let (tally, report) = try await run(
            """
            key,award,amount,date
            k2,A,1,2024-01-01
            k3,B,five,2024-01-01
            k4,C,1,2024-01-01
            k5,D,1,2024-01-01
            k6,E,six,2024-01-01
            k7,F,seven,2024-01-01
            k8,G,1,2024-01-01
            k9,H,nine,2024-01-01
            """, over: daemon, inFlight: inFlight)
        let lines = try #require(report).split(separator: "\r\n").map { $0.prefix { $0 != "," } }
        #expect(lines == ["line", "2", "3", "4", "6", "7", "8", "9"])
        #expect(tally.refused == 7 && tally.posted.rows == 1)
    }

    @Test func aReportCanBeImportedAnyNumberOfTimes() async throws {
        let daemon = try ScriptedDaemon { request in
            request.contains("amount=1 ") ? Self.posted("1.00") : Self.refusal
        }
        let first = try await run(
            #"""
            key,award,amount,date

            k1,A,1,2024-01-01
            k2,B,2,2024-01-01
            k3,"C ""c""",x,2024-01-01
            """#, over: daemon)
        let head = "line,code,message,key,award,amount,date\r\n"
        let report = try #require(first.report)
        #expect(report.hasPrefix(head + "4,AWARD_EXCEEDED,too much,k2,B,2,2024-01-01\r\n5,INVALID_ARGUMENT,"))
        #expect(report.hasSuffix(#","C ""c""",x,2024-01-01"# + "\r\n"))

        let second = try await run(report, over: daemon)
        let third = try await run(try #require(second.report), over: daemon)
        #expect(second.report?.hasPrefix(head + "2,AWARD_EXCEEDED,too much,k2,B,2,2024-01-01\r\n3,") == true)
        #expect(third.report == second.report)

        let corrected = head + "2,AWARD_EXCEEDED,too much,k2,B,1,2024-01-01\r\n"
        let fourth = try await run(corrected, over: daemon)
        #expect(fourth.tally.posted.rows == 1 && fourth.report == nil)
    }

    @Test func theReportTakesNoOtherFilesPlace() throws {
        let daemon = try ScriptedDaemon { _ in "" }
        let path = daemon.directory + "/rows.csv"
        try "key\n".write(toFile: path, atomically: true, encoding: .utf8)
        let imported = try InputFile(path: path, role: "the file").status
        for wrong in [daemon.directory, daemon.directory + "/./rows.csv", daemon.directory + "/none/r.csv"] {
            let error = #expect(throws: Misuse.self) {
                try RejectReport(path: wrong, titles: ["key"], imported: imported)
            }
            #expect(error?.description.hasPrefix("the report of refused rows, \(wrong), cannot be written: ") == true)
        }
        #expect(FileStatus(path: path) == imported)

        // What is no file of its own is written to and stays: here a link to nothing that can be harmed.
        let pipe = daemon.directory + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        let reader = open(pipe, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        var report = try RejectReport(path: pipe, titles: ["key"], imported: imported)
        report.add(RejectedRow(line: 2, code: "NOT_FOUND", message: "", fields: ["k1"]))
        try report.write(before: nil)
        #expect(FileStatus(path: pipe)?.isPlain == false)
    }
}

@Suite struct InputFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path

    @Test(arguments: [
        (folder, "\(folder) is a directory, not a file"),
        ("/no/such.file", "/no/such.file cannot be read: No such file or directory"),
    ])
    func aFileThatCannotBeReadIsAMisuseInOneLine(path: String, message: String) async throws {
        let imported = await #expect(throws: Misuse.self) {
            try await ImportCommand.parse([path, "--tenant", "t"]).run()
        }
        #expect(imported?.description == "the file \(message)")
        let applied = await #expect(throws: Misuse.self) { try await ApplyCommand.parse([path]).run() }
        #expect(applied?.description == "the catalogue \(message)")
        let spoken = #expect(throws: Misuse.self) {
            try ConnectionOptions.parse(["--token-file", path]).daemon(environment: [:])
        }
        #expect(spoken?.description == "the token file \(message)")
        #expect([imported, applied, spoken].allSatisfy { $0?.exitCode == ToolExit.misused })
    }

    @Test func aTextIsUTF8() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "grantledger-\(UUID()).txt").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data([0xC1, 0xD9, 0xB8, 0xDB]).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: Misuse.self) { try InputFile.text(path: path, role: "the catalogue") }
        #expect(error?.description == "the catalogue \(path) is not UTF-8 text")
        try Data([0xEF, 0xBB, 0xBF, 0x61]).write(to: URL(fileURLWithPath: path))
        #expect(try InputFile.text(path: path, role: "the catalogue") == "a")
    }
}
