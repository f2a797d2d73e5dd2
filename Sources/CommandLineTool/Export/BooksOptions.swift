import ArgumentParser
import BookExport

/// The options of `grantledger export` that write books for other tools in place of the proof.
struct BooksOptions: ParsableArguments {
    @Option(help: "Which tools: \(BookFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: BookFormat?

    @Flag(help: "Do not ask for the limits: there is no FILE.caps.jsonl then.")
    var withoutCaps = false

    func validate() throws {
        if format == nil, withoutCaps { throw ValidationError("--without-caps is for books; name their --format.") }
    }
}

extension BookFormat: ExpressibleByArgument {}

extension BookError: ToolFailure {
    var exitCode: ExitCode { fault == .file ? ToolExit.misused : ToolExit.refused }
}
