import ArgumentParser
import Glibc
import LineProtocol

/// `grantledger import FILE.csv`
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Post the rows of a CSV file, by default as disbursements.",
        discussion: """
            The first row names the arguments of the verb, or has a column "verb"; each further row is one request, \
            and an empty cell an argument left out. Amounts are yuan (500000 or 500000.00). Every row carries its \
            key, so the same file can be imported again after any interruption: what was posted is not posted twice. \
            Rows that are refused stand with their line numbers and reasons in FILE.rejected.csv, which can be \
            corrected and imported itself. Rows of one award that bear different dates, and rows of different verbs, \
            are sent one after the other.
            """)

    @Argument(help: "The CSV file (RFC 4180, UTF-8); - is standard input.", completion: .file(extensions: ["csv"]))
    var file: String

    @Option(help: "The verb that the rows are, where no column says it.")
    var verb = "DISBURSE"

    @Option(help: "How many rows may wait for their replies at once.")
    var inFlight = 512

    @Option(help: "Where refused rows go. (default: FILE.rejected.csv)", completion: .file(extensions: ["csv"]))
    var rejects: String?

    @Option(help: "For how many seconds the daemon may stay away.")
    var patience = 60

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func validate() throws {
        guard (1...100_000).contains(inFlight) else { throw ValidationError("--in-flight is from 1 to 100000.") }
        guard (0...86_400).contains(patience) else { throw ValidationError("--patience is from 0 to 86400.") }
        guard importedVerb != nil else {
            throw ValidationError("--verb \(verb) is no verb that posts or registers something.")
        }
        if file == "-", rejects == nil {
            throw ValidationError("Standard input has no name: say with --rejects where refused rows go.")
        }
    }

    private var importedVerb: Verb? {
        Verb(name: verb.split(separator: "-").joined(separator: ".")).flatMap { $0.mayBeImported ? $0 : nil }
    }

    func run() async throws {
        guard let importedVerb else { throw Misuse("--verb \(verb) is no verb that posts or registers something") }
        let daemon = try connection.daemon()
        let tenant = connection.tenant()
        let input = try file == "-" ? InputFile.standardInput() : InputFile(path: file, role: "the file")
        var reader = CSVReader(readChunk: input.next)
        let header = try header(from: &reader, verb: importedVerb, tenant: tenant)
        let reportPath = rejects ?? RejectReport.standardPath(for: file)
        let report = try RejectReport(path: reportPath, titles: header.titles, imported: input.status)
        var importer = Importer(
            daemon: daemon, tenant: tenant, header: header, file: reader, inFlight: inFlight,
            patience: .seconds(patience), report: report,
            progress: ImportProgress(
                fileSize: input.status.flatMap { $0.isPlain ? $0.size : nil }, isTerminal: isatty(STDERR_FILENO) == 1,
                write: Terminal.writeError))
        do {
            try await importer.run()
        } catch {
            show(importer.tally, report: reportPath)
            throw error
        }
        show(importer.tally, report: reportPath)
        if importer.tally.refused > 0 { throw ToolExit.refused }
    }

    private func header(
        from reader: inout CSVReader, verb: Verb, tenant: String?
    ) throws -> ImportHeader {
        do {
            guard let first = try reader.next() else {
                throw Misuse("\(file) is empty; its first row names the arguments")
            }
            return try ImportHeader(titles: first.fields, defaultVerb: verb, hasTenant: tenant != nil)
        } catch let error as CSVError {
            throw Misuse("\(file) is no CSV file: \(error)")
        }
    }

    private func show(_ tally: ImportTally, report: String) {
        let lines = connection.json ? [jsonLine(tally.json(report: report))] : tally.lines(report: report)
        Terminal.write(lines)
    }
}
