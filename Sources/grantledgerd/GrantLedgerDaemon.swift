import ArgumentParser
import Glibc
import Logging

/// `grantledgerd`: the ledger of grants as a program that runs until it is told to end.
@main
struct GrantLedgerDaemon: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grantledgerd",
        abstract: "Keeps the ledger of public grants and answers on TCP and on a Unix socket.",
        discussion: """
            Once it takes requests it prints one line: ready tcp=127.0.0.1:7411 unix=DIR/grantledger.sock
            The first interrupt or termination signal ends it and everything it started.
            """)

    @Option(help: ArgumentHelp("What holds the private PostgreSQL and the socket.", valueName: "dir"))
    var data = ".local"

    @Option(help: "The TCP port on 127.0.0.1; 0 takes a free one.")
    var port: UInt16 = 7411

    @Option(
        help: ArgumentHelp(
            "A PostgreSQL server that stands, in place of the private one; \(databaseVariable) says the same "
                + "without showing a password to whoever lists processes.", valueName: "url"))
    var database: String?

    @Option(help: ArgumentHelp("A policy catalogue to load; what stands of it is left alone.", valueName: "file"))
    var catalogue: String?

    @Option(help: "The least grave messages to log to standard error.", transform: level)
    var logLevel = Logger.Level.info

    private static let databaseVariable = "GRANTLEDGER_DATABASE_URL"

    func run() async throws {
        let level = logLevel
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        signal(SIGPIPE, SIG_IGN)
        raiseFileLimit()
        let database = database ?? Self.environment(Self.databaseVariable)
        if let database { try Self.checkForm(ofDatabase: database) }
        try await Start(
            data: data, port: Int(port), database: database,
            catalogue: catalogue, logger: Logger(label: "grantledgerd")
        ).run()
    }

    /// A name alone, or nothing, would mean the server that this machine happens to have.
    private static func checkForm(ofDatabase database: String) throws {
        let isURL = database.hasPrefix("postgres://") || database.hasPrefix("postgresql://")
        guard isURL || database.contains("=") else {
            throw ValidationError(
                "--database is neither postgres://user@host:port/name nor \"host=… dbname=…\"; leave it out for a "
                    + "private PostgreSQL")
        }
    }

    private static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Each connection is an open file, of which systems allow a thousand unless asked for more.
    private func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// What is wrong with a start is one line on standard error.
    static func main() async {
        do {
            try await parse().run()
            end(with: EXIT_SUCCESS)
        } catch {
            let code = exitCode(for: error)
            guard code != .success else { exit(withError: error) }
            let isUsage = code == .validationFailure
            let text = isUsage ? message(for: error) : "\(error)"
            let line = "grantledgerd: \(text.split(whereSeparator: \.isNewline).joined(separator: "; "))\n"
            write(STDERR_FILENO, line, line.utf8.count)
            end(with: isUsage ? EX_USAGE : EXIT_FAILURE)
        }
    }

    /// Without what libraries want to do at the end: a thread that could not be waited for may still be inside of one.
    private static func end(with status: Int32) -> Never {
        fflush(nil)
        _exit(status)
    }

    private static func level(_ name: String) throws -> Logger.Level {
        guard let level = Logger.Level(rawValue: name) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("there is no log level \"\(name)\"; there are \(names)")
        }
        return level
    }
}
