import Foundation
import LedgerCore
import LineProtocol
import TestKit
import Testing

@testable import CommandLineTool

@Suite struct ExportTests {
    private func export(
        _ daemon: inout SampleDaemon, pageLength: Int = 5_000
    ) async throws -> (exporter: Exporter, lines: [String]) {
        var bytes: [UInt8] = []
        var exporter = Exporter(
            tenant: daemon.journal.tenant, exportedAt: Moment(microseconds: 1_795_444_149_000_123),
            pageLength: pageLength, write: { bytes += $0 }, progress: { _ in })
        try await exporter.run(over: &daemon)
        return (exporter, String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init))
    }

    @Test func anExportSaysWhoseItIsAndHowMuch() async throws {
        var daemon = SampleDaemon(try SampleJournal(seed: 1, count: 9))
        let (exporter, lines) = try await export(&daemon)
        let head = #"{"format":"grantledger-export-1","tenant":"lingang","number":3,"#
        #expect(lines.first == head + #""exported-at":"2026-11-23T14:29:09.000123Z"}"#)
        #expect(lines.last == #"{"end":{"entries":9,"seals":2}}"#)
        #expect(lines.count { $0.hasPrefix("{\"entry\"") } == 9)
        #expect(lines.count { $0.hasPrefix("{\"seal\"") } == 2)
        #expect(exporter.entries == 9)
        #expect(exporter.seals == 2)
    }

    /// Who is paid by now and what settled it since is not what was posted: no hash covers it.
    @Test func onlyWhatTheChainCoversIsExported() async throws {
        let journal = try SampleJournal(seed: 4, count: 40)
        try #require(journal.entries.contains { $0.party != nil } && journal.entries.contains { $0.settledBy != nil })
        var daemon = SampleDaemon(journal)
        let (_, lines) = try await export(&daemon)
        #expect(!lines.contains { $0.contains("\"party\"") || $0.contains("\"settled-by\"") })
        for (line, posted) in zip(lines.filter { $0.hasPrefix("{\"entry\"") }, journal.entries) {
            #expect(line.contains("\"award\"") == (posted.entry.standing != nil))
        }
    }

    @Test func anEmptyJournalHasNoNumber() async throws {
        var daemon = SampleDaemon(try SampleJournal(seed: 1, count: 0))
        let (_, lines) = try await export(&daemon)
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""number":null"#) == true)
    }

    // MARK: Pages

    @Test(arguments: [0, 1, 9, 10, 11, 20, 25]) func aLongJournalIsReadToItsEnd(count: Int) async throws {
        let journal = try SampleJournal(seed: 1, count: count, sealEvery: 5)
        var daemon = SampleDaemon(journal)
        let (exporter, lines) = try await export(&daemon, pageLength: 10)
        #expect(exporter.entries == count)
        #expect(exporter.seals == count / 5)
        #expect(daemon.requests.count { $0.hasPrefix("JOURNAL") } == count / 10 + 1)
        let verdict = try await VerifyOutcome.of(lines.map { Array($0.utf8) }, key: journal.publicKey)
        #expect(verdict.proved?.entries == (count < 5 ? nil : Int64(count)))
    }

    /// More seals than one page holds, and none of them asked for twice.
    @Test func aSealOnEveryEntryIsRead() async throws {
        let journal = try SampleJournal(seed: 1, count: 25, sealEvery: 1)
        var daemon = SampleDaemon(journal)
        let (exporter, lines) = try await export(&daemon, pageLength: 10)
        #expect(exporter.seals == 25)
        #expect(
            daemon.requests.filter { $0.hasPrefix("SEALS") }
                == [0, 10, 20].map { "SEALS tenant=lingang after=\($0) limit=10" })
        let verdict = try await VerifyOutcome.of(lines.map { Array($0.utf8) }, key: journal.publicKey)
        #expect(verdict.proved?.seals == 25)
    }

    /// Seals that are few are asked for once, and wait for their entries.
    @Test func fewSealsWaitForTheirEntries() async throws {
        let journal = try SampleJournal(seed: 1, count: 95, sealEvery: 30)
        var daemon = SampleDaemon(journal)
        let (_, lines) = try await export(&daemon, pageLength: 10)
        let verdict = try await VerifyOutcome.of(lines.map { Array($0.utf8) }, key: journal.publicKey)
        #expect(verdict.proved?.seals == 3)
        #expect(verdict.proved?.sealedName == "E3-90")
        #expect(
            daemon.requests.filter { $0.hasPrefix("SEALS") }
                == [0, 90].map { "SEALS tenant=lingang after=\($0) limit=10" })
    }

    /// What is posted and sealed while the journal is read comes out whole all the same.
    @Test(arguments: 0..<20 as Range<UInt64>) func aJournalThatGrowsMeanwhileIsExportedWhole(seed: UInt64) async throws
    {
        let whole = try SampleJournal(seed: seed, count: 200, sealEvery: 3)
        var start = whole
        start.entries.removeLast(100)
        start.seals.removeAll { $0.sequence > 100 }
        var daemon = SampleDaemon(start)
        var random = SeededRandom(seed: seed)
        daemon.beforeAnswer = { journal in
            for _ in 0..<Int.random(in: 0...8, using: &random) where journal.entries.count < whole.entries.count {
                journal.entries.append(whole.entries[journal.entries.count])
                let last = Int64(journal.entries.count)
                journal.seals += whole.seals.filter { $0.sequence == last }
            }
        }
        let (exporter, lines) = try await export(&daemon, pageLength: 10)
        #expect(exporter.entries >= 100)
        let verdict = try await VerifyOutcome.of(lines.map { Array($0.utf8) }, key: whole.publicKey)
        #expect(verdict.proved?.entries == exporter.entries)
        #expect(verdict.proved?.seals == exporter.seals)
    }

    // MARK: What cannot be exported

    @Test func aDaemonWithoutSealsIsExportedWithoutThem() async throws {
        var daemon = SampleDaemon(try SampleJournal(seed: 1, count: 9))
        daemon.knowsSeals = false
        let (exporter, lines) = try await export(&daemon)
        #expect(!exporter.knowsSeals)
        #expect(lines.count == 11)
        #expect(daemon.requests.filter { $0.hasPrefix("SEALS") }.count == 1)
    }

    @Test func aRefusalEndsTheExport() async throws {
        struct Refusing: Answering {
            mutating func answer(_ request: String) async throws -> Reply {
                Reply(.error(#"NOT_FOUND {"message":"there is no tenant lingang"}"#))
            }
        }
        var daemon = Refusing()
        var exporter = Exporter(
            tenant: "lingang", exportedAt: Moment(microseconds: 0), write: { _ in }, progress: { _ in })
        await #expect(throws: RefusedByDaemon.self) { try await exporter.run(over: &daemon) }
    }

    /// A damaged database: an account that belongs to nothing has no name.
    @Test func anEntryWithoutNamesIsNotExported() async throws {
        struct Damaged: Answering {
            let journal: String
            mutating func answer(_ request: String) async throws -> Reply { Reply(.simple(journal)) }
        }
        var sample = SampleDaemon(try SampleJournal(seed: 4, count: 20))
        let journal = try await sample.answer("JOURNAL tenant=lingang after=0 limit=20").text
        let account = #""debit":"cap:shanghai|pilot|S-0:committed""#
        try #require(journal.contains(account))
        var daemon = Damaged(journal: #"{"seals":[],"# + journal.replacing(account, with: #""debit":null"#).dropFirst())
        var exporter = Exporter(
            tenant: "lingang", exportedAt: Moment(microseconds: 0), write: { _ in }, progress: { _ in })
        let failure = await #expect(throws: Unexportable.self) { try await exporter.run(over: &daemon) }
        let reason = failure?.description ?? ""
        #expect(reason.hasPrefix("E3-") && reason.contains(" cannot be exported: byte "), "\(reason)")
        #expect(failure?.exitCode == ToolExit.refused)
    }
}

@Suite struct ExportFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)")

    private func inFolder(_ body: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.appendingPathComponent("lingang.export").path)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test func aFileAppearsWhenItIsWhole() throws {
        try inFolder { path in
            try Data("older".utf8).write(to: URL(fileURLWithPath: path))
            let file = try ExportFile(path: path)
            try file.write(Array("new 财政\n".utf8))
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "older")
            try file.finish()
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "new 财政\n")
            #expect(try names == ["lingang.export"])
        }
    }

    @Test func aBrokenExportLeavesNothing() throws {
        try inFolder { path in
            let file = try ExportFile(path: path)
            try file.write(Array("half".utf8))
            file.discard()
            #expect(try names == [])
        }
    }

    @Test func whereNothingCanBeWrittenIsMisuse() throws {
        try inFolder { path in
            #expect(throws: Misuse.self) { try ExportFile(path: folder.path) }
            #expect(throws: Misuse.self) { try ExportFile(path: path + "/deeper") }
        }
    }
}
