import Foundation

/// The file to which a follower appends lines, so that each stands in it once whatever ends the follower.
///
/// The place says how long the file is with all lines up to it. What a crash left behind that is cut off: those lines
/// are behind the place, and come again.
package final class FollowFile {
    package let path: String
    /// In bytes: with all lines that were appended.
    package private(set) var length: Int64
    /// How much was cut off when it was opened.
    package private(set) var cut: Int64 = 0
    private let descriptor: Int32

    /// Opens the file as `place` left it. Throws where the file is not the one to which the place belongs, and where
    /// another follower has it open.
    package init(path: String, place: FollowPlace) throws(BookError) {
        self.path = path
        var before = stat()
        let isNew = stat(path, &before) != 0 && errno == ENOENT
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
        length = 0
        guard descriptor >= 0 else { throw fault("cannot be opened: \(systemError())") }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault("is no plain file; leave --output out to write to standard output")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw fault("is in use by another follower") }
        let size = Int64(status.st_size)
        // One that was moved away ends where its place is; a new one takes its turn.
        let kept = isNew ? 0 : place.output
        guard let kept else {
            guard size == 0 else {
                throw fault(
                    "holds \(size) bytes of which the place knows nothing; name a new file, or move this one away")
            }
            return
        }
        guard kept <= size else {
            throw fault(
                "has \(size) bytes, and had \(kept) with entry \(place.sequence): lines are missing in it. Bring it "
                    + "back, or move it away to begin a new file with entry \(place.sequence + 1)")
        }
        guard ftruncate(descriptor, off_t(kept)) == 0, fsync(descriptor) == 0 else {
            throw fault("cannot be cut to \(kept) bytes: \(systemError())")
        }
        if isNew { syncDirectory(of: path) }
        cut = size - kept
        length = kept
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Appends whole lines; on disk when it returns.
    package func append(_ bytes: [UInt8]) throws(BookError) {
        guard lseek(descriptor, off_t(length), SEEK_SET) >= 0 else {
            throw fault("cannot be written: \(systemError())")
        }
        do {
            try writeAll(bytes, to: descriptor)
        } catch {
            throw fault("cannot be written: \(error)")
        }
        guard fsync(descriptor) == 0 else { throw fault("cannot be written: \(systemError())") }
        length += Int64(bytes.count)
    }

    private func fault(_ reason: String) -> BookError { BookError(.file, "\(path) \(reason)") }
}
