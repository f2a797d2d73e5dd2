import Glibc
import LineProtocol

/// A connection to the daemon that blocks its thread. Every wait is bounded.
package final class LineClient {
    private static let patience = Duration.seconds(60)

    private let descriptor: Int32
    private var decoder = ReplyDecoder()
    private var isOpen = true

    package init(unix path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < capacity else { throw PlayFailure("a socket's path is too long: \(path)") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        descriptor = try withUnsafeBytes(of: &address) { try Self.connect(AF_UNIX, $0, to: path) }
    }

    /// On the loopback interface.
    package init(tcp port: Int) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(truncatingIfNeeded: port).bigEndian)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        descriptor = try withUnsafeBytes(of: &address) { try Self.connect(AF_INET, $0, to: "port \(port)") }
    }

    deinit { close() }

    private static func connect(_ family: Int32, _ address: UnsafeRawBufferPointer, to place: String) throws -> Int32 {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw PlayFailure(cannot: "make a socket") }
        let result = address.withMemoryRebound(to: sockaddr.self) { pointer in
            Glibc.connect(descriptor, pointer.baseAddress, socklen_t(address.count))
        }
        guard result == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            defer { Glibc.close(descriptor) }
            throw PlayFailure(cannot: "connect to \(place)")
        }
        return descriptor
    }

    // MARK: Asking

    package func ask(_ line: String) throws -> WireReply { try ask([line])[0] }

    /// Sends all lines, and reads meanwhile, so that neither side waits for the other.
    package func ask(_ lines: [String]) throws -> [WireReply] {
        try exchange(Array(lines.map { $0 + "\n" }.joined().utf8), replies: lines.count)
    }

    package func exchange(_ bytes: [UInt8], replies count: Int) throws -> [WireReply] {
        var unsent = try write(bytes[...])
        var replies: [WireReply] = []
        while replies.count < count || !unsent.isEmpty {
            if replies.count < count, let reply = try decoder.next() {
                replies.append(try WireReply(reply))
                continue
            }
            switch try wait(forRoom: !unsent.isEmpty) {
            case .nothing: throw PlayFailure("no reply for \(Self.patience), after \(replies.count) of \(count)")
            case .room: unsent = try write(unsent)
            case .bytes:
                guard try read() else { throw PlayFailure("the end, after \(replies.count) of \(count) replies") }
            }
        }
        return replies
    }

    // MARK: One direction

    package func send(_ bytes: [UInt8]) throws { _ = try exchange(bytes, replies: 0) }

    package func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Writes what the connection takes now, and says how many bytes that were.
    package func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int { bytes.count - (try write(bytes)).count }

    /// The next reply; nil at the end of the connection.
    package func receive() throws -> WireReply? {
        while true {
            if let reply = try decoder.next() { return try WireReply(reply) }
            guard try wait() == .bytes else { throw PlayFailure("no reply for \(Self.patience)") }
            guard try read() else { return nil }
        }
    }

    /// Reads to the end of the connection, and says how many replies those were, of any type of RESP.
    package func drain() throws -> Int {
        var count = 0
        while true {
            while try decoder.next() != nil { count += 1 }
            guard try wait() == .bytes else { throw PlayFailure("the connection stays open after \(count) replies") }
            guard try read() else { return count }
        }
    }

    /// Whether the other side ends the connection, whatever it sends before. Throws where it stands for a minute.
    package func isEnded() throws -> Bool {
        while true {
            guard try wait() == .bytes else { throw PlayFailure("the connection stays open") }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            if recv(descriptor, &buffer, buffer.count, 0) <= 0, errno != EAGAIN { return true }
        }
    }

    /// Says that no more requests come, and still reads.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    package func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    // MARK: System calls

    /// What is left of `bytes`.
    private func write(_ bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
        guard !bytes.isEmpty else { return bytes }
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        guard count < 0 else { return bytes.dropFirst(count) }
        // The other side has hung up: what it answered before can still be read, and then its end.
        if errno == EPIPE || errno == ECONNRESET { return [] }
        guard errno == EAGAIN else { throw PlayFailure(cannot: "send") }
        return bytes
    }

    /// Hands what has come to the decoder; false at the end of the connection.
    private func read() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else {
            if errno == ECONNRESET { return false }
            guard errno == EAGAIN else { throw PlayFailure(cannot: "receive") }
            return true
        }
        decoder.append(buffer.prefix(count))
        return count > 0
    }

    private enum Event {
        case nothing
        /// To be read; maybe only the end.
        case bytes
        /// To be written to; nothing is to be read.
        case room
    }

    private func wait(forRoom: Bool = false) throws -> Event {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN | (forRoom ? POLLOUT : 0)), revents: 0)
        guard poll(&request, 1, Int32(Self.patience / .milliseconds(1))) > 0 else { return .nothing }
        return request.revents & ~Int16(POLLOUT) == 0 ? .room : .bytes
    }
}
