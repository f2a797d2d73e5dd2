import Foundation
import Glibc

/// Where an export goes. A file appears at its path when all of it is written and on disk, so that no part of one is
/// taken for the whole.
struct ExportFile {
    /// What messages call it.
    let name: String
    private let output: OutputFile?
    /// Where the file is written until it is whole; nil where there is nothing to be renamed.
    private let part: String?

    /// Standard output where `path` is nil or `-`.
    init(path: String?) throws(Misuse) {
        guard let path, path != "-" else {
            (name, output, part) = ("standard output", nil, nil)
            return
        }
        let standing = FileStatus(path: path)
        guard standing?.isDirectory != true else { throw Misuse("\(path) is a directory, not a file") }
        // What is no plain file, such as a pipe, is written to and stays.
        let part = standing?.isPlain == false ? nil : "\(path).part-\(getpid())"
        do {
            output = try OutputFile(path: part ?? path)
        } catch {
            throw Misuse("\(path) cannot be written: \(error)")
        }
        self.part = part
        name = path
    }

    func write(_ bytes: [UInt8]) throws(Misuse) {
        do {
            if let output {
                try output.write(String(decoding: bytes, as: UTF8.self))
            } else {
                try FileHandle.standardOutput.write(contentsOf: bytes)
            }
        } catch {
            throw Misuse("\(name) cannot be written: \(error)")
        }
    }

    /// All is written: the file takes its place.
    func finish() throws(Misuse) {
        guard let part else { return }
        let descriptor = open(part, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0, rename(part, name) == 0 else {
            throw Misuse("\(name) cannot be written: \(SystemError.last)")
        }
    }

    /// It never became whole.
    func discard() {
        if let part { unlink(part) }
    }
}
