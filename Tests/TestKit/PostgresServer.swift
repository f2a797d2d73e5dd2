import Foundation
import Glibc

/// A PostgreSQL server of a test's own, which the daemon is to use by `--database`.
package final class PostgresServer {
    private static let programs = "/usr/lib/postgresql/15/bin/"

    private let directory: TemporaryDirectory
    private var data: String { directory.path + "/data" }

    /// Runs `body` beside a server, and ends that whatever happens.
    package static func with<Answer>(_ body: (PostgresServer) async throws -> Answer) async throws -> Answer {
        let server = try PostgresServer()
        defer {
            PostgresProcesses.end(under: server.directory.path)
            server.directory.remove()
        }
        try server.run("initdb", ["-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"])
        try server.start()
        return try await body(server)
    }

    private init() throws {
        directory = try TemporaryDirectory()
        guard geteuid() == 0, let postgres = getpwnam("postgres")?.pointee else { return }
        chown(directory.path, postgres.pw_uid, postgres.pw_gid)
    }

    /// Where a daemon finds the database `name`, as the superuser.
    package func url(database name: String) -> String { "postgresql:///\(name)?host=\(directory.path)&user=postgres" }

    package func start() throws {
        try run("pg_ctl", ["start", "-w", "-l", directory.path + "/log", "-o", Self.settings(directory.path)])
    }

    /// Ends all connections at once, as a machine does that goes down in order.
    package func stop() throws { try run("pg_ctl", ["stop", "-w", "-m", "fast"]) }

    private static func settings(_ directory: String) -> String {
        "-c listen_addresses= -c unix_socket_directories=\(directory) -c max_connections=100"
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        // PostgreSQL refuses to be root.
        let asServerUser =
            geteuid() == 0 ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"] : []
        let words = asServerUser + [Self.programs + program, "-D", data] + arguments
        let run = try ProgramRun("env", ["-C", directory.path] + words)
        guard run.end == .exited(0) else { throw PlayFailure("\(program) failed: \(run)") }
    }
}
