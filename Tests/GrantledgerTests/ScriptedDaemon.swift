import Foundation
import Glibc
import Testing

/// A daemon that answers each line as it is told, on a Unix socket in a directory that ends with it.
final class ScriptedDaemon: Sendable {
    let directory: String
    private let listener: Int32

    var socket: String { directory + "/s" }

    /// `answer` gives the reply to a request, both without their line ends; it is asked by one thread at a time.
    init(_ answer: @escaping @Sendable (_ request: String) -> String) throws {
        var template = Array("/tmp/grantledger-cli.XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        directory = String(cString: made)
        let listener = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: (directory + "/s").utf8) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        try #require(isBound && listen(listener, 8) == 0)
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Self.serve(connection, answer)
                close(connection)
            }
            // By whoever accepts: a number that is free again may be another daemon's listener by now.
            close(listener)
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func serve(_ connection: Int32, _ answer: (String) -> String) {
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(connection, &piece, piece.count), count > 0 {
            received += piece.prefix(count)
            while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let reply = Array((answer(String(decoding: received[..<end], as: UTF8.self)) + "\r\n").utf8)
                received.removeSubrange(...end)
                guard send(connection, reply, reply.count, Int32(MSG_NOSIGNAL)) == reply.count else { return }
            }
        }
    }
}
