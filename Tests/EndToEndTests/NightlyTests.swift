import Foundation
import TestKit
import Testing

extension EndToEnd {
    /// `deploy/nightly` against a real daemon; its own test beside it kills it at every command of a false one.
    struct NightlyTests {
        private static let statement = """
            day,amount,balance,reference,text
            2024-03-02,-100000.00,900000.00,GL73-B86FY0N5-000000000004,
            2024-03-31,-15.00,899985.00,,charges

            """

        private static let mapping = """
            delimiter: ","
            date-format: yyyy-MM-dd
            account: "310066726018150012345"
            columns:
              date: day
              amount: amount
              balance: balance
              end-to-end: reference
              text: text
            """

        /// The example's payments, and a statement that shows one of them.
        private static func prepare(_ daemon: DaemonProcess, _ directory: TemporaryDirectory) throws -> String {
            let example = try String(
                contentsOfFile: Programs.root + "/deploy/examples/23-reconciliation.lines", encoding: .utf8)
            let lines = example.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("STATEMENT") }
            _ = try daemon.connect().ask(lines.prefix { !$0.hasPrefix("RECONCILE") }.map(String.init))
            let place = directory.path
            try FileManager.default.createDirectory(atPath: place + "/inbox", withIntermediateDirectories: true)
            for (name, text) in [
                ("map.yaml", mapping), ("inbox/march.csv", statement), ("inbox/wrong.xml", "no XML"),
                (
                    "conf",
                    """
                    INBOX=\(place)/inbox
                    OUTPUT=\(place)/books
                    FORMATS=hledger csv
                    MAX_AGE_DAYS=30
                    PUBLIC_KEY=\((daemon.socket as NSString).deletingLastPathComponent)/seal.pub
                    CSV_MAPPING=\(place)/map.yaml
                    GRANTLEDGER=\(Programs.commandLine)
                    GRANTLEDGER_TENANT=ex23
                    GRANTLEDGER_UNIX=\(daemon.socket)
                    """
                ),
            ] {
                try text.write(toFile: "\(place)/\(name)", atomically: true, encoding: .utf8)
            }
            return place
        }

        @Test func aNightImportsMatchesExportsProvesAndReports() async throws {
            try await DaemonProcess.with { daemon in
                let directory = try TemporaryDirectory()
                defer { directory.remove() }
                let place = try Self.prepare(daemon, directory)
                func run() throws -> ProgramRun {
                    try ProgramRun(
                        "/usr/bin/env",
                        ["bash", Programs.root + "/deploy/nightly", "--config", place + "/conf", "--day", "2024-03-31"])
                }
                let first = try run()
                #expect(first.end == .exited(2), "\(first)")
                #expect(first.output.contains("imported=1 refused=1 old-breaks=4 failed=import"), "\(first)")
                let reason = try String(contentsOfFile: place + "/inbox/refused/wrong.xml.reason", encoding: .utf8)
                #expect(reason.contains("line 1"))

                let second = try run()
                #expect(second.end == .exited(1), "\(second)")
                #expect(second.output.contains("breaks tenant=ex23 day=2024-03-31 imported=0 refused=0 old-breaks=4"))
                let books = try FileManager.default.contentsOfDirectory(atPath: place + "/books/2024-03-31")
                #expect(Set(books).isSuperset(of: ["journal.jsonl", "hledger", "hledger.manifest.json", "csv"]))
                let page = try String(contentsOfFile: place + "/books/2024-03-31.html", encoding: .utf8)
                #expect(page.contains("<svg") && page.contains("310066726018150012345"))
                let settled = try daemon.connect().ask("ENTRY tenant=ex23 entry=E1-4")
                #expect(settled["settled-by"] == "E1-8", "\(settled)")
            }
        }
    }
}
