import Glibc
import SystemPackage

/// What is wrong with a start: one line for standard error, after which the daemon exits with status 1.
struct StartFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// `doing` completes the sentence "cannot …"; the system's own reason for `code` follows.
    init(cannot doing: String, _ code: CInt) {
        self.init("cannot \(doing): \(Errno(rawValue: code))")
    }
}

/// The directory that holds everything a daemon keeps, locked against a second daemon.
///
/// The lock is the kernel's: it goes with the process that holds it, however that ends, so it is never stale. Nothing
/// releases it earlier.
struct DataDirectory: Sendable {
    /// Absolute, without a slash at its end.
    let path: String

    private let lock: FileDescriptor

    /// Creates `path` (relative to the working directory) where it is missing, and locks it.
    ///
    /// Throws `StartFailure`, also where another process holds the lock.
    init(claiming path: String) throws {
        self.path = try Self.absolute(path)
        try Self.create(self.path)
        lock = try Self.takeLock(self.path)
    }

    private static func absolute(_ path: String) throws -> String {
        guard !path.isEmpty else { throw StartFailure("the data directory's name is empty") }
        guard let workingDirectory = getcwd(nil, 0) else {
            throw StartFailure(cannot: "find the working directory", errno)
        }
        defer { free(workingDirectory) }
        let absolute = FilePath(String(cString: workingDirectory)).pushing(FilePath(path))
        return FilePath(root: "/", absolute.components.filter { $0.kind != .currentDirectory }).string
    }

    /// Like `mkdir -p`; what it creates others may enter, because clients find the daemon's socket there.
    private static func create(_ path: String) throws {
        var prefix = FilePath("/")
        for component in FilePath(path).components {
            prefix.append(component)
            if mkdir(prefix.string, 0o755) != 0, errno != EEXIST {
                throw StartFailure(cannot: "create the data directory \(prefix)", errno)
            }
        }
        guard let kind = FileFacts(at: path)?.kind, kind == S_IFDIR else {
            throw StartFailure("the data directory \(path) is no directory")
        }
    }

    private static func takeLock(_ path: String) throws -> FileDescriptor {
        let file = "\(path)/grantledgerd.lock"
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(file), .readWrite, options: [.create, .closeOnExec, .noFollow],
                permissions: [.ownerReadWrite])
        } catch let error as Errno {
            throw StartFailure(cannot: "open \(file)", error.rawValue)
        }
        // Whoever may read it could hold the lock; an earlier version let everybody.
        guard fchmod(descriptor.rawValue, 0o600) == 0 else { throw StartFailure(cannot: "protect \(file)", errno) }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { try? descriptor.close() }
            guard reason == EWOULDBLOCK else { throw StartFailure(cannot: "lock \(file)", reason) }
            throw StartFailure("the data directory \(path) is in use by \(holder(descriptor))")
        }
        let processIdentifier = "\(getpid())\n"
        guard ftruncate(descriptor.rawValue, 0) == 0,
            pwrite(descriptor.rawValue, processIdentifier, processIdentifier.utf8.count, 0) > 0
        else { throw StartFailure(cannot: "write \(file)", errno) }
        return descriptor
    }

    private static func holder(_ descriptor: FileDescriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = max(0, pread(descriptor.rawValue, &bytes, bytes.count, 0))
        let digits = String(decoding: bytes.prefix(count), as: UTF8.self).prefix { $0.isNumber }
        return digits.isEmpty ? "another process" : "process \(digits)"
    }
}

/// What `stat` says of a file, its symbolic link followed.
struct FileFacts: Sendable {
    let kind: mode_t
    let owner: uid_t
    let size: Int
    let device: dev_t
    let inode: ino_t

    /// `nil` where there is no such file, or it cannot be reached.
    init?(at path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        kind = facts.st_mode & S_IFMT
        owner = facts.st_uid
        size = Int(facts.st_size)
        device = facts.st_dev
        inode = facts.st_ino
    }

    func isSameFile(as other: FileFacts) -> Bool {
        device == other.device && inode == other.inode
    }
}
