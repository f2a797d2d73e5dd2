import Foundation

/// Records of bytes in a file that has no name: whatever ends the process, the system takes the file away with it.
///
/// A record is its length in four bytes, and itself. All are written, then read from the first on, as often as wanted.
final class SpillFile {
    private static let bufferSize = 1 << 18

    private let descriptor: Int32
    private var written: [UInt8] = []
    /// In bytes, of what is in the file.
    private var size = 0

    /// In `directory`, which must exist.
    init(in directory: String) throws(BookError) {
        var path = Array("\(directory)/.grantledger-sort-\(String(repeating: "X", count: 6))".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else {
            throw BookError(.file, "no temporary file can be made in \(directory): \(systemError())")
        }
        unlink(path)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    func append(_ record: some Collection<UInt8>) throws(BookError) {
        let length = UInt32(record.count)
        withUnsafeBytes(of: length) { written.append(contentsOf: $0) }
        written.append(contentsOf: record)
        if written.count >= Self.bufferSize { try flush() }
    }

    /// To be called behind the last record.
    func flush() throws(BookError) {
        do {
            try writeAll(written, to: descriptor)
        } catch {
            throw BookError(.file, "a temporary file cannot be written: \(error)")
        }
        size += written.count
        written.removeAll(keepingCapacity: true)
    }

    func reader() -> Reader { Reader(file: self) }

    /// Reads the records in their order. Readers of one file do not disturb each other.
    struct Reader {
        private let file: SpillFile
        private var offset = 0
        private var buffer: [UInt8] = []
        private var position = 0

        fileprivate init(file: SpillFile) { self.file = file }

        /// The next record; nil behind the last.
        mutating func next() throws(BookError) -> ArraySlice<UInt8>? {
            guard try fill(4) else { return nil }
            let length = buffer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) }
            position += 4
            guard try fill(Int(length)) else { throw BookError(.file, "a temporary file was cut") }
            defer { position += Int(length) }
            return buffer[position..<(position + Int(length))]
        }

        /// Whether so many bytes are there behind the position, then in the buffer.
        private mutating func fill(_ count: Int) throws(BookError) -> Bool {
            guard buffer.count - position < count else { return true }
            buffer.removeFirst(position)
            position = 0
            while buffer.count < count {
                let kept = buffer.count
                let wanted = min(max(SpillFile.bufferSize, count) - kept, file.size - offset)
                guard wanted > 0 else { return false }
                var got = 0
                buffer.append(contentsOf: repeatElement(0, count: wanted))
                repeat {
                    got = buffer.withUnsafeMutableBytes {
                        pread(file.descriptor, $0.baseAddress?.advanced(by: kept), wanted, off_t(offset))
                    }
                } while got < 0 && errno == EINTR
                buffer.removeLast(wanted - max(0, got))
                guard got >= 0 else { throw BookError(.file, "a temporary file cannot be read: \(systemError())") }
                offset += got
                if got == 0 { return false }
            }
            return true
        }
    }
}

/// Why a call of the system failed, in the system's words.
func systemError() -> String { String(cString: strerror(errno)) }

/// Throws the system's words.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemFault) {
    var done = 0
    while done < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), bytes.count - done) }
        if count >= 0 {
            done += count
        } else if errno != EINTR {
            throw SystemFault(description: systemError())
        }
    }
}

struct SystemFault: Error, CustomStringConvertible {
    let description: String
}
