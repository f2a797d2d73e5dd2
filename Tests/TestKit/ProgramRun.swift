import Foundation
import Glibc

/// Where the programs are that tests start.
package enum Programs {
    package static let daemon = folder + "/grantledgerd"
    package static let commandLine = folder + "/grantledger"

    /// Of the checkout, which holds deploy/.
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    package static let catalogue = root + "/deploy/catalogue/shanghai-2023.yaml"

    /// They are built beside the tests; GRANTLEDGER_PROGRAMS names another place.
    private static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["GRANTLEDGER_PROGRAMS"] { return named }
        let beside = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
        return FileManager.default.isExecutableFile(atPath: beside + "/grantledgerd") ? beside : root + "/.build/debug"
    }()

    /// The path of a program that others have installed; nil where it is not in PATH.
    package static func find(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}

/// A program that was run to its end.
package struct ProgramRun: Sendable, CustomStringConvertible {
    package let end: ChildProcess.End
    package let output: String
    package let errors: String

    package var description: String { "\(end)\n\(output)\n\(errors)" }

    /// `input` is what the program reads on its standard input.
    package init(
        _ program: String, _ arguments: [String], environment: [String]? = nil, input: [UInt8] = [],
        atMost limit: Duration = .seconds(120)
    ) throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let files = ["in", "out", "err"].map { directory.path + "/" + $0 }
        try Data(input).write(to: URL(fileURLWithPath: files[0]))
        let child = try ChildProcess(
            program, arguments, environment: environment, input: files[0], output: files[1], errors: files[2])
        defer { child.send(SIGKILL) }
        end = try child.wait(atMost: limit)
        output = try String(decoding: Data(contentsOf: URL(fileURLWithPath: files[1])), as: UTF8.self)
        errors = try String(decoding: Data(contentsOf: URL(fileURLWithPath: files[2])), as: UTF8.self)
    }
}

/// A directory of its own for a test. Its path is short, since a socket in it may have only some hundred bytes.
package struct TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/grantledger-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw PlayFailure(cannot: "create a directory in /tmp") }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        // PostgreSQL, started by root, is another user, who must be able to walk through.
        chmod(path, 0o755)
    }

    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Runs every piece of work on a thread of its own. Tests that wait for other programs block; on the shared pool, which
/// has as many threads as the machine has cores, they would keep all other tests waiting.
package final class ThreadsOfTheirOwn: TaskExecutor {
    package static let shared = ThreadsOfTheirOwn()

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedTaskExecutor()
        Thread.detachNewThread { job.runSynchronously(on: executor) }
    }
}
