import ArgumentParser
import BankStatements

/// `grantledger statement check FILE …`
struct StatementCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove bank statements, without daemon and database.",
        discussion: """
            \(StatementSource.explanation) Of several of one account, in the order given, proves that each follows the \
            one before without a gap: end to end with the same balance and the next number. A statement that comes \
            again is named and passed over; one of the same name with other lines is refused.

            \(StatementSource.mappingExplanation)

            Exit codes: 0 proved, 1 not proved (file, line and reason are on standard error), 64 misused.
            """)

    @OptionGroup var source: StatementSource

    @Flag(help: "Print every line too, as it would be matched.")
    var lines = false

    func run() throws {
        var report = StatementReport(printsLines: lines)
        defer { report.finish() }
        for path in source.files {
            try source.read(path) { try report.receive($0, from: path) }
        }
        report.finish()
        Terminal.write(report.table.lines)
    }
}
