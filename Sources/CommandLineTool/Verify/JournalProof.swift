import Crypto
import LedgerCore

/// Proves a journal line by line: that no entry is missing, that each has the hash that its content and the entry
/// before it make, and that the seals are by the key and of these hashes.
///
/// A value without files: it is shown the lines in their order, and throws the first ``Disproof``.
struct JournalProof {
    private let header: ExportHeader
    private let key: SealKey
    /// What the auditor got earlier by another way: whoever writes the whole journal anew cannot change that.
    private let witness: JournalSeal?

    private(set) var entries: Int64 = 0
    private(set) var seals: Int64 = 0
    private var line = 1
    private var lastHash = [UInt8](repeating: 0, count: 32)
    private var lastSeal: JournalSeal?
    private var hasWitness = false
    private var isEnded = false
    /// An entry that stands too early, and its line. What follows tells whether those before it are missing or swapped.
    private var early: (sequence: Int64, line: Int)?

    init(of header: ExportHeader, key: SealKey, witness: JournalSeal? = nil) throws(Disproof) {
        self.header = header
        self.key = key
        self.witness = witness
        if let witness {
            guard key.signed(witness) else {
                throw Disproof(
                    wrong: .seal, entry: name(witness.sequence), line: nil,
                    reason: "the seal that was got earlier is not signed by the public key")
            }
            try compareWithWitness()
        }
    }

    /// The next line after the header.
    mutating func take(_ next: ReadLine) throws(Disproof) {
        line += 1
        if let early { throw disproof(ofEarly: early, followedBy: next) }
        guard !isEnded else { throw disproof(.inserted, entries, "something stands behind the last line") }
        switch next {
        case .entry(let entry): try take(entry)
        case .seal(let seal): try take(seal)
        case .end(let end): try take(end)
        case .unreadable(let fault): throw disproof(.changed, entries + 1, fault.description)
        case .unreadableSeal(let fault): throw disproof(.seal, entries, "the seal behind it: \(fault)")
        case .cut: throw disproof(.cut, entries + 1, "the file ends within the line")
        }
    }

    /// What was proved, where no line follows.
    func finish() throws(Disproof) -> ProvedJournal {
        if let early { throw missing(before: early) }
        guard isEnded else {
            throw Disproof(
                wrong: .cut, entry: name(entries + 1), line: line + 1, reason: "the file ends before its last line")
        }
        if let witness, !hasWitness {
            throw disproof(
                .missing, entries + 1,
                "the journal ends before \(name(witness.sequence)), whose seal was got earlier")
        }
        guard let sealed = [lastSeal, witness].compactMap(\.self).max(by: { $0.sequence < $1.sequence }) else {
            throw Disproof(
                wrong: .unsealed, entry: name(entries), line: nil,
                reason: "the chain up to it is whole, but no seal is on it: anybody can write such a file")
        }
        return ProvedJournal(
            tenant: header.tenant, entries: entries, seals: seals, sealed: sealed, sealedName: name(sealed.sequence),
            witness: witness.map { name($0.sequence) })
    }

    // MARK: Entries

    private mutating func take(_ entry: ReadEntry) throws(Disproof) {
        let expected = entries + 1
        guard entry.name.tenant == header.number else {
            throw disproof(.changed, expected, "it is called \(entry.name.text), and the first line has another tenant")
        }
        guard entry.name.sequence >= expected else {
            throw disproof(
                .inserted, entry.name.sequence, "it stands behind \(name(entries)), where it does not belong")
        }
        guard entry.name.sequence == expected else {
            early = (entry.name.sequence, line)
            return
        }
        guard hash(of: entry.text) == entry.hash else {
            throw disproof(
                .changed, expected,
                entries == 0
                    ? "its content does not make its hash, or the first line names another tenant"
                    : "its content and the hash of the entry before it do not make its hash")
        }
        guard entry.isSound else {
            throw disproof(.unsound, expected, "it has a transfer of nothing, or from an account to itself")
        }
        entries = expected
        lastHash = entry.hash
        try compareWithWitness()
    }

