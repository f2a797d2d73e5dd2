import Glibc
import Logging
import ServiceLifecycle
import Subprocess
import SystemPackage

/// The daemon's own PostgreSQL: created on the first start, watched, and stopped with the daemon.
///
/// It listens on a Unix socket inside its data directory only, which nobody but its system user and root may enter.
/// Started by root it runs as the user that owns the data directory; a new one belongs to `postgres`.
///
/// The caller must hold the lock of the directory above (`DataDirectory`): whatever else runs in the data directory is
/// taken for the remains of a daemon that died, and ended.
struct PrivateCluster: Sendable {
    /// The database role that may do everything, and that creates the others.
    static let superuser = "postgres"

    static let port = 5432

    let directory: String
    let programs: PostgresPrograms
    let user: SystemUser
    let databaseRoles: [String]
    let logger: Logger

    /// - Parameters:
    ///   - directory: the absolute path of the data directory; its parent must exist. The log is `directory`.log.
    ///   - databaseRoles: the roles, beside `superuser`, in which the daemon connects.
    ///
    /// Throws `StartFailure` where PostgreSQL cannot be started here, before anything is written.
    init(directory: String, databaseRoles: [String] = [], logger: Logger) throws {
        try Self.checkSocketPath(directory)
        self.directory = directory
        self.databaseRoles = databaseRoles
        self.logger = logger
        programs = try PostgresPrograms.installed()
        user = try SystemUser.owner(ofClusterAt: directory)
    }

    /// What libpq needs to connect, once `run` has called `ready`.
    func connectionString(database: String, role: String) -> String {
        [("host", directory), ("port", "\(Self.port)"), ("dbname", database), ("user", role)]
            .map { name, value in "\(name)='\(Self.escaped(value))'" }
            .joined(separator: " ")
    }

    private static func escaped(_ value: String) -> String {
        String(value.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] })
    }

    private static func checkSocketPath(_ directory: String) throws {
        let socket = "\(directory)/.s.PGSQL.\(port)"
        let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        guard socket.utf8.count <= longest else {
            throw StartFailure(
                "the data directory's path is \(socket.utf8.count - longest) bytes too long: PostgreSQL's socket in it "
                    + "would be \(socket), and a socket's path has at most \(longest) bytes")
        }
        guard !directory.contains(",") else {
            throw StartFailure("the data directory \(directory) has a comma in its path, where libpq would split it")
        }
    }
}

extension PrivateCluster {
    /// Runs PostgreSQL until the service group shuts down gracefully or the task is cancelled; then stops it and
    /// returns. `ready` is called each time it begins to take connections: after the start, and again after a death.
    ///
    /// Throws `StartFailure` where the first start fails. After that PostgreSQL is started again for ever.
    func run(ready: @escaping @Sendable () -> Void) async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await createIfMissing()
                try await keepRunning(ready: ready)
            } catch is CancellationError {
                // Being told to stop is how a run ends well.
            }
        }
    }

    private func keepRunning(ready: @escaping @Sendable () -> Void) async throws {
        let shortestPause = Duration.milliseconds(100)
        var pause = shortestPause
        var end = "\(try await runOnce(ready: ready).status)"
        while true {
            logger.error(
                "PostgreSQL ended unexpectedly and is started again",
                metadata: ["end": "\(end)", "pause": "\(pause)", "log": "\(logPath)"])
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
            do {
                let life = try await runOnce(ready: ready)
                end = "\(life.status)"
                if life.tookConnections { pause = shortestPause }
            } catch let error as CancellationError {
                throw error
            } catch {
                end = "\(error)"
            }
        }
    }

    /// One life of the postmaster, to an end that nobody here wanted. Throws `StartFailure` where it gave up by itself
    /// before it took connections: then its settings or its files are wrong.
    private func runOnce(
        ready: @Sendable () -> Void
    ) async throws -> (status: TerminationStatus, tookConnections: Bool) {
        try await takeOver(directory)
        try writeSettings(into: directory)
        let outcome = try await Subprocess.run(
            postmaster(), input: .none, output: .discarded,
            error: .fileDescriptor(openLog(), closeAfterSpawningProcess: true)
        ) { execution in
            while !Task.isCancelled, !hasEnded(execution.processIdentifier) {
                if PostmasterFile.saysReady(execution.processIdentifier.value, in: directory) {
                    logger.info("PostgreSQL takes connections", metadata: ["pid": "\(execution.processIdentifier)"])
                    ready()
                    return true
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return false
        }
        try Task.checkCancellation()
        if !outcome.closureResult, case .exited(let status) = outcome.terminationStatus {
            throw StartFailure("PostgreSQL does not start (exit status \(status)): \(lastLogLine()); see \(logPath)")
        }
        return (outcome.terminationStatus, outcome.closureResult)
    }

    private func postmaster() -> Configuration {
        // What must hold stands here, where it outranks every file; what may be tuned stands in `settings`.
        let fixed = [
            "port=\(Self.port)", "listen_addresses=", "unix_socket_directories=.", "unix_socket_permissions=0700",
            "fsync=on", "synchronous_commit=on", "full_page_writes=on", "logging_collector=off",
            "log_destination=stderr",
        ]
        var configuration = command(programs.postgres, fixed.flatMap { ["-c", $0] }, in: directory)
        // A fast shutdown writes a checkpoint; an immediate one leaves the work to the next start's recovery. Together
        // they fit into the ten seconds that the daemon has for its own end.
        configuration.platformOptions.teardownSequence = [
            .send(signal: .interrupt, allowedDurationToNextStep: .milliseconds(4_500)),
            .send(signal: .quit, allowedDurationToNextStep: .seconds(1)),
        ]
        return configuration
    }

    private func hasEnded(_ process: ProcessIdentifier) -> Bool {
        var request = pollfd(fd: process.processDescriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    /// A child in `directory`, as the cluster's user, in a session of its own so that a terminal's Ctrl-C does not
    /// reach it.
    ///
    /// That user may be unable to walk down to `directory`. So the child opens it before it loses its privileges, as
    /// descriptor 3, names it by that, and locks it for as long as any process it begets lives. (Naming it
    /// `/proc/self/cwd` does not do: PostgreSQL finds its own program by changing directory and going back by name.)
    ///
    /// The privileges are dropped by setpriv and not by `PlatformOptions.userID`, with which swift-subprocess 1.0.2
    /// calls setgroups in a fork of a process with threads; there glibc can wait for ever for a thread that only the
    /// parent has.
    func command(_ program: String, _ arguments: [String], in directory: String) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        let asUser =
            geteuid() == 0
            ? ["setpriv", "--reuid=\(user.id)", "--regid=\(user.groupID)", "--clear-groups", "--"] : []
        return Configuration(
            executable: .path("/bin/sh"),
            arguments: Arguments(
                ["-c", #"exec 3<. && flock -n 3 && cd / && exec "$@""#, "sh"] + asUser
                    + [program, "-D", "/proc/self/fd/3"] + arguments),
            environment: .custom(["PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]),
            workingDirectory: FilePath(directory),
            platformOptions: options)
    }
}
