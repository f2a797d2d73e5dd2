import Glibc

/// What the system says of a file; equal where it is of one file, however that was named.
struct FileStatus: Equatable {
    let isDirectory: Bool
    /// Neither a directory nor a device, pipe or socket.
    let isPlain: Bool
    /// In bytes.
    let size: Int
    private let device: dev_t
    private let node: ino_t

    /// Of what a path leads to; nil where that is nothing.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Of an open file; nil where it is not open.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    static func == (one: FileStatus, other: FileStatus) -> Bool {
        one.device == other.device && one.node == other.node
    }

    private init(_ status: stat) {
        let kind = status.st_mode & S_IFMT
        isDirectory = kind == S_IFDIR
        isPlain = kind == S_IFREG
        size = status.st_size
        device = status.st_dev
        node = status.st_ino
    }
}

/// Why a call of the system failed, in the system's words.
struct SystemError: Error, Equatable, CustomStringConvertible {
    private let code: Int32

    /// The calling thread's last failure.
    static var last: SystemError { SystemError(code: errno) }

    var description: String { String(cString: strerror(code)) }
}
