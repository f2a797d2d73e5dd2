import LedgerCore
import LineProtocol

/// A line of an export behind its first, as far as it can be judged without the lines around it.
enum ReadLine: Sendable, Equatable {
    case entry(ReadEntry)
    case seal(JournalSeal)
    case end(ExportEnd)
    case unreadable(UnreadableLine)
    case unreadableSeal(UnreadableLine)
    /// The file ends within it.
    case cut

    /// `line` is without its end, and of the export of `tenant`.
    init(_ line: ArraySlice<UInt8>, tenant: String) {
        do {
            if line.starts(with: Self.entryBegin) {
                self = .entry(try EntryScanner.entry(line, tenant: tenant))
            } else {
                self = try Self.sealOrEnd(line)
            }
        } catch {
            self = line.starts(with: Self.sealBegin) ? .unreadableSeal(error) : .unreadable(error)
        }
    }

    private static let entryBegin = Array(#"{"entry""#.utf8)
    private static let sealBegin = Array(#"{"seal""#.utf8)

    private static func sealOrEnd(_ line: ArraySlice<UInt8>) throws(UnreadableLine) -> ReadLine {
        guard let json = try? JSONText(String(decoding: line, as: UTF8.self)) else {
            throw UnreadableLine("the line is no JSON object")
        }
        if let seal = json["seal"].flatMap(JournalSeal.init), line.elementsEqual(ExportLine.seal(seal).dropLast()) {
            return .seal(seal)
        }
        if let end = json["end"].flatMap(ExportEnd.init), line.elementsEqual(ExportLine.end(end).dropLast()) {
            return .end(end)
        }
        throw UnreadableLine("the line is neither an entry nor a seal nor the end as an export writes them")
    }

    /// The lines of a block of whole lines; only the file's last may lack its end.
    static func all(in block: [UInt8], tenant: String) -> [ReadLine] {
        var lines: [ReadLine] = []
        var rest = block[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(ReadLine(rest[..<end], tenant: tenant))
            rest = rest[(end + 1)...]
        }
        return rest.isEmpty ? lines : lines + [.cut]
    }
}
