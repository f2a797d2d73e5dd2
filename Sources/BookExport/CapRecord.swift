import LedgerCore
import LineProtocol

/// Something that is known of a limit.
enum CapFact: Equatable {
    /// An entry of the journal set its basis.
    case basis(entry: String, amount: String)
    /// What the books show on an account of its use.
    case use(word: String, fen: Int128, owner: String, isPayersOwn: Bool)
    /// What the daemon said of it, as a line of JSON.
    case answer([UInt8])
}

/// A fact as it lies in temporary files: records sort by scheme, subject and year, those of one limit by the kind of
/// the fact and then by its place.
struct CapRecord {
    let subject: SubjectKey
    let year: Int?
    let place: UInt64
    let fact: CapFact

    init(subject: SubjectKey, year: Int?, place: UInt64, fact: CapFact) {
        self.subject = subject
        self.year = year
        self.place = place
        self.fact = fact
    }

    var bytes: [UInt8] {
        var bytes = Array(subject.scheme.utf8)
        bytes.append(0)
        bytes += subject.subject.utf8
        bytes.append(0)
        withUnsafeBytes(of: UInt16(year ?? 0).bigEndian) { bytes.append(contentsOf: $0) }
        let (kind, texts): (UInt8, [String]) =
            switch fact {
            case .basis(let entry, let amount): (0, [entry, amount])
            case .use(let word, let fen, let owner, let isPayersOwn): (1, [word, String(fen), owner, "\(isPayersOwn)"])
            case .answer(let line): (2, [String(decoding: line, as: UTF8.self)])
            }
        bytes.append(kind)
        withUnsafeBytes(of: place.bigEndian) { bytes.append(contentsOf: $0) }
        bytes += texts.joined(separator: "\0").utf8
        return bytes
    }

    init(_ record: ArraySlice<UInt8>) throws(BookError) {
        let changed = BookError(.file, "a temporary file was changed")
        let parts = record.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].count >= 11 else { throw changed }
        subject = SubjectKey(
            scheme: String(decoding: parts[0], as: UTF8.self), subject: String(decoding: parts[1], as: UTF8.self))
        let rest = parts[2]
        let begin = rest.startIndex
        let year = Int(rest[begin]) << 8 | Int(rest[begin + 1])
        self.year = year == 0 ? nil : year
        place = rest[(begin + 3)..<(begin + 11)].reduce(0) { $0 << 8 | UInt64($1) }
        let text = String(decoding: rest[(begin + 11)...], as: UTF8.self)
        let texts = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        switch (rest[begin + 2], texts.count) {
        case (0, 2): fact = .basis(entry: texts[0], amount: texts[1])
        case (1, 4):
            guard let fen = Int128(texts[1]) else { throw changed }
            fact = .use(word: texts[0], fen: fen, owner: texts[2], isPayersOwn: texts[3] == "true")
        case (2, 1): fact = .answer(Array(text.utf8))
        default: throw changed
        }
    }
}
