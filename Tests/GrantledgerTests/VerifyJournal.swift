import Crypto
import LedgerCore
import LineProtocol
import TestKit

@testable import CommandLineTool

/// A tenant's journal with its chain and seals, made up from a seed: what a daemon holds, and how it shows it.
struct SampleJournal {
    struct Posted {
        /// Its accounts are numbered from 0 on, in the order in which they stand.
        var entry: LedgerCore.Entry
        var accounts: [String]
        var hash: [UInt8] = []
        /// Shown, and covered by no hash.
        var party: String?
        var settledBy: Int64?
    }

    static let number: Int32 = 3

    var tenant = "lingang"
    var key: Curve25519.Signing.PrivateKey
    var entries: [Posted] = []
    var seals: [JournalSeal] = []

    /// `sealEvery` is the number of entries from seal to seal; 0 seals nothing.
    init(seed: UInt64, count: Int, sealEvery: Int = 4) throws {
        var random = SeededRandom(seed: seed)
        key = try Curve25519.Signing.PrivateKey(
            rawRepresentation: (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        for sequence in 1...max(1, Int64(count)) where count > 0 { entries.append(Self.posted(sequence, &random)) }
        chain(from: 0)
        if sealEvery > 0 {
            for sequence in stride(from: sealEvery, through: count, by: sealEvery) { try seal(Int64(sequence)) }
        }
    }

    var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }

    // MARK: Chain and seals

    /// Hashes the entries anew, from the one at `index` on.
    mutating func chain(from index: Int) {
        for index in index..<entries.count {
            var hasher = SHA256()
            hasher.update(data: index == 0 ? [UInt8](repeating: 0, count: 32) : entries[index - 1].hash)
            let accounts = entries[index].accounts
            let text = entries[index].entry.canonicalText(tenant: tenant) { accounts[Int($0.raw)] }
            hasher.update(data: text)
            entries[index].hash = Array(hasher.finalize())
        }
    }

    /// Puts a seal on an entry, as the journal stands.
    mutating func seal(_ sequence: Int64) throws {
        let sealedAt = Moment(microseconds: 1_795_000_000_000_000 + sequence * 1_000_001)
        let hash = entries[Int(sequence) - 1].hash
        let text = JournalSeal.signedText(tenant: tenant, sequence: sequence, hash: hash, sealedAt: sealedAt)
        seals.append(
            JournalSeal(
                tenant: tenant, sequence: sequence, hash: hash, sealedAt: sealedAt, publicKey: publicKey,
                signature: Array(try key.signature(for: Array(text.utf8)))))
    }

    /// All seals made anew, for the journal as it stands.
    mutating func sealAgain() throws {
        let sequences = seals.map(\.sequence).filter { $0 <= entries.count }
        seals = []
        for sequence in sequences { try seal(sequence) }
    }

    // MARK: As an export

    /// The lines of the export, without their ends.
    func lines() async throws -> [[UInt8]] {
        var daemon = SampleDaemon(self)
        var bytes: [UInt8] = []
        var exporter = Exporter(
            tenant: tenant, exportedAt: Moment(microseconds: 1_795_700_000_123_456), write: { bytes += $0 },
            progress: { _ in })
        try await exporter.run(over: &daemon)
        return bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    func name(_ sequence: Int64) -> String { "E\(Self.number)-\(sequence)" }

    // MARK: Made up

    static let texts = [
        "ICBC-77", "工行上海分行 \"77\" 号", "back\\slash \\n \\", "line\nbreak\r\n\ttab", "", "=a=b=", "{\"entry\":1}",
        "e\u{301} é \u{212B} \u{1F1E8}\u{1F1F3}", "\u{7F}\u{85}\u{9F}\u{0}\u{1F}", "財政補助　全角 ＝ \u{2028}", "a/b",
    ]

    private static func posted(_ sequence: Int64, _ random: inout SeededRandom) -> Posted {
        var kind = EntryKind.allCases.randomElement(using: &random) ?? .basis
        let later: Set<EntryKind> = [.settlement, .reversal, .bounce]
        if sequence == 1, later.contains(kind) { kind = .basis }
        let isLater = later.contains(kind)
        var accounts: [String] = []
        let transfers = (0..<Int.random(in: 0...4, using: &random)).map { place in
            accounts += [
                "cap:shanghai|pilot|S-\(place):committed", ["expense:general", "payable:shanghai|P-1"][place % 2],
            ]
            return Transfer(
                debit: AccountID(raw: Int64(place * 2)), credit: AccountID(raw: Int64(place * 2 + 1)),
                amount: Amount(fen: Int64.random(in: 1...9_000_000_000_000_000, using: &random)))
        }
        let names = ["scheme", "subject", "amount", "ref", "evidence"].prefix(Int.random(in: 0...5, using: &random))
        let arguments = names.shuffled(using: &random).map {
            Content.Argument($0, texts.randomElement(using: &random) ?? "")
        }
        let hasStanding = kind != .settlement && Bool.random(using: &random)
        let standing = Receipt.Standing(
            award: "A-\(sequence)", committed: Amount(fen: sequence * 99), disbursed: .zero,
            remaining: [nil, Amount(fen: -5), Amount(fen: 123_456)].randomElement(using: &random) ?? nil)
        let entry = LedgerCore.Entry(
            tenant: number, sequence: sequence, kind: kind, key: "key-\(sequence)",
            date: Day(number: Int32.random(in: -20_000...60_000, using: &random)),
            postedAt: Moment(
                microseconds: 1_790_000_000_000_000 + sequence * Int64.random(in: 1...999_999, using: &random)),
            amount: Amount(fen: Int64.random(in: 0...9_999_999_999, using: &random)), principal: "operator",
            content: Content(verb: kind.verb, arguments: arguments), award: 7,
            target: isLater ? Int64.random(in: 1..<sequence, using: &random) : nil, transfers: transfers,
            standing: hasStanding ? standing : nil)
        return Posted(
            entry: entry, accounts: accounts, party: Bool.random(using: &random) ? "P-1" : nil,
            settledBy: kind == .disbursement ? sequence + 1 : nil)
    }
}

/// Answers JOURNAL and SEALS of one sample, page by page, in the words of a daemon.
struct SampleDaemon: Answering {
    let journal: SampleJournal
    /// Called before each request is answered.
    var beforeAnswer: (inout SampleJournal) throws -> Void = { _ in }
    private var grown: SampleJournal
    private(set) var requests: [String] = []
    var knowsSeals = true

    init(_ journal: SampleJournal) {
        self.journal = journal
        grown = journal
    }

    mutating func answer(_ request: String) async throws -> Reply {
        requests.append(request)
        try beforeAnswer(&grown)
        let words = request.split(separator: " ")
        func number(_ name: String) -> Int64 {
            words.compactMap { $0.hasPrefix("\(name)=") ? Int64($0.dropFirst(name.count + 1)) : nil }.first ?? 0
        }
        let (after, limit) = (number("after"), Int(number("limit")))
        switch words.first {
        case "JOURNAL":
            let page = grown.entries.filter { $0.entry.sequence > after }.prefix(limit)
            return reply([
                Field("entries", .list(page.map { .object(shown($0)) })),
                Field("last", .number(page.last?.entry.sequence ?? after)),
            ])
        case "SEALS" where knowsSeals:
            let page = grown.seals.filter { $0.sequence > after }.prefix(limit)
            return reply([
                Field("seals", .list(page.map { .object($0.fields) })),
                Field("last", .number(page.last?.sequence ?? after)),
            ])
        default:
            return Reply(.error("UNKNOWN_COMMAND {\"message\":\"there is no such verb\"}"))
        }
    }

    private func reply(_ fields: [Field]) -> Reply { Reply(.simple(jsonLine(fields))) }

    /// An entry as JOURNAL shows it.
    private func shown(_ posted: SampleJournal.Posted) -> [Field] {
        let entry = posted.entry
        func name(_ sequence: Int64) -> JSONValue { .text(SequenceName(tenant: entry.tenant, sequence: sequence).text) }
        var fields = [
            Field("entry", name(entry.sequence)), Field("seq", .number(entry.sequence)),
            Field("kind", .text(entry.kind.verb)), Field("key", .text(entry.key)), Field("date", .day(entry.date)),
            Field("posted-at", .text(entry.postedAt.text)), Field("amount", .amount(entry.amount)),
            Field("principal", .text(entry.principal)),
        ]
        if let award = entry.standing?.award ?? (entry.kind == .settlement ? "A-9" : nil) {
            fields.append(Field("award", .text(award)))
        }
        if let party = posted.party { fields.append(Field("party", .text(party))) }
        if let target = entry.target {
            fields.append(Field(entry.kind.relation, name(target)))
        }
        if let settledBy = posted.settledBy { fields.append(Field("settled-by", name(settledBy))) }
        fields.append(Field("content", .object(entry.content.arguments.map { Field($0.name, .text($0.value)) })))
        let transfers = entry.transfers.enumerated().map { place, transfer in
            JSONValue.object([
                Field("debit", .text(posted.accounts[place * 2])),
                Field("credit", .text(posted.accounts[place * 2 + 1])),
                Field("amount", .amount(transfer.amount)),
            ])
        }
        fields.append(Field("transfers", .list(transfers)))
        if let after = entry.standing {
            fields.append(
                Field(
                    "after",
                    .object([
                        Field("committed", .amount(after.committed)), Field("disbursed", .amount(after.disbursed)),
                        Field("remaining", .optional(after.remaining)),
                    ])))
        }
        return fields + [Field("hash", .text(Hexadecimal.text(posted.hash)))]
    }
}

/// What `verify` makes of the lines of a file.
enum VerifyOutcome: Equatable {
    case proved(ProvedJournal)
    case disproved(Disproof)
    /// It is no export at all.
    case unusable

    var disproof: Disproof? { if case .disproved(let disproof) = self { disproof } else { nil } }
    var proved: ProvedJournal? { if case .proved(let journal) = self { journal } else { nil } }

    /// `pieces` is how many bytes are read at once, and the least that a block has.
    static func of(
        _ file: [UInt8], key: [UInt8], witness: JournalSeal? = nil, pieces: Int = 1_500
    ) async throws -> VerifyOutcome {
        var rest = file[...]
        let blocks = ExportBlocks(size: pieces) {
            defer { rest = rest.dropFirst(pieces) }
            return Array(rest.prefix(pieces))
        }
        guard let key = SealKey(bytes: key) else { return .unusable }
        do {
            return .proved(try await Verifier(key: key, witness: witness, progress: { _ in }).prove(blocks))
        } catch let disproof as Disproof {
            return .disproved(disproof)
        } catch is Misuse {
            return .unusable
        }
    }

    static func of(_ lines: [[UInt8]], key: [UInt8], witness: JournalSeal? = nil) async throws -> VerifyOutcome {
        try await of(Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()), key: key, witness: witness)
    }
}
