import LedgerServer
import LedgerStore
import Logging
import ServiceLifecycle

// The service group logs each service by its description, which must not show what a database URL may hold.

/// The private PostgreSQL.
struct ClusterService: Service, CustomStringConvertible {
    let description = "private PostgreSQL"
    let cluster: PrivateCluster
    let isReady: Gate

    func run() async throws {
        try await cluster.run { isReady.open() }
    }
}

/// The books: the schema, and the threads that post and answer.
struct StoreService: Service, CustomStringConvertible {
    let description = "books"
    let migrating: String
    let working: String
    let sealer: Sealer
    let ledger: Ledger
    let after: Gate
    let isReady: Gate
    let logger: Logger

    func run() async throws {
        guard await opens(after) else { return }
        do {
            try await cancelWhenGracefulShutdown { try await migrate() }
        } catch is CancellationError {
            return
        }
        let known = KnownBooks()
        try ledger.start(
            posting: { [working, sealer, known] in StoreWriter(conninfo: working, sealer: sealer, known: known) },
            answering: { [working] in StoreReader(conninfo: working) })
        isReady.open()
        // Cancelled or told to end: what was accepted is finished either way.
        try? await gracefulShutdown()
        if !(await ledger.stop()) { logger.warning("ended before the database had answered everything") }
    }

    private func migrate() async throws {
        let (conninfo, daemonLogsIn) = (migrating, working != migrating)
        do {
            let report = try await onThread { try Migrator.migrate(conninfo: conninfo, daemonLogsIn: daemonLogsIn) }
            logger.info("the database is ready", metadata: ["migrations": "\(report.applied)"])
            let (working, publicKey) = (working, sealer.publicKey)
            let isForeign = try await onThread {
                var reader = try LedgerReader(conninfo: working)
                return try reader.isForeign(sealKey: publicKey)
            }
            guard isForeign else { return }
            logger.warning(
                "no seal in this database is of this daemon's seal.key; restore it before anything is sealed")
        } catch let error as StoreError {
            throw StartFailure("\(error)")
        }
    }
}

/// What is signed each midnight.
struct SealService: Service, CustomStringConvertible {
    let description = "seals"
    let seals: MidnightSeals
    let after: Gate

    func run() async throws {
        guard await opens(after) else { return }
        try await seals.run()
    }
}

/// The doors: what the daemon loads of itself comes through the same code as what others send.
struct DoorService: Service, CustomStringConvertible {
    let description = "doors"
    let listener: Listener
    let ledger: Ledger
    let catalogue: CatalogueLoader?
    let after: Gate

    func run() async throws {
        guard await opens(after) else { return }
        do {
            try await withTaskCancellationOrGracefulShutdownHandler {
                try await catalogue?.load(into: ledger)
            } onCancelOrGracefulShutdown: {
                ledger.giveUp()
            }
        } catch  where Task.isShuttingDownGracefully {
            return
        }
        do {
            try await listener.run()
        } catch let failure as ListenFailure {
            throw StartFailure(failure.description)
        }
    }
}

/// Waits for the gate; false where the daemon is told to end before it opens.
private func opens(_ gate: Gate) async -> Bool {
    do {
        try await cancelWhenGracefulShutdown { try await gate.wait() }
        return true
    } catch {
        return false
    }
}
