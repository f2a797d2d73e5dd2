import ArgumentParser
import Catalogue
import LedgerCore
import LineProtocol

/// `grantledger apply CATALOGUE.yaml`
struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Put a catalogue's tenants and schemes into the ledger.",
        discussion: """
            Applied again, a catalogue changes nothing. What stands in the ledger otherwise is shown and left as it \
            is; the exit code is 1 then, and all else of the catalogue is applied.
            """)

    @Argument(help: "The catalogue, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var catalogue: String

    @Flag(help: "Print nothing unless something is refused.")
    var quiet = false

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run() async throws {
        let requests = try read().requests
        let lines = try requests.map { try line(for: $0) }
        let daemon = try connection.daemon()
        let replies: [Reply]
        do {
            replies = try await DaemonConnection.with(daemon) { connection in try await connection.exchange(lines) }
        } catch let loss as ConnectionLost {
            throw Unanswered(
                address: daemon.address, reason: loss.reason,
                remedy: "Apply the catalogue again: what stands already stays as it is.")
        }
        let report = ApplyReport(Array(zip(requests, replies)))
        if connection.json {
            Terminal.write([jsonLine(report.json)])
        } else {
            if !quiet { Terminal.write(report.lines) }
            Terminal.writeError(report.refusals.map { $0 + "\n" }.joined())
        }
        if !report.refusals.isEmpty { throw ToolExit.refused }
    }

    private func line(for request: CatalogueRequest) throws(Misuse) -> String {
        do {
            return try LineWriter.line(
                verb: request.verb.rawValue, arguments: request.arguments.map { ($0.name, $0.value) })
        } catch {
            throw Misuse("\(catalogue): \(request.path): \(error.message)")
        }
    }

    private func read() throws(Misuse) -> Catalogue {
        let text = try InputFile.text(path: catalogue, role: "the catalogue")
        do {
            return try Catalogue(yaml: text)
        } catch {
            throw Misuse(error.problems.map { "\(catalogue): \($0)" }.joined(separator: "\n"))
        }
    }
}

/// What became of the requests of a catalogue.
struct ApplyReport {
    private enum Fate { case created, stood, refused }

    private let outcomes: [(request: CatalogueRequest, reply: Reply, fate: Fate)]

    init(_ answers: [(CatalogueRequest, Reply)]) {
        outcomes = answers.map { request, reply in
            let isNew = reply["created"] == .flag(true)
            return (request, reply, reply.code != nil ? .refused : isNew ? .created : .stood)
        }
    }

    /// A line for each thing created, then how many of each kind were created and how many stood already.
    var lines: [String] {
        var table = TextTable(columns: [
            .init(title: "", alignment: .left), .init(title: "created", alignment: .right),
            .init(title: "stood", alignment: .right), .init(title: "refused", alignment: .right),
        ])
        for (title, verb) in Self.kinds where outcomes.contains(where: { $0.request.verb == verb }) {
            table.add([title] + [Fate.created, .stood, .refused].map { String(count(verb, $0)) })
        }
        return outcomes.filter { $0.fate == .created }.map { "created \($0.request.title)" } + table.lines
    }

    /// What was refused, and why.
    var refusals: [String] {
        outcomes.filter { $0.fate == .refused }.map { outcome in
            let reason = "\(outcome.reply.code ?? ""): \(printable(outcome.reply.message))"
            return "\(outcome.request.path), \(outcome.request.title): \(reason)"
        }
    }

    /// For programs.
    var json: [Field] {
        let count = { (fate: Fate) in JSONValue.number(Int64(outcomes.count { $0.fate == fate })) }
        let refused = outcomes.filter { $0.fate == .refused }.map { outcome in
            JSONValue.object([
                Field("path", .text(outcome.request.path)), Field("item", .text(outcome.request.title)),
                Field("code", .text(outcome.reply.code ?? "")), Field("message", .text(outcome.reply.message)),
            ])
        }
        return [
            Field("created", count(.created)), Field("stood", count(.stood)), Field("refused", count(.refused)),
            Field("refusals", .list(refused)),
        ]
    }

    private static let kinds: [(title: String, verb: Verb)] = [
        ("tenants", .tenantCreate), ("parties", .partyPut), ("schemes", .schemePut), ("parameters", .schemeSet),
    ]

    private func count(_ verb: Verb, _ fate: Fate) -> Int {
        outcomes.count { $0.request.verb == verb && $0.fate == fate }
    }
}
