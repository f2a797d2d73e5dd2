import Foundation
import Glibc

/// Stands between libpq and the server, and cuts the connection around the first message that has `needle` in it.
final class CuttingProxy: @unchecked Sendable {
    enum Cut: Sendable {
        /// The server never gets it.
        case before
        /// The server gets it and answers; the answer is lost.
        case after
    }

    private let needle: [UInt8]
    private let cut: Cut
    private let listener: Int32
    private let server: sockaddr_un
    private let directory: String
    private let lock = NSLock()
    private var hasCut = false

    /// What libpq is told instead of the server's own host and port.
    let conninfo: String

    /// `server` is a conninfo with `host=DIRECTORY` and `port=N`; only the first connection is cut.
    init(to server: String, cut: Cut, around needle: String) throws {
        self.needle = Array(needle.utf8)
        self.cut = cut
        let words = Dictionary(
            server.split(separator: " ").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
                .map { ($0[0], $0.count > 1 ? $0[1] : "") }, uniquingKeysWith: { _, last in last })
        guard let host = words["host"], host.hasPrefix("/"), let port = words["port"] else { throw CannotProxy(server) }
        self.server = CuttingProxy.address("\(host)/.s.PGSQL.\(port)")
        directory = NSTemporaryDirectory() + "proxy-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        conninfo = server + " host=\(directory) port=1"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = CuttingProxy.address(directory + "/.s.PGSQL.1")
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(listener, 8) == 0 else { throw CannotProxy(directory) }
        Thread { [self] in serve() }.start()
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func serve() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            Thread { [self] in relay(client) }.start()
        }
    }

    private func relay(_ client: Int32) {
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = server
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(upstream, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        defer {
            close(client)
            close(upstream)
        }
        guard connected == 0 else { return }
        var dropsAnswer = false
        while true {
            var watched = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) > 0 else { return }
            if watched[0].revents != 0 {
                guard let bytes = receive(client) else { return }
                if contains(bytes), claimCut() {
                    if cut == .before { return }
                    dropsAnswer = true
                }
                guard forward(bytes, to: upstream) else { return }
            }
            if watched[1].revents != 0 {
                guard let bytes = receive(upstream), !dropsAnswer, forward(bytes, to: client) else { return }
            }
        }
    }

    /// True for the first that asks.
    private func claimCut() -> Bool {
        lock.withLock {
            defer { hasCut = true }
            return !hasCut
        }
    }

    private func contains(_ bytes: [UInt8]) -> Bool {
        bytes.count >= needle.count
            && (0...bytes.count - needle.count).contains { bytes[$0..<$0 + needle.count].elementsEqual(needle) }
    }

    private func receive(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private func forward(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func address(_ path: String) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        return address
    }

    struct CannotProxy: Error {
        let place: String
        init(_ place: String) { self.place = place }
    }
}
