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

    @Flag(help: "Encrypt the TCP connection, by TLS 1.2 or later. (or GRANTLEDGER_TLS=yes)")
    var tls = false

    @Option(
        help: ArgumentHelp(
            "Trust the certificates in this PEM file, of the daemon's CA or its own that it signed itself, and no "
                + "others. (default: whom the system trusts, or $GRANTLEDGER_TLS_CA)", valueName: "file"),
        completion: .file())
    var tlsCa: String?

    @Option(
        help: ArgumentHelp(
            "Your certificate in a PEM file: it says who speaks, in place of --token-file. "
                + "(or $GRANTLEDGER_TLS_CERTIFICATE)", valueName: "file"),
        completion: .file())
    var tlsCertificate: String?

    @Option(
        help: ArgumentHelp(
            "The private key to it, PEM without a passphrase. (or $GRANTLEDGER_TLS_KEY)", valueName: "file"),
        completion: .file())
    var tlsKey: String?

    @Option(help: "Who speaks, with the token of --token-file. (or $GRANTLEDGER_PRINCIPAL)")
    var principal: String?

    @Option(help: "The file that holds the principal's token. (or $GRANTLEDGER_TOKEN_FILE)", completion: .file())
    var tokenFile: String?

    @Option(help: "The tenant in whose books this is. (or $GRANTLEDGER_TENANT)")
    var tenant: String?

    @Flag(help: "Print the daemon's JSON instead of tables, a refusal's with its code.")
    var json = false

    /// The names under which the options stand on a command line.
    static let names = [
        "unix", "tcp", "tls", "tls-ca", "tls-certificate", "tls-key", "principal", "token-file", "tenant", "json",
    ]

    func validate() throws {
        if unix != nil, tcp != nil { throw ValidationError("--unix and --tcp name two daemons; leave one out.") }
        if tls, tcp == nil, unix != nil || ProcessInfo.processInfo.environment["GRANTLEDGER_TCP"] == nil {
            throw ValidationError("--tls needs --tcp HOST:PORT; on a Unix socket there is nothing to encrypt.")
        }
    }

    /// Throws ``Misuse`` where the address is wrong, or a file.
    func daemon(environment: [String: String] = ProcessInfo.processInfo.environment) throws(Misuse) -> Daemon {
        let address = try address(environment)
        let tls = try tlsClient(environment, for: address)
        return Daemon(address: address, tls: tls, credentials: try credentials(environment, tls: tls))
    }

    /// The tenant that was named here or in the environment.
    func tenant(environment: [String: String] = ProcessInfo.processInfo.environment) -> String? {
        tenant ?? environment["GRANTLEDGER_TENANT"]
    }

    private func address(_ environment: [String: String]) throws(Misuse) -> DaemonAddress {
        if let unix { return try socket(unix, "--unix") }
        if let text = tcp ?? (environment["GRANTLEDGER_UNIX"] == nil ? environment["GRANTLEDGER_TCP"] : nil) {
            guard let address = DaemonAddress(hostAndPort: text) else {
                throw Misuse("\"\(text)\" is no TCP address; write HOST:PORT, such as 127.0.0.1:7411")
            }
            return address
        }
        guard let path = environment["GRANTLEDGER_UNIX"] else { return .standard }
        return try socket(path, "the variable GRANTLEDGER_UNIX")
    }

    private func socket(_ path: String, _ source: String) throws(Misuse) -> DaemonAddress {
        guard !path.isEmpty else { throw Misuse("\(source) is empty; it is the path of the daemon's socket") }
        return .unix(path: path)
    }

    /// nil where nothing is to be encrypted. What the environment says of TLS is for TCP alone.
    private func tlsClient(_ environment: [String: String], for address: DaemonAddress) throws(Misuse) -> TLSClient? {
        let isTCP = address.host != nil
        guard isTCP || !tls else {
            throw Misuse("--tls needs --tcp HOST:PORT; the daemon named is the socket \(address)")
        }
        let isStanding = isTCP ? try isYes("GRANTLEDGER_TLS", environment) : false
        guard tls || isStanding else {
            try refuseFiles()
            return nil
        }
        return try TLSClient(
            TLSClient.Files(
                authority: tlsCa ?? environment["GRANTLEDGER_TLS_CA"],
                certificate: tlsCertificate ?? environment["GRANTLEDGER_TLS_CERTIFICATE"],
                key: tlsKey ?? environment["GRANTLEDGER_TLS_KEY"]))
    }

    /// Who names a file for TLS must not find that nothing was encrypted.
    private func refuseFiles() throws(Misuse) {
        for (name, file) in [("ca", tlsCa), ("certificate", tlsCertificate), ("key", tlsKey)] where file != nil {
            throw Misuse("--tls-\(name) is for an encrypted connection; use it with --tls and --tcp HOST:PORT")
        }
    }

    private func isYes(_ variable: String, _ environment: [String: String]) throws(Misuse) -> Bool {
        switch environment[variable]?.lowercased() {
        case "yes", "true", "1": true
        case nil, "", "no", "false", "0": false
        case let text?: throw Misuse("the variable \(variable) is \"\(text)\"; it may be yes or no")
        }
    }

    private func credentials(_ environment: [String: String], tls: TLSClient?) throws(Misuse) -> Daemon.Credentials? {
        let principal = principal ?? environment["GRANTLEDGER_PRINCIPAL"]
        guard let file = tokenFile ?? environment["GRANTLEDGER_TOKEN_FILE"] else {
            guard let principal else { return nil }
            throw Misuse(
                "principal \(principal) is named without a token; name the file that holds it with --token-file"
                    + (tls?.files.certificate == nil
                        ? "" : ", or leave --principal out: the certificate says who speaks"))
        }
        return try Daemon.Credentials(principal: principal, file: file)
    }
}
