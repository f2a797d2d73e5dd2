import Foundation
package import Glibc
import Synchronization

/// A real grantledgerd on a directory of its own.
package final class DaemonProcess: Sendable {
    /// What is killed with -9 at once.
    package enum Victim: Sendable, CaseIterable {
        case daemon
        /// The connections of its PostgreSQL, which then recovers by itself.
        case backends
        /// The daemon and its PostgreSQL.
        case everything
    }

    private struct Life {
        let process: ChildProcess
        let tcpPort: Int
    }

    private static let patience = Duration.seconds(180)

    private let directory: TemporaryDirectory
    private let options: [String]
    private let life = Mutex<Life?>(nil)
    private let operatorToken = Mutex<String?>(nil)

    /// The value of `--data`. It lies in a directory that is there, and is itself for the daemon to make.
    package var data: String { directory.path + "/data" }
    package var socket: String { data + "/grantledger.sock" }
    package var tcpPort: Int { life.withLock { $0?.tcpPort ?? 0 } }
    package var id: pid_t { life.withLock { $0?.process.id ?? 0 } }
    package var isRunning: Bool { life.withLock { $0?.process.checkEnd() == nil && $0 != nil } }
    private var output: String { directory.path + "/stdout" }
    private var logPath: String { directory.path + "/stderr" }

    private init(_ options: [String]) throws {
        directory = try TemporaryDirectory()
        self.options = options
    }

    /// Runs `body` beside a daemon, and ends that whatever happens. `options` are those of its command line beside
    /// `--data` and `--port`.
    package static func with<Answer>(
        options: [String] = [], _ body: (DaemonProcess) async throws -> Answer
    ) async throws -> Answer {
        try await with(count: 1, options: options) { try await body($0[0]) }
    }

    /// The same with several daemons, each on a directory of its own, that all start at once.
    package static func with<Answer>(
        count: Int, options: [String] = [], _ body: ([DaemonProcess]) async throws -> Answer
    ) async throws -> Answer {
        let daemons = try (0..<count).map { _ in try DaemonProcess(options) }
        defer { for daemon in daemons { daemon.cleanUp() } }
        for daemon in daemons { try daemon.launch() }
        for daemon in daemons { try daemon.waitUntilReady() }
        return try await body(daemons)
    }

    // MARK: One for many tests

    private static let started = Mutex<DaemonProcess?>(nil)
    private static let outcome = Result {
        let daemon = try DaemonProcess(["--catalogue", Programs.catalogue])
        started.withLock { $0 = daemon }
        atexit { DaemonProcess.started.withLock { $0?.cleanUp() } }
        try daemon.start()
        return daemon
    }

    /// A daemon with the policy catalogue, which ends with the tests. Whoever uses it posts to tenants, or at least
    /// funds and awards, of their own.
    package static func shared() throws -> DaemonProcess { try outcome.get() }

    // MARK: Starting

    /// Returns when it takes requests. Throws, with what it wrote on standard error, where it ends before or is too
    /// slow.
    package func start() throws {
        try launch()
        try waitUntilReady()
    }

    private func launch() throws {
        try Data().write(to: URL(fileURLWithPath: output))
        let process = try ChildProcess(
            Programs.daemon, ["--data", data, "--port", "0"] + options, output: output, errors: logPath)
        life.withLock { $0 = Life(process: process, tcpPort: 0) }
    }

    private func waitUntilReady() throws {
        guard let process = life.withLock({ $0?.process }) else { return }
        var ready: String?
        _ = try waitUntil(atMost: Self.patience) {
            let text = try String(contentsOfFile: output, encoding: .utf8)
            ready = text.contains("\n") ? text : nil
            return ready != nil || process.checkEnd() != nil
        }
        guard let ready else { throw PlayFailure("the daemon does not get ready: \(errors)") }
        guard let match = try /ready tcp=127\.0\.0\.1:([0-9]+) unix=(.+)\n/.wholeMatch(in: ready),
            let port = Int(match.1), match.2 == socket
        else { throw PlayFailure("no ready line, or more than it: \(ready)") }
        life.withLock { $0 = Life(process: process, tcpPort: port) }
    }

    /// The last lines of what it wrote on standard error, in all its lives.
    package var errors: String {
        log.split(separator: "\n").suffix(20).joined(separator: "\n")
    }

    /// Memory that the daemon itself holds now.
    package var residentMiB: Int {
        let status = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let kibibytes = status.firstMatch(of: /VmRSS:\s+([0-9]+)/).flatMap { Int($0.1) }
        return (kibibytes ?? 0) / 1_024
    }

    /// All that it wrote on standard error.
    package var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    /// As the system user who started it, who is an operator.
    package func connect() throws -> LineClient { try LineClient(unix: socket) }

    /// Over TCP, signed in as an operator.
    package func connectTCP() throws -> LineClient {
        let client = try LineClient(tcp: tcpPort)
        guard try client.ask("AUTH tester \(token())").isAccepted else { throw PlayFailure("the token is not taken") }
        return client
    }

    /// The token of the operator `tester`.
    package func token() throws -> String {
        try operatorToken.withLock { token in
            if let token { return token }
            let fresh = try createPrincipal("tester role=operator")
            token = fresh
            return fresh
        }
    }

    /// Creates a principal, and answers its token.
    package func createPrincipal(_ arguments: String) throws -> String {
        let reply = try connect().ask("PRINCIPAL.CREATE principal=\(arguments)")
        guard let token = reply["token"] else { throw PlayFailure("no principal was created: \(reply)") }
        return token
    }

    // MARK: Ending

    package func send(_ signal: Int32) { life.withLock { $0 }?.process.send(signal) }

    package func waitForEnd(atMost limit: Duration = .seconds(60)) throws -> ChildProcess.End {
        guard let process = life.withLock({ $0?.process }) else { throw PlayFailure("the daemon was never started") }
        return try process.wait(atMost: limit)
    }

    package func kill(_ victim: Victim) throws {
        switch victim {
        case .daemon: send(SIGKILL)
        case .backends: for id in PostgresProcesses(under: data).backends { Glibc.kill(id, SIGKILL) }
        case .everything:
            let servers = PostgresProcesses(under: data).ids
            send(SIGKILL)
            for id in servers { Glibc.kill(id, SIGKILL) }
        }
        if victim != .backends { _ = try waitForEnd() }
    }

    private func cleanUp() {
        send(SIGTERM)
        if (try? waitForEnd(atMost: .seconds(20))) == nil {
            send(SIGKILL)
            _ = try? waitForEnd()
        }
        PostgresProcesses.end(under: data)
        directory.remove()
    }
}
