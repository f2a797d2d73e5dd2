import ArgumentParser
import Glibc
import LedgerServer
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
            """,
        version: Daemon.version)

    @Option(help: ArgumentHelp("What holds the private PostgreSQL and the socket.", valueName: "dir"))
    var data = ".local"

    @Option(help: "The address to listen on; one that other machines reach needs TLS.")
    var host = "127.0.0.1"

    @Option(help: "The TCP port; 0 takes a free one.")
    var port: UInt16 = 7411

    @Option(
        help: ArgumentHelp(
            "The daemon's certificate and those up to a root, in PEM; read anew when it changes.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key, in PEM.", valueName: "file"))
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Who signs clients' certificates, in PEM: the common name in one names its principal, who needs no AUTH.",
            valueName: "file"))
    var tlsClientAuthority: String?

    @Option(
        name: .customLong("limit"),
        help: ArgumentHelp(
            "Sets a limit; may be given several times. STATUS shows them all: "
                + LimitSetting.all.map(\.name).joined(separator: ", ") + ".", valueName: "name=number"))
    var limitSettings: [String] = []

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
            data: data, host: host, port: Int(port), tls: tlsFiles(), database: database,
            catalogue: catalogue, limits: limits(), logger: Logger(label: "grantledgerd")
        ).run()
    }

    private func tlsFiles() throws -> TransportSecurity.Files? {
        switch (tlsCertificate, tlsKey) {
        case (let certificate?, let key?):
            return TransportSecurity.Files(
                certificate: certificate, key: key, clientAuthority: tlsClientAuthority)
        case (nil, nil):
            guard tlsClientAuthority == nil else {
                throw ValidationError("--tls-client-authority needs --tls-certificate and --tls-key")
            }
            return nil
        case (_?, nil): throw ValidationError("--tls-certificate needs --tls-key")
        case (nil, _?): throw ValidationError("--tls-key needs --tls-certificate")
        }
    }

    private func limits() throws -> Limits {
        do {
            return try Limits(settings: limitSettings)
        } catch {
            throw ValidationError("--limit: \(error)")
        }
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
