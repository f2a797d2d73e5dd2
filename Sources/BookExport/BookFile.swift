import Crypto
import Foundation
import LedgerCore

/// A file that stands under its name when all of it is written and on disk, so that no part of one is taken for the
/// whole. Dropped before that, it leaves nothing.
package final class BookFile {
    package let path: String
    /// In bytes, so far.
    package private(set) var size: Int64 = 0
    private let part: String
    private let descriptor: Int32
    private var hasher = SHA256()
    private var isStanding = false

    package init(path: String) throws(BookError) {
        self.path = path
        part = "\(path).part-\(getpid())"
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw BookError(.file, "\(path) is a directory or a device; books are written to a plain file")
        }
        descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw BookError(.file, "\(path) cannot be written: \(systemError())") }
    }

    deinit {
        close(descriptor)
        if !isStanding { unlink(part) }
    }

    package func write(_ bytes: [UInt8]) throws(BookError) {
        do {
            try writeAll(bytes, to: descriptor)
        } catch {
            throw BookError(.file, "\(path) cannot be written: \(error)")
        }
        hasher.update(data: bytes)
        size += Int64(bytes.count)
    }

    /// 64 hexadecimal digits, of what is written so far.
    package var sha256: String { Hexadecimal.text(Array(hasher.finalize())) }

    /// All is written: the file takes its place.
    package func finish() throws(BookError) {
        guard fsync(descriptor) == 0, rename(part, path) == 0 else {
            throw BookError(.file, "\(path) cannot be written: \(systemError())")
        }
        isStanding = true
        syncDirectory(of: path)
    }
}

/// So that a name survives a power cut too. Where a file system cannot do that, the file itself is on disk.
func syncDirectory(of path: String) {
    let descriptor = open(directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}

/// The directory in which a file stands.
package func directory(of path: String) -> String {
    let directory = (path as NSString).deletingLastPathComponent
    return directory.isEmpty ? "." : directory
}
