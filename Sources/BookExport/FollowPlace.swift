import Foundation
import LedgerCore
package import LineProtocol

/// How far a follower of a journal has come: the last entry that it passed on. The hash covers all entries before it,
/// so that a place fits one journal only.
package struct FollowPlace: Sendable, Hashable {
    private static let format = "grantledger-place-1"

    package let tenant: String
    /// 0 before the first entry.
    package let sequence: Int64
    /// 64 hexadecimal digits; nil before the first entry.
    package let hash: String?
    /// How long the output is with all lines up to here, in bytes; nil where it is no file that the follower keeps.
    package var output: Int64?

    package static func beginning(of tenant: String) -> FollowPlace {
        FollowPlace(tenant: tenant, sequence: 0, hash: nil, output: nil)
    }

    private init(tenant: String, sequence: Int64, hash: String?, output: Int64?) {
        self.tenant = tenant
        self.sequence = sequence
        self.hash = hash
        self.output = output
    }

    /// The place behind `entry`, which JOURNAL showed. Throws where it is not the entry that follows.
    package func advanced(by entry: JSONText) throws(BookError) -> FollowPlace {
        let next = try read(entry)
        guard next.sequence == sequence + 1 else {
            throw BookError(
                .journal, "the daemon showed entry \(next.sequence) of \(tenant) where \(sequence + 1) belongs")
        }
        return next
    }

    /// Throws where `entry`, which JOURNAL showed for the last sequence, is not the one that was passed on. `nil`:
    /// the journal has none there.
    package func check(_ entry: JSONText?) throws(BookError) {
        guard sequence > 0 else { return }
        guard let entry else {
            throw BookError(
                .journal,
                "the journal of \(tenant) ends before entry \(sequence), which was passed on already: it is not the "
                    + "journal that was followed, or it was restored from a backup that is older")
        }
        let standing = try read(entry)
        guard standing == self else {
            throw BookError(
                .journal,
                "entry \(sequence) of \(tenant) was passed on with hash \(hash ?? "-"), and the journal now has entry "
                    + "\(standing.sequence) with hash \(standing.hash ?? "-"): it is not the journal that was followed")
        }
    }

    private func read(_ entry: JSONText) throws(BookError) -> FollowPlace {
        guard case .number(let digits)? = entry["seq"], let sequence = Int64(digits), let hash = entry["hash"]?.string,
            Hexadecimal.bytes(hash, count: 32) != nil
        else { throw BookError(.journal, "the journal of \(tenant) has an entry without seq and hash") }
        return FollowPlace(tenant: tenant, sequence: sequence, hash: hash, output: output)
    }
}

// MARK: - The file

extension FollowPlace {
    /// One line of JSON: `{"format":"grantledger-place-1","tenant":"lingang","seq":8,"hash":"…","output":5120}`.
    package var line: [UInt8] {
        jsonLine([
            Field("format", .text(Self.format)), Field("tenant", .text(tenant)), Field("seq", .number(sequence)),
            Field("hash", .optional(hash)), Field("output", output.map { .number($0) } ?? .null),
        ])
    }

    /// Throws where the text is no place, or that of another tenant.
    package init(line: String, tenant: String, path: String) throws(BookError) {
        guard let json = try? JSONText(line), json["format"]?.string == Self.format,
            let owner = json["tenant"]?.string, let sequence = json["seq"]?.size, let output = json["output"],
            output == .null || output.size != nil,
            (json["hash"]?.string.flatMap { Hexadecimal.bytes($0, count: 32) } != nil) == (sequence > 0)
        else {
            throw BookError(
                .file, "\(path) holds no place in a journal; name another file, or remove it to begin at entry 1")
        }
        guard owner == tenant else {
            throw BookError(.file, "\(path) is a place in the journal of \(owner), not of \(tenant)")
        }
        self.init(tenant: tenant, sequence: sequence, hash: json["hash"]?.string, output: output.size)
    }

    /// The place that a file keeps; the beginning where there is no file.
    package static func read(path: String, tenant: String) throws(BookError) -> FollowPlace {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return .beginning(of: tenant) }
            throw BookError(.file, "\(path) cannot be read: \(systemError())")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // A place is short; whatever is longer is none.
        guard let bytes = try? file.read(upToCount: 4_096) else {
            throw BookError(.file, "\(path) cannot be read")
        }
        return try FollowPlace(line: String(decoding: bytes, as: UTF8.self), tenant: tenant, path: path)
    }

    /// The file has either the place before or this one, whatever happens meanwhile.
    package func write(path: String) throws(BookError) {
        let file = try BookFile(path: path)
        try file.write(line)
        try file.finish()
    }
}

// MARK: - What is passed on

extension FollowPlace {
    /// An entry of JOURNAL as a line of JSON, with its end.
    package static func entryLine(_ entry: JSONText) throws(BookError) -> [UInt8] {
        guard case .object(let fields)? = JSONValue(entry) else {
            throw BookError(.journal, "the journal has an entry that is no object of texts and whole numbers")
        }
        return jsonLine(fields)
    }
}

extension JSONText {
    /// The whole number, zero or above, that this is; nil where it is anything else.
    fileprivate var size: Int64? {
        if case .number(let digits) = self, let size = Int64(digits), size >= 0 { size } else { nil }
    }
}
