import Glibc
import LedgerServer
import Logging
import Testing

/// Where the daemon cannot listen, it says why, and leaves what is not its own alone.
@Suite struct ListenerTests {
    private func failure(port: Int?, unixPath: String?) async -> String {
        let logger = Logger(label: "test")
        let listener = Listener(ledger: Ledger(logger: logger), port: port, unixPath: unixPath, logger: logger) { _ in }
        do {
            try await listener.run()
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test func aSocketsPathCanBeTooLong() async {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        #expect(await failure(port: nil, unixPath: path).hasPrefix("the socket's path /tmp/xxx"))
    }

    @Test func aFileInTheWayStays() async throws {
        var name = Array("/tmp/ledger-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        close(descriptor)
        let path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        defer { unlink(path) }
        #expect(await failure(port: nil, unixPath: path) == "\(path) is in the way of the socket; move it elsewhere")
        #expect(access(path, F_OK) == 0)
    }

    @Test func aPortOrSocketInUseIsNamed() async throws {
        try await withServer { path, _ in
            #expect(await failure(port: nil, unixPath: path) == "another process listens on \(path)")
        }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = listen(descriptor, 1)
                _ = getsockname(descriptor, address, &length)
            }
        }
        let port = Int(UInt16(bigEndian: address.sin_port))
        #expect(await failure(port: port, unixPath: nil).hasPrefix("port \(port) of 127.0.0.1 is in use"))
    }

    @Test func aSocketThatNobodyListensOnIsReplaced() async throws {
        // A server that was killed leaves its file.
        try await withServer { path, _ in
            let stale = path + "-stale"
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: stale.utf8) }
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            close(descriptor)
            #expect(access(stale, F_OK) == 0)
            let logger = Logger(label: "test")
            let opened = Gate()
            let listener = Listener(ledger: Ledger(logger: logger), port: 0, unixPath: stale, logger: logger) { _ in
                opened.open()
            }
            let task = Task { try await listener.run() }
            try await opened.wait()
            task.cancel()
            try? await task.value
            #expect(access(stale, F_OK) != 0)
        }
    }
}
