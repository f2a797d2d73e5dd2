import Glibc

/// The file by which a Unix socket is found.
struct UnixSocketFile {
    let path: String

    static var longestPath: Int { MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 }

    /// Removes a file that nobody listens on any more. Throws where somebody does, or where it is no socket.
    func removeIfStale() throws(ListenFailure) {
        guard path.utf8.count <= Self.longestPath else {
            throw ListenFailure(
                "the socket's path \(path) is longer than \(Self.longestPath) bytes; choose a shorter --data")
        }
        var facts = stat()
        guard lstat(path, &facts) == 0 else { return }
        guard facts.st_mode & S_IFMT == S_IFSOCK else {
            throw ListenFailure("\(path) is in the way of the socket; move it elsewhere")
        }
        guard !isListenedOn() else { throw ListenFailure("another process listens on \(path)") }
        unlink(path)
    }

    /// Only its owner, and root, may connect.
    func restrict() throws(ListenFailure) {
        guard chmod(path, 0o600) == 0 else {
            throw ListenFailure("cannot restrict \(path) to its owner: \(String(cString: strerror(errno)))")
        }
    }

    func remove() { unlink(path) }

    private func isListenedOn() -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: path.utf8.prefix(bytes.count - 1))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
