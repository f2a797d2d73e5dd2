import Glibc
import LineProtocol
import Synchronization

/// A client that blocks, on threads of its own: the test and the server share the others.
final class TestClient: Sendable {
    private let descriptor: Int32

    init(unixPath: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: unixPath.utf8) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw ClientFailure.cannotConnect(errno) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    func send(_ text: String) async {
        await Self.onThread { [descriptor] in
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = bytes.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return }
                bytes = bytes.dropFirst(count)
            }
        }
    }

    /// The client has nothing more to say, and still listens.
    func endInput() { shutdown(descriptor, Int32(SHUT_WR)) }

    func closeNow() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    /// So many lines; fewer where the server closes before, or says nothing for long.
    func lines(_ count: Int) async -> [String] {
        await Self.onThread { [descriptor] in
            var bytes: [UInt8] = []
            var lines = 0
            var byte = [UInt8](repeating: 0, count: 1)
            while lines < count, read(descriptor, &byte, 1) == 1 {
                bytes.append(byte[0])
                if byte[0] == UInt8(ascii: "\n") { lines += 1 }
            }
            return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(String.init)
        }
    }

    /// All that comes until the server closes.
    func rest() async -> String {
        await Self.onThread { [descriptor] in
            var all: [UInt8] = []
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &bytes, bytes.count)
                guard count > 0 else { return String(decoding: all, as: UTF8.self) }
                all += bytes.prefix(count)
            }
        }
    }

    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let job = Job { continuation.resume(returning: body()) }
            var thread = pthread_t()
            pthread_create(
                &thread, nil,
                { context in
                    if let context { Unmanaged<Job>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                }, Unmanaged.passRetained(job).toOpaque())
            pthread_detach(thread)
        }
    }

    private final class Job: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

enum ClientFailure: Error {
    case cannotConnect(Int32)
}

/// Carries a client out of the server's scope.
final class OptionalClient: Sendable {
    private let client = Mutex<TestClient?>(nil)

    func set(_ client: TestClient) { self.client.withLock { $0 = client } }
    func take() -> TestClient? { client.withLock(\.self) }
}
