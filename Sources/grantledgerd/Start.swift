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
    let port: Int
    let database: String?
    let catalogue: String?
    let logger: Logger

    /// Returns when a signal has ended the daemon. Throws what keeps it from running.
    func run() async throws {
        let catalogue = try catalogue.map { try CatalogueLoader(file: $0, logger: logger) }
        let directory = try DataDirectory(claiming: data)
        let ledger = Ledger(logger: logger)
        let clusterIsReady = Gate()
        let storeIsReady = Gate()

        var services: [any Service] = []
        let conninfo: String
        if let database {
            conninfo = database
            clusterIsReady.open()
        } else {
            let cluster = try PrivateCluster(directory: directory.path + "/postgres", logger: logger)
            conninfo = cluster.connectionString(database: "grantledger", role: PrivateCluster.superuser)
            services.append(ClusterService(cluster: cluster, isReady: clusterIsReady))
        }
        services.append(
            StoreService(
                conninfo: conninfo, ledger: ledger, after: clusterIsReady, isReady: storeIsReady, logger: logger))
        services.append(
            DoorService(
                listener: Listener(
                    ledger: ledger, port: port, unixPath: socketPath, logger: logger, listening: announce),
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

    private func announce(_ daemon: Daemon) {
        print("ready tcp=\(daemon.tcpAddress ?? "none") unix=\(daemon.unixPath ?? "none")")
        fflush(nil)
    }
}
