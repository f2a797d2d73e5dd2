import Foundation
import Glibc

/// A file that takes its name only once it is whole: whoever finds it finds all of it. Until then it stands beside, and
/// goes away where it is not kept.
final class ReplacedFile {
    private let path: String
    private let draft: String
    private let handle: FileHandle
    private var isKept = false

    /// Throws ``Misuse`` where it cannot be made.
    init(path: String) throws(Misuse) {
        self.path = path
        draft = "\(path).\(getpid()).part"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw Misuse("\(path) cannot be written: \(SystemError.last)") }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    deinit { if !isKept { unlink(draft) } }

    func write(_ bytes: some Collection<UInt8>) throws(Misuse) {
        do { try handle.write(contentsOf: Array(bytes)) } catch {
            throw Misuse("\(path) cannot be written: \(error)")
        }
    }

    /// Gives it its name, once it is on disk.
    func keep() throws(Misuse) {
        guard fsync(handle.fileDescriptor) == 0, rename(draft, path) == 0 else {
            throw Misuse("\(path) cannot be written: \(SystemError.last)")
        }
        isKept = true
    }
}
