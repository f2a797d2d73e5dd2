import ArgumentParser
import BankStatements
import LedgerCore
import LineProtocol

/// `grantledger statement import FILE …`
struct StatementImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Put bank statements into the ledger, each once.",
        discussion: """
            \(StatementSource.explanation) Only then is anything sent: a file of which one line is wrong is refused \
            whole. The daemon proves it again, and that it follows the last statement of the account without a gap; \
            FUND.PUT has to name the account first. A statement that was put before changes nothing.

            Killed at any point, run it again: what stands stays, and what is missing is sent.

            \(StatementSource.mappingExplanation)

            Exit codes: 0 all stand, 1 refused (file, line and reason are on standard error), 64 misused, 69 no daemon
            answers.
            """)

    @OptionGroup var source: StatementSource
    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run() async throws {
        guard let tenant = connection.tenant() else {
            throw Misuse("statement import needs --tenant TENANT, whose accounts these are")
        }
        let daemon = try connection.daemon()
        var table = TextTable(columns: [
            .init(title: "statement", alignment: .left), .init(title: "account", alignment: .left),
            .init(title: "closing", alignment: .right), .init(title: "lines", alignment: .right),
            .init(title: "result", alignment: .left),
        ])
        for path in source.files {
            for (statement, isNew) in try await put(path, tenant: tenant, daemon) {
                table.add([
                    printable(statement.id), printable(statement.account), statement.closing.yuan,
                    "\(statement.lineCount)", isNew ? "imported" : "seen before",
                ])
            }
        }
        Terminal.write(table.lines)
    }

    /// Proves the file, then sends it.
    private func put(_ path: String, tenant: String, _ daemon: Daemon) async throws -> [(BankStatement, Bool)] {
        let file = try ProvenFile(source, path)
        do {
            return try await DaemonConnection.with(daemon) { connection in
                var sender = StatementSender(connection: connection, tenant: tenant, path: path)
                return try await sender.send(file)
            }
        } catch let loss as ConnectionLost {
            throw Unanswered(
                address: daemon.address, reason: loss.reason,
                remedy: "Run the same again: what stands already stays as it is.")
        }
    }
}

/// A file whose every statement is proven, its lines on disk.
struct ProvenFile {
    /// With the first day on which a line was booked.
    private(set) var statements: [(statement: BankStatement, from: Day)] = []
    let lines: LineSpool

    init(_ source: StatementSource, _ path: String) throws {
        let spool = try LineSpool()
        var statements: [(BankStatement, Day)] = []
        var first: Day?
        var progress = LongRun()
        defer { progress.finish() }
        try source.read(path) { event in
            switch event {
            case .line(let line):
                first = min(first ?? line.booked, line.booked)
                try spool.write(try StatementWords.words(of: line))
                progress.update(Int64(spool.count), "lines proven")
            case .statement(let statement):
                statements.append((statement, min(first ?? statement.from, statement.from)))
                first = nil
            }
        }
        try spool.rewind()
        self.statements = statements
        lines = spool
    }
}
