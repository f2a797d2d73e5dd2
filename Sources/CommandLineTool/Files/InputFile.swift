import Foundation
import Glibc

/// A file that the command line names, read piece by piece.
struct InputFile {
    private static let pieceSize = 1 << 16
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// What messages call it.
    let name: String
    /// nil where it is not open, as standard input may be.
    let status: FileStatus?
    private let handle: FileHandle

    /// `role` is what the file is for. Throws ``Misuse`` where there is no such file, where it may not be read, and
    /// where it is a directory.
    init(path: String, role: String) throws(Misuse) {
        let name = "\(role) \(path)"
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Misuse("\(name) cannot be read: \(SystemError.last)") }
        try self.init(name: name, handle: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    static func standardInput() throws(Misuse) -> InputFile {
        try InputFile(name: "standard input", handle: .standardInput)
    }

    private init(name: String, handle: FileHandle) throws(Misuse) {
        let status = FileStatus(descriptor: handle.fileDescriptor)
        guard status?.isDirectory != true else { throw Misuse("\(name) is a directory, not a file") }
        self.name = name
        self.status = status
        self.handle = handle
    }

    /// The next bytes; none at the end.
    func next() throws(Misuse) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.pieceSize)
        while true {
            let count = read(handle.fileDescriptor, &bytes, bytes.count)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EINTR else { throw Misuse("\(name) cannot be read: \(SystemError.last)") }
        }
    }

    /// All of a text file, without the byte order mark that it may begin with.
    static func text(path: String, role: String) throws(Misuse) -> String {
        let file = try InputFile(path: path, role: role)
        var bytes: [UInt8] = []
        while case let piece = try file.next(), !piece.isEmpty { bytes += piece }
        if bytes.starts(with: byteOrderMark) { bytes.removeFirst(byteOrderMark.count) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Misuse("\(file.name) is not UTF-8 text")
        }
        return text
    }
}
