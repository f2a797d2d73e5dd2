import ArgumentParser
import Foundation
import Testing

@testable import CommandLineTool

/// `grantledger statement check`: files in, what came of them, and the exit code.
struct StatementCheckTests {
    private static let mapping = """
        columns: {date: Date, amount: Amount, balance: Balance, end-to-end: Reference, text: Purpose}
        account: "6222000011112222"
        """

    private static func csv(_ rows: String) -> String { "Date,Amount,Balance,Reference,Purpose\n\(rows)" }

    private static func check(_ files: [String], _ options: [String] = []) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("statement-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func write(_ text: String, _ name: String) throws -> String {
            let path = directory.appendingPathComponent(name).path
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            return path
        }
        let mappingFile = try write(mapping, "mapping.yaml")
        let paths = try files.enumerated().map { try write($1, "\($0).csv") }
        try StatementCheckCommand.parse(["--mapping", mappingFile] + options + paths).run()
    }

    private static let november = csv("2026-11-02,-40.00,60.00,E1,paid\n2026-11-03,5.00,65.00,,back\n")
    private static let december = csv("2026-12-01,-60.00,5.00,E2,paid\n")

    @Test func statementsThatFollowEachOtherAreProved() throws {
        try Self.check([Self.november, Self.december])
        try Self.check([Self.november, Self.november, Self.december])
    }

    @Test(arguments: [
        ([csv("2026-11-02,-40.00,61.00,E1,paid\n2026-11-03,5.00,65.00,,back\n")], "0.csv: line 3: "),
        ([november, csv("2026-12-01,-60.00,6.00,E2,paid\n")], "it opens with 66.00, the one before closed with 65.00"),
        ([december, november], "begins on 2026-11-02, before 2026-12-01"),
        (["<!DOCTYPE x>"], "0.csv: line 1: "),
    ])
    func whatDoesNotAddUpIsRefused(files: [String], words: String) {
        let error = #expect(throws: UnprovenStatement.self) { try Self.check(files) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.exitCode == ToolExit.refused)
    }

    @Test(arguments: [["--opening", "1.234"], ["--closing", "ten"]])
    func aBalanceThatIsNone(options: [String]) {
        #expect(throws: Misuse.self) { try Self.check([Self.november], options) }
    }

    @Test func openingAndClosingAreOfOneStatement() {
        #expect(throws: Misuse.self) { try Self.check([Self.november, Self.december], ["--opening", "100.00"]) }
        #expect(throws: UnprovenStatement.self) { try Self.check([Self.november], ["--opening", "101.00"]) }
    }

    @Test func camtNeedsNoMappingAndTakesNoFactsOfOne() {
        #expect(throws: Misuse.self) { try StatementCheckCommand.parse(["--account", "1", "x.xml"]).run() }
        #expect(throws: Misuse.self) { try StatementCheckCommand.parse(["/nowhere/x.xml"]).run() }
    }
}
