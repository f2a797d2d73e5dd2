package import Glibc
import Synchronization

/// Why a test could not be played: a program that does not start, a reply that does not come.
package struct PlayFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }

    init(cannot doing: String) {
        self.init("cannot \(doing): \(String(cString: strerror(errno)))")
    }
}

/// A program that a test has started. What it writes goes to files, so that nobody needs to read along.
package final class ChildProcess: Sendable {
    package enum End: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    package let id: pid_t
    private let end = Mutex<End?>(nil)

    /// - Parameters:
    ///   - program: its path, or a name to be found in PATH.
    ///   - environment: NAME=value for each variable; nil hands on our own.
    package init(
        _ program: String, _ arguments: [String], environment: [String]? = nil, input: String = "/dev/null",
        output: String, errors: String
    ) throws {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        // A daemon that held a connection of another test open would have that test wait for its end.
        try closeInherited(from: STDERR_FILENO + 1, &files)

        // A terminal's hang-up is ignored by whoever was started with nohup, and so by its children.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGHUP)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = (environment ?? []).map { strdup($0) } + [nil]
        defer { for text in words + variables { free(text) } }
        var id: pid_t = 0
        let result =
            environment == nil
            ? posix_spawnp(&id, program, &files, &attributes, &words, environ)
            : posix_spawnp(&id, program, &files, &attributes, &words, &variables)
        guard result == 0 else {
            throw PlayFailure("cannot start \(program): \(String(cString: strerror(result)))")
        }
        self.id = id
    }

    /// How it ended; nil while it runs.
    package func checkEnd() -> End? {
        end.withLock { end in
            var status: Int32 = 0
            if end == nil, waitpid(id, &status, WNOHANG) == id {
                let signal = status & 0x7F
                end = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
            }
            return end
        }
    }

    /// Throws where it still runs after `limit`.
    @discardableResult
    package func wait(atMost limit: Duration = .seconds(120)) throws -> End {
        guard waitUntil(atMost: limit, { checkEnd() != nil }), let end = checkEnd() else {
            throw PlayFailure("process \(id) still runs after \(limit)")
        }
        return end
    }

    package func send(_ signal: Int32) {
        if checkEnd() == nil { kill(id, signal) }
    }
}

/// Glibc has it since 2.34, but does not show it to Swift.
private func closeInherited(from descriptor: Int32, _ files: inout posix_spawn_file_actions_t) throws {
    typealias Function = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32
    guard let symbol = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np") else {
        throw PlayFailure("this C library cannot close what a program would inherit")
    }
    let result = unsafeBitCast(symbol, to: Function.self)(&files, descriptor)
    guard result == 0 else {
        throw PlayFailure("cannot close from \(descriptor): \(String(cString: strerror(result)))")
    }
}

/// Looks again and again until `holds`; false where it never did. For things that nobody announces.
package func waitUntil(
    atMost limit: Duration, every pause: Duration = .milliseconds(5), _ holds: () throws -> Bool
) rethrows -> Bool {
    let deadline = ContinuousClock.now + limit
    while try !holds() {
        guard ContinuousClock.now < deadline else { return false }
        usleep(UInt32(pause / .microseconds(1)))
    }
    return true
}
