import Foundation
import Glibc

/// Lines of text on disk, written once from first to last and then read in pieces: however many there are, few are in
/// memory. The file has no name, so that nothing is left of it when the tool ends, however it ends.
final class LineSpool {
    private static let pieceSize = 1 << 16

    private let handle: FileHandle
    private var unwritten: [UInt8] = []
    private var unread: [UInt8] = []
    /// How many lines were written.
    private(set) var count = 0

    /// Throws ``Misuse`` where there is no room for it.
    init() throws(Misuse) {
        let folder = FileManager.default.temporaryDirectory.path
        var template = Array("\(folder)/grantledger-\(String(repeating: "X", count: 6))".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0, fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw Misuse("no file can be made in \(folder): \(SystemError.last)")
        }
        unlink(template)
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// `line` has no line end in it.
    func write(_ line: String) throws(Misuse) {
        unwritten += line.utf8
        unwritten.append(UInt8(ascii: "\n"))
        count += 1
        if unwritten.count >= Self.pieceSize { try flush() }
    }

    /// From here on it is read.
    func rewind() throws(Misuse) {
        try flush()
        do { try handle.seek(toOffset: 0) } catch { throw Misuse("a temporary file cannot be read: \(error)") }
    }

    /// The next lines, at most so many; none at the end.
    func next(_ limit: Int) throws(Misuse) -> [String] {
        var lines: [String] = []
        while lines.count < limit {
            guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else {
                guard try fill() else { return lines }
                continue
            }
            // The bytes are dropped in one go, below.
            lines.append(contentsOf: split(upTo: end, limit - lines.count))
        }
        return lines
    }

    private func split(upTo first: Int, _ limit: Int) -> [String] {
        var lines: [String] = []
        var start = 0
        var end: Int? = first
        while let stop = end, lines.count < limit {
            lines.append(String(decoding: unread[start..<stop], as: UTF8.self))
            start = stop + 1
            end = unread[start...].firstIndex(of: UInt8(ascii: "\n"))
        }
        unread.removeFirst(start)
        return lines
    }

    private func fill() throws(Misuse) -> Bool {
        do {
            guard let more = try handle.read(upToCount: Self.pieceSize), !more.isEmpty else { return false }
            unread += more
            return true
        } catch {
            throw Misuse("a temporary file cannot be read: \(error)")
        }
    }

    private func flush() throws(Misuse) {
        guard !unwritten.isEmpty else { return }
        do { try handle.write(contentsOf: unwritten) } catch {
            throw Misuse("a temporary file cannot be written: \(error); make room, or set TMPDIR to where there is")
        }
        unwritten.removeAll(keepingCapacity: true)
    }
}
