import Foundation
package import Glibc

/// The PostgreSQL processes that work in a directory or below it, whoever started them.
package struct PostgresProcesses: Sendable {
    package struct Member: Sendable {
        package let id: pid_t
        /// What it says of itself: `postgres: grantledger grantledger [local] idle`.
        package let title: String
    }

    package let members: [Member]

    package init(under directory: String) {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: "/proc")) ?? []
        members = names.compactMap { name in
            guard let id = pid_t(name),
                let program = try? String(contentsOfFile: "/proc/\(name)/comm", encoding: .utf8),
                ["postgres\n", "initdb\n"].contains(program)
            else { return nil }
            let places = ["cwd", "fd/3"].compactMap {
                try? files.destinationOfSymbolicLink(atPath: "/proc/\(name)/\($0)")
            }
            guard places.contains(where: { $0 == directory || $0.hasPrefix(directory + "/") }) else { return nil }
            let title = files.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
            return Member(id: id, title: String(decoding: title.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self))
        }
    }

    package var ids: [pid_t] { members.map(\.id) }

    /// Those that serve a client.
    package var backends: [pid_t] { members.filter { $0.title.contains("[local]") }.map(\.id) }

    /// Ends what runs in the directory, in order where that is possible: a killed PostgreSQL leaves shared memory
    /// behind.
    package static func end(under directory: String) {
        for signal in [SIGQUIT, SIGKILL] {
            for id in PostgresProcesses(under: directory).ids { kill(id, signal) }
            if waitUntil(atMost: .seconds(5), { PostgresProcesses(under: directory).ids.isEmpty }) { return }
        }
    }
}
