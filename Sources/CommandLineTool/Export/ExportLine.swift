import LedgerCore
import LineProtocol

// In this module `Entry` and `Seal` are commands.
typealias JournalSeal = LedgerCore.Seal

/// The lines of an export, each with its end: first the header, then each entry with the seals that were put on it
/// right behind, at last the end. Each thing has one spelling, byte for byte, so that nothing can be slipped in
/// unproved.
enum ExportLine {
    static func header(_ header: ExportHeader) -> [UInt8] {
        line([
            Field("format", .text(ExportHeader.format)), Field("tenant", .text(header.tenant)),
            Field("number", header.number.map { .number(Int64($0)) } ?? .null),
            Field("exported-at", .text(header.exportedAt.text)),
        ])
    }

    /// `fields` are those of JOURNAL that a hash covers.
    static func entry(_ fields: [Field]) -> [UInt8] { line([Field("entry", .object(fields))]) }

    static func seal(_ seal: JournalSeal) -> [UInt8] { line([Field("seal", .object(seal.fields))]) }

    static func end(_ end: ExportEnd) -> [UInt8] {
        let counts = [Field("entries", .number(end.entries)), Field("seals", .number(end.seals))]
        return line([Field("end", .object(counts))])
    }

    private static func line(_ fields: [Field]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1_024)
        // What the encoder writes is `+{…}` and a line end of two bytes.
        ReplyEncoder.encode(.answered(fields), into: &bytes)
        return bytes[1..<(bytes.count - 2)] + [UInt8(ascii: "\n")]
    }
}

/// The first line: whose journal it is.
struct ExportHeader: Equatable {
    static let format = "grantledger-export-1"

    let tenant: String
    /// The tenant's own, which stands in the names of its entries; nil where it has none.
    let number: Int32?
    /// By the clock of who exported. Nothing proves it.
    let exportedAt: Moment
}

/// The last line, which tells a whole export from one that was cut.
struct ExportEnd: Sendable, Equatable {
    let entries: Int64
    let seals: Int64
}

// MARK: - Reading

extension ExportHeader {
    /// Reads a line without its end; nil for what begins no export.
    init?(line: ArraySlice<UInt8>) {
        guard let json = try? JSONText(String(decoding: line, as: UTF8.self)), json["format"]?.string == Self.format,
            let tenant = json["tenant"]?.string, Identifier.isValid(tenant),
            let exportedAt = json["exported-at"]?.string.flatMap({ Moment($0) })
        else { return nil }
        let number = json["number"]?.integer.flatMap { Int32(exactly: $0) }
        self.init(tenant: tenant, number: number, exportedAt: exportedAt)
        guard line.elementsEqual(ExportLine.header(self).dropLast()) else { return nil }
    }
}

extension ExportEnd {
    /// nil where this is no end.
    init?(_ json: JSONText) {
        guard let entries = json["entries"]?.integer, let seals = json["seals"]?.integer else { return nil }
        self.init(entries: entries, seals: seals)
    }
}

extension JournalSeal {
    /// Reads what ``fields`` are written as; other members are passed over. nil where this is no seal.
    init?(_ json: JSONText) {
        guard let tenant = json["tenant"]?.string, Identifier.isValid(tenant), let sequence = json["seq"]?.integer,
            sequence >= 0, let hash = json["hash"]?.string.flatMap({ Hexadecimal.bytes($0, count: 32) }),
            let sealedAt = json["sealed-at"]?.string.flatMap({ Moment($0) }),
            let publicKey = json["public-key"]?.string.flatMap({ Hexadecimal.bytes($0, count: 32) }),
            let signature = json["signature"]?.string.flatMap({ Hexadecimal.bytes($0, count: 64) })
        else { return nil }
        self.init(
            tenant: tenant, sequence: sequence, hash: hash, sealedAt: sealedAt, publicKey: publicKey,
            signature: signature)
    }
}

extension JSONText {
    /// The whole number that this is; nil where it is anything else.
    fileprivate var integer: Int64? { if case .number(let digits) = self { Int64(digits) } else { nil } }
}