    private func hash(of text: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: lastHash)
        hasher.update(data: text)
        return Array(hasher.finalize())
    }

    private func disproof(ofEarly early: (sequence: Int64, line: Int), followedBy next: ReadLine) -> Disproof {
        guard case .entry(let entry) = next, entry.name.sequence != early.sequence + 1 else {
            return missing(before: early)
        }
        return Disproof(
            wrong: .swapped, entry: name(entries + 1), line: early.line,
            reason: "\(name(early.sequence)) stands in its place, and \(entry.name.text) behind that")
    }

    private func missing(before early: (sequence: Int64, line: Int)) -> Disproof {
        Disproof(
            wrong: .missing, entry: name(entries + 1), line: early.line,
            reason: "\(name(early.sequence)) stands in its place")
    }

    // MARK: Seals

    private mutating func take(_ seal: JournalSeal) throws(Disproof) {
        guard seal.publicKey == key.bytes else {
            throw disproof(.seal, entries, "the seal behind it is by another key, \(Hexadecimal.text(seal.publicKey))")
        }
        guard key.signed(seal) else {
            throw disproof(.seal, entries, "the seal behind it is not as it was signed")
        }
        guard seal.tenant == header.tenant else {
            throw disproof(.seal, entries, "the seal behind it is of the journal of \(seal.tenant)")
        }
        guard seal.sequence <= entries else {
            throw disproof(.missing, entries + 1, "the seal of \(name(seal.sequence)) stands in its place")
        }
        guard seal.sequence == entries, lastSeal?.sequence != entries else {
            throw disproof(.inserted, entries, "the seal behind it, of \(name(seal.sequence)), does not belong there")
        }
        guard seal.hash == lastHash else {
            throw disproof(.seal, entries, "it is not what was sealed at \(seal.sealedAt.text): its hash was another")
        }
        lastSeal = seal
        seals += 1
    }

    /// Throws where the journal has come to the entry of the witness and differs from it.
    private mutating func compareWithWitness() throws(Disproof) {
        guard let witness, witness.sequence == entries else { return }
        guard witness.hash == lastHash else {
            throw disproof(
                .seal, entries, "its hash is not that of the seal that was got earlier: the journal was written anew")
        }
        hasWitness = true
    }

    // MARK: The end

    private mutating func take(_ end: ExportEnd) throws(Disproof) {
        let count =
            "the last line counts \(end.entries) entries and \(end.seals) seals, and \(entries) and \(seals) stand here"
        guard end.entries <= entries else { throw disproof(.missing, entries + 1, count) }
        guard end.entries == entries else { throw disproof(.inserted, end.entries + 1, count) }
        guard end.seals == seals else { throw disproof(.seal, entries, count) }
        isEnded = true
    }

    // MARK: Names

    private func name(_ sequence: Int64) -> String {
        header.number.map { SequenceName(tenant: $0, sequence: sequence).text } ?? "entry \(sequence)"
    }

    private func disproof(_ wrong: Disproof.Wrong, _ sequence: Int64, _ reason: String) -> Disproof {
        Disproof(wrong: wrong, entry: name(sequence), line: line, reason: reason)
    }
}

/// What an export proves.
struct ProvedJournal: Equatable {
    let tenant: String
    let entries: Int64
    let seals: Int64
    /// The seal that covers most.
    let sealed: JournalSeal
    let sealedName: String
    /// The entry of the seal that was got earlier.
    let witness: String?

    /// For people.
    var lines: [String] {
        let open = entries - sealed.sequence
        return [
            "\(tenant): \(entries) entries and \(seals) seals hold; no entry was changed, dropped, put in or moved",
            "sealed up to \(sealedName), at \(sealed.sealedAt.text)",
        ] + (witness.map { ["the seal that was got earlier, of \($0), is in this journal"] } ?? [])
            + (open == 0 ? [] : ["\(open) entries after that are not sealed yet: the chain alone holds them"])
    }
}
