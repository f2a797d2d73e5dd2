import Glibc
import Logging

/// Where PostgreSQL's own programs are.
struct PostgresPrograms: Sendable {
    let initdb: String
    let postgres: String

    /// Debian's place first, then PATH. Throws `StartFailure` where they are in neither.
    static func installed() throws -> PostgresPrograms {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        for directory in ["/usr/lib/postgresql/15/bin"] + path.split(separator: ":").map(String.init) {
            let programs = PostgresPrograms(initdb: directory + "/initdb", postgres: directory + "/postgres")
            if access(programs.initdb, X_OK) == 0, access(programs.postgres, X_OK) == 0 { return programs }
        }
        throw StartFailure(
            "PostgreSQL's initdb and postgres are neither in /usr/lib/postgresql/15/bin nor in PATH; "
                + "install them with: apt-get install postgresql-15")
    }
}

/// A user of the operating system.
struct SystemUser: Sendable {
    static let rootName = "root"

    let id: uid_t
    let groupID: gid_t
    let name: String

    private init?(_ entry: UnsafeMutablePointer<passwd>?) {
        guard let entry else { return nil }
        id = entry.pointee.pw_uid
        groupID = entry.pointee.pw_gid
        name = String(cString: entry.pointee.pw_name)
    }

    /// The user that PostgreSQL, which refuses to be root, runs as. A caller other than root has no choice; for root
    /// it is who owns the cluster, or who is to own a new one.
    static func owner(ofClusterAt directory: String) throws -> SystemUser {
        let caller = geteuid()
        let owner = FileFacts(at: directory)?.owner
        guard caller == 0 else {
            if let owner, owner != caller {
                throw StartFailure("\(directory) belongs to another user (number \(owner)); start as that user or root")
            }
            guard let user = SystemUser(getpwuid(caller)) else {
                throw StartFailure("the user with number \(caller) has no name, which PostgreSQL asks for")
            }
            return user
        }
        guard owner != 0 else { throw StartFailure("\(directory) belongs to root, whom PostgreSQL refuses") }
        guard let user = SystemUser(owner.map(getpwuid) ?? getpwnam("postgres")) else {
            let missing = owner.map { "number \($0), which owns \(directory)," } ?? "postgres"
            throw StartFailure("there is no system user \(missing) to run PostgreSQL; apt-get install postgresql")
        }
        return user
    }
}

/// What a postmaster writes of itself into its data directory: `postmaster.pid`, whose first line is its process number
/// and whose eighth is its status.
struct PostmasterFile: Sendable {
    let processIdentifier: pid_t
    let isReady: Bool

    init?(in directory: String) {
        guard let text = readSmallFile(directory + "/postmaster.pid") else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let process = pid_t(lines[0]) else { return nil }
        processIdentifier = process
        isReady = lines.count >= 8 && lines[7].hasPrefix("ready")
    }

    static func saysReady(_ postmaster: pid_t, in directory: String) -> Bool {
        PostmasterFile(in: directory).map { $0.processIdentifier == postmaster && $0.isReady } ?? false
    }
}

extension PrivateCluster {
    /// Ends what a daemon that was killed left running in `directory`, and makes room for a new postmaster.
    func takeOver(_ directory: String) async throws {
        try await endProcesses(in: directory)
        // PostgreSQL believes its predecessor alive as long as the process number in these files is anybody's: that of
        // a dead one which nobody has reaped yet, or of a stranger. We know better now.
        unlink(directory + "/postmaster.pid")
        unlink(directory + "/.s.PGSQL.\(Self.port).lock")
    }

    /// A postmaster is asked to end in order; orphaned backends, which would keep the shared memory, end at once.
    private func endProcesses(in directory: String) async throws {
        guard !isFree(directory) else { return }
        let found = processes(in: directory)
        logger.warning(
            "ending PostgreSQL processes that an earlier daemon left",
            metadata: ["pids": "\(found)", "directory": "\(directory)"])
        if let postmaster = PostmasterFile(in: directory)?.processIdentifier, found.contains(postmaster) {
            kill(postmaster, SIGINT)
            if try await becomesFree(directory, within: .seconds(6)) { return }
        }
        for signal in [SIGQUIT, SIGKILL] {
            for process in processes(in: directory) { kill(process, signal) }
            if try await becomesFree(directory, within: .seconds(6)) { return }
        }
        throw StartFailure(
            "\(directory) is still in use by a PostgreSQL that cannot be ended (processes \(processes(in: directory)))")
    }

    private func becomesFree(_ directory: String, within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while !isFree(directory) {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// The lock that `command` takes on the directory goes with the last process that inherited it, also with one in
    /// another container that /proc does not show. A PostgreSQL that somebody started by hand has no such lock.
    private func isFree(_ directory: String) -> Bool {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && processes(in: directory).isEmpty
    }

    /// PostgreSQL's processes that are in `directory`, or hold it open as `command` has them do. A process number
    /// from a file proves nothing, since numbers are given out again.
    private func processes(in directory: String) -> [pid_t] {
        guard let place = FileFacts(at: directory), let everything = opendir("/proc") else { return [] }
        defer { closedir(everything) }
        var found: [pid_t] = []
        while let entry = readdir(everything) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = pid_t(name), let program = readSmallFile("/proc/\(name)/comm"),
                ["postgres\n", "initdb\n"].contains(program)
            else { continue }
            let places = ["cwd", "fd/3"].compactMap { FileFacts(at: "/proc/\(name)/\($0)") }
            if places.contains(where: place.isSameFile) { found.append(process) }
        }
        return found
    }
}

/// At most 4,096 bytes, from `offset` on; `nil` where the file cannot be read.
func readSmallFile(_ path: String, from offset: Int = 0) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = pread(descriptor, &bytes, bytes.count, offset)
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
}
