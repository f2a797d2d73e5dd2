import FoundationEssentials
import Glibc
import Logging
import Subprocess
import SystemPackage

/// What the cluster has on disk: how its data directory comes to be, its settings and its log.
extension PrivateCluster {
    var logPath: String { directory + ".log" }

    /// initdb works in a sibling that is renamed at the end, so a data directory that exists is whole; what a kill
    /// left half-made is thrown away.
    func createIfMissing() async throws {
        if FileFacts(at: directory) != nil {
            guard FileFacts(at: directory + "/PG_VERSION") != nil else {
                throw StartFailure("\(directory) exists but holds no PostgreSQL cluster; move it away or empty it")
            }
            return
        }
        let unfinished = directory + ".new"
        if FileFacts(at: unfinished) != nil {
            try await takeOver(unfinished)
            try FileManager.default.removeItem(atPath: unfinished)
        }
        guard mkdir(unfinished, 0o700) == 0, chown(unfinished, user.id, user.groupID) == 0 else {
            throw StartFailure(cannot: "create \(unfinished)", errno)
        }
        logger.info("creating the PostgreSQL cluster", metadata: ["directory": "\(directory)"])
        let outcome = try await Subprocess.run(
            command(
                programs.initdb,
                [
                    "--username=\(Self.superuser)", "--auth=peer", "--encoding=UTF8", "--locale=C",
                    "--data-checksums", "--no-instructions",
                ], in: unfinished),
            output: .discarded, error: .fileDescriptor(openLog(), closeAfterSpawningProcess: true))
        try Task.checkCancellation()
        guard outcome.terminationStatus.isSuccess else {
            throw StartFailure("initdb failed (\(outcome.terminationStatus)): \(lastLogLine()); see \(logPath)")
        }
        guard rename(unfinished, directory) == 0 else {
            throw StartFailure(cannot: "rename \(unfinished) to \(directory)", errno)
        }
        try synchronize(FilePath(directory).removingLastComponent())
    }

    /// Written anew at every start, so that a newer daemon's settings take hold. ALTER SYSTEM outranks them.
    func writeSettings(into directory: String) throws {
        try write(Self.settings, to: directory + "/postgresql.conf")
        try write(Self.authentication, to: directory + "/pg_hba.conf")
        try write(identityMap, to: directory + "/pg_ident.conf")
    }

    private static let authentication = """
        local all all peer map=ledger
        local replication all peer map=ledger

        """

    private static let settings = """
        # Written by grantledgerd at every start. Settings of your own: ALTER SYSTEM SET …, which outranks this file.
        max_connections = 50
        shared_buffers = 256MB
        dynamic_shared_memory_type = posix
        wal_level = logical
        wal_compression = lz4
        min_wal_size = 1GB
        max_wal_size = 4GB
        checkpoint_timeout = 15min
        jit = off
        timezone = 'UTC'
        log_timezone = 'UTC'
        log_line_prefix = '%m [%p] %q%u@%d '
        log_checkpoints = off
        lc_messages = 'C'

        """

    /// Which system user may be which database role: whoever can reach the socket at all may be any of the daemon's.
    private var identityMap: String {
        let systemUsers = Set([SystemUser.rootName, user.name]).sorted()
        let roles = Set([Self.superuser] + databaseRoles).sorted()
        return systemUsers.flatMap { systemUser in
            roles.map { role in "ledger \"\(systemUser)\" \"\(role)\"\n" }
        }.joined()
    }

    /// The directory is another user's, who must not be able to lead root's hand elsewhere by a symbolic link: so the
    /// text goes to a file that did not exist, which then takes its place.
    private func write(_ text: String, to path: String) throws {
        guard readSmallFile(path) != text else { return }
        let temporary = path + ".new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StartFailure(cannot: "create \(temporary)", errno) }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count,
            fchown(descriptor, user.id, user.groupID) == 0, fsync(descriptor) == 0, rename(temporary, path) == 0
        else { throw StartFailure(cannot: "write \(path)", errno) }
    }

    private func synchronize(_ directory: FilePath) throws {
        let descriptor = open(directory.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StartFailure(cannot: "open \(directory)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StartFailure(cannot: "write \(directory) to disk", errno) }
    }

    /// Opened to append, by the daemon and not by PostgreSQL's user. One that has grown beyond 16 MiB is set aside,
    /// in the place of the one before.
    func openLog() throws -> FileDescriptor {
        if let facts = FileFacts(at: logPath), facts.size > 16 << 20 {
            rename(logPath, logPath + ".1")
        }
        let descriptor = open(logPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw StartFailure(cannot: "open \(logPath)", errno) }
        return FileDescriptor(rawValue: descriptor)
    }

    /// For an error that must say in one line what PostgreSQL said at length: the last line that is not a hint.
    func lastLogLine() -> String {
        let length = FileFacts(at: logPath)?.size ?? 0
        let lines = (readSmallFile(logPath, from: max(0, length - 4096)) ?? "").split(separator: "\n")
        return String(lines.last { $0.contains("FATAL") || $0.contains("error:") } ?? lines.last ?? "it said nothing")
    }
}
