import ArgumentParser
import Foundation

/// The options that every command has: which daemon, who speaks, for which tenant, and the form of what is printed.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: "The daemon's Unix socket. (default: \(DaemonAddress.standard), or $GRANTLEDGER_UNIX)",
        completion: .file())
    var unix: String?

    @Option(help: ArgumentHelp("The daemon's TCP address instead. (or $GRANTLEDGER_TCP)", valueName: "host:port"))
    var tcp: String?

    @Flag(help: "Encrypt the TCP connection. Not built yet: the command is refused.")
    var tls = false

    @Option(help: "Who speaks, with the token of --token-file. (or $GRANTLEDGER_PRINCIPAL)")
    var principal: String?

    @Option(help: "The file that holds the principal's token. (or $GRANTLEDGER_TOKEN_FILE)", completion: .file())
    var tokenFile: String?

    @Option(help: "The tenant in whose books this is. (or $GRANTLEDGER_TENANT)")
    var tenant: String?

    @Flag(help: "Print the daemon's JSON instead of tables.")
    var json = false

    /// The names under which the options stand on a command line.
    static let names = ["unix", "tcp", "tls", "principal", "token-file", "tenant", "json"]

    func validate() throws {
        if unix != nil, tcp != nil { throw ValidationError("--unix and --tcp name two daemons; leave one out.") }
        if tls { throw ValidationError("--tls is not built yet. Use the Unix socket, or a tunnel to it (ssh -L).") }
    }

    /// Throws ``Misuse`` where the address or the token file is wrong.
    func daemon(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Misuse) -> Daemon {
        Daemon(address: try address(environment), credentials: try credentials(environment))
    }

    /// The tenant that was named here or in the environment.
    func tenant(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        tenant ?? environment["GRANTLEDGER_TENANT"]
    }

    private func address(_ environment: [String: String]) throws(Misuse) -> DaemonAddress {
        if let unix { return .unix(path: unix) }
        if let text = tcp ?? (environment["GRANTLEDGER_UNIX"] == nil ? environment["GRANTLEDGER_TCP"] : nil) {
            guard let address = DaemonAddress(hostAndPort: text) else {
                throw Misuse("\"\(text)\" is no TCP address; write HOST:PORT, such as 127.0.0.1:7411")
            }
            return address
        }
        return environment["GRANTLEDGER_UNIX"].map { .unix(path: $0) } ?? .standard
    }

    private func credentials(_ environment: [String: String]) throws(Misuse) -> Daemon.Credentials? {
        let principal = principal ?? environment["GRANTLEDGER_PRINCIPAL"]
        guard let path = tokenFile ?? environment["GRANTLEDGER_TOKEN_FILE"] else {
            guard let principal else { return nil }
            throw Misuse(
                "principal \(principal) is named without a token; name the file that holds it with --token-file")
        }
        let text: String
        do {
            text = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
            throw Misuse("the token file \(path) cannot be read: \(error.localizedDescription)")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        for word in [principal, token].compactMap(\.self)
        where word.isEmpty || word.contains(where: { $0.isWhitespace || $0 == "\"" }) {
            throw Misuse("a principal and the token in \(path) are each one word without quotes")
        }
        return Daemon.Credentials(principal: principal, token: token)
    }
}
