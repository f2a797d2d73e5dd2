import Foundation
import Testing

@testable import BookExport

/// The tools for which books are written judge them: they are Debian's packages hledger and beancount.
@Suite struct OtherToolsTests {
    /// Without them a desk goes without these tests, and the runner says so; where CI is set they fail.
    private static let isCI = ProcessInfo.processInfo.environment["CI"] != nil

    private static func path(of tool: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(tool)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    private func check(_ entries: [JournalEntry], _ format: BookFormat, _ tool: String, _ arguments: [String]) throws {
        let program = try #require(Self.path(of: tool), "\(tool) is not installed; deploy/test installs it")
        let directory = try SampleEntries.directory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let file = "\(directory)/books.\(format.rawValue)"
        try Data(SampleEntries.books(entries, format).text.utf8).write(to: URL(filePath: file))
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments.map { $0 == "FILE" ? file : $0 }
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
        let output = Pipe()
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let told = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(tool): \(String(decoding: told, as: UTF8.self))")
    }

    @Test(.enabled(if: isCI || path(of: "hledger") != nil, "hledger is not installed"))
    func hledgerAcceptsEveryKindOfEntry() throws {
        try check(SampleEntries.everyKind(), .hledger, "hledger", ["-f", "FILE", "check", "-s", "ordereddates"])
        try check([], .hledger, "hledger", ["-f", "FILE", "check", "-s", "ordereddates"])
    }

    @Test(.enabled(if: isCI || path(of: "bean-check") != nil, "beancount is not installed"))
    func beancountAcceptsEveryKindOfEntry() throws {
        try check(SampleEntries.everyKind(), .beancount, "bean-check", ["FILE"])
        try check([], .beancount, "bean-check", ["FILE"])
    }
}
