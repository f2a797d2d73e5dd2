import Glibc

/// A file for a token, which only its owner may read. It is made before the token is asked for, so that no token is
/// given out that has no place.
final class TokenFile {
    let path: String
    /// Where the token is written; `path` itself where nothing stood there.
    private let written: String
    private let descriptor: Int32
    private var isKept = false

    /// Throws ``Misuse`` where something stands there, or no file can be made.
    init(new path: String) throws(Misuse) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw Misuse("the file \(path) exists already, and is not overwritten; name another, or remove it")
            }
            throw Misuse("the token file \(path) cannot be made: \(SystemError.last)")
        }
        self.path = path
        written = path
    }

    /// Takes the place of the file once a token is kept, and not before.
    init(replacing path: String) throws(Misuse) {
        var template = Array("\(path).\(String(repeating: "X", count: 6))".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw Misuse("a file beside the token file \(path) cannot be made: \(SystemError.last)")
        }
        self.path = path
        written = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { close(descriptor) }

    /// Whether a plain file has the name. Throws ``Misuse`` where something else has it.
    static func stands(at path: String) throws(Misuse) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Misuse("\(path) is no plain file, and is not overwritten; name another for the token")
        }
        return true
    }

    /// Writes the token so that it outlives a crash of the system.
    func keep(_ token: String) throws(SystemError) {
        var bytes = Array((token + "\n").utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes.removeFirst(count)
            } else if errno != EINTR {
                throw .last
            }
        }
        guard fsync(descriptor) == 0 else { throw .last }
        if written != path, rename(written, path) != 0 { throw .last }
        isKept = true
        syncFolder()
    }

    /// Takes the file away again where no token was kept.
    func discard() {
        if !isKept { unlink(written) }
    }

    private func syncFolder() {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
