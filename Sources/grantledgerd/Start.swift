import Glibc
import LedgerServer
import LedgerStore
import LineProtocol
import Logging
import ServiceLifecycle
import UnixSignals

/// Everything that runs in the daemon: the database, the books on it, and the doors to them.
///
/// Each waits for the one before it when the daemon starts; they end in the opposite order.
struct Start: Sendable {
    let data: String
    let host: String
    let port: Int
    let tls: TransportSecurity.Files?
    let database: String?
    let catalogue: String?
    let limits: Limits
    let logger: Logger

    /// Returns when a signal has ended the daemon. Throws what keeps it from running.
    func run() async throws {
        // Tokens and books would go over the network for everybody to read.
        guard tls != nil || isLoopback else {
            throw StartFailure(
                "--host \(host) is reached from other machines: give --tls-certificate and --tls-key, or listen on "
                    + "127.0.0.1"
            )
        }
        let security = try transportSecurity()
        let catalogue = try catalogue.map { try CatalogueLoader(file: $0, logger: logger) }
        let directory = try DataDirectory(claiming: data)
        let key = try SealKey(in: directory.path)
        let ledger = Ledger(limits: limits, logger: logger)
        let clusterIsReady = Gate()
        let storeIsReady = Gate()

        var services: [any Service] = []
        // Who migrates owns the tables; who works owns nothing.
        let migrating: String
        let working: String
        if let database {
            (migrating, working) = (database, database)
            clusterIsReady.open()
        } else {
            let cluster = try PrivateCluster(
                directory: directory.path + "/postgres", databaseRoles: [Migrator.daemonRole], logger: logger)
            migrating = cluster.connectionString(database: "grantledger", role: PrivateCluster.superuser)
            working = cluster.connectionString(database: "grantledger", role: Migrator.daemonRole)
            services.append(ClusterService(cluster: cluster, isReady: clusterIsReady))
        }
        services.append(
            StoreService(
                migrating: migrating, working: working, sealer: key.sealer, ledger: ledger, after: clusterIsReady,
                isReady: storeIsReady, logger: logger))
        services.append(SealService(seals: MidnightSeals(ledger: ledger, logger: logger), after: storeIsReady))
        services.append(
            DoorService(
                listener: Listener(
                    ledger: ledger, host: host, port: port, unixPath: socketPath, security: security, logger: logger,
                    listening: announce),
                ledger: ledger, catalogue: catalogue, after: storeIsReady))

        let configurations = services.map {
            ServiceGroupConfiguration.ServiceConfiguration(
                service: $0, failureTerminationBehavior: .gracefullyShutdownGroup)
        }
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: configurations, gracefulShutdownSignals: Self.endingSignals, logger: logger)
        ).run()
    }

    /// A terminal that is closed hangs up; who started the daemon with nohup wanted it to live on.
    private static var endingSignals: [UnixSignal] {
        var hangUp = sigaction()
        let isIgnored =
            sigaction(SIGHUP, nil, &hangUp) == 0
            && unsafeBitCast(hangUp.__sigaction_handler.sa_handler, to: Int.self)
                == unsafeBitCast(SIG_IGN, to: Int.self)
        return [.sigterm, .sigint, .sigquit] + (isIgnored ? [] : [.sighup])
    }

    /// Under the directory as it was named, which may be relative and so short enough for a socket.
    private var socketPath: String {
        var directory = Substring(data)
        while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
        return directory == "/" ? "/grantledger.sock" : directory + "/grantledger.sock"
    }

    private var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private func transportSecurity() throws -> TransportSecurity? {
        do {
            return try tls.map { try TransportSecurity($0, logger: logger) }
        } catch let failure as ListenFailure {
            throw StartFailure(failure.description)
        }
    }

    private func announce(_ daemon: Daemon) {
        print("ready tcp=\(daemon.tcpAddress ?? "none") unix=\(daemon.unixPath ?? "none")")
        fflush(nil)
    }
}
