import LedgerCore
import LineProtocol

/// An entry as an export holds it: as JOURNAL shows it, less what no hash covers.
///
/// Who is paid by now, and what settled, reversed or returned the entry since, stand beside it and may change. A proof
/// must not carry what it does not prove; later entries say themselves what they settle, reverse or return.
enum ExportedEntry {
    /// In the order of JOURNAL.
    private static let covered: Set = [
        "entry", "seq", "kind", "key", "date", "posted-at", "amount", "principal", "award", "settles", "reverses",
        "returns", "content", "transfers", "after", "hash",
    ]

    /// The line of an entry of JOURNAL, with its end. Throws why that is none that could be proved.
    static func line(_ json: JSONText) throws(UnreadableLine) -> (name: SequenceName, bytes: [UInt8]) {
        guard case .object(let members) = json else { throw UnreadableLine("it is no object") }
        var fields: [Field] = []
        for member in members where covered.contains(member.name) {
            // The award is covered where it is that of the figures in `after`.
            if member.name == "award", json["after"] == nil { continue }
            fields.append(Field(member.name, try value(member.value)))
        }
        let bytes = ExportLine.entry(fields)
        // Whose journal it is has no part in whether the line can be read.
        return (try EntryScanner.entry(bytes.dropLast(), tenant: "").name, bytes)
    }

    private static func value(_ json: JSONText) throws(UnreadableLine) -> JSONValue {
        switch json {
        case .null: return .null
        case .flag(let flag): return .flag(flag)
        case .number(let digits):
            guard let number = Int64(digits) else { throw UnreadableLine("\(digits) is no whole number") }
            return .number(number)
        case .text(let text): return .text(text)
        case .list(let items): return .list(try items.map { item throws(UnreadableLine) in try value(item) })
        case .object(let members):
            return .object(
                try members.map { member throws(UnreadableLine) in Field(member.name, try value(member.value)) })
        }
    }
}
