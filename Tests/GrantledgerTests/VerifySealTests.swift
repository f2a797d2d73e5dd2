import Crypto
import Foundation
import LedgerCore
import LineProtocol
import Testing

@testable import CommandLineTool

/// What the seals prove, and what only a seal proves that was kept elsewhere.
@Suite struct VerifySealTests {
    @Test(arguments: 0..<40 as Range<UInt64>) func anExportIsProved(seed: UInt64) async throws {
        let count = Int(seed)
        let journal = try SampleJournal(seed: seed, count: count, sealEvery: 3)
        let file = Array(try await journal.lines().map { $0 + [UInt8(ascii: "\n")] }.joined())
        for pieces in [1, 100, 1_500, 1 << 16] {
            let verdict = try await VerifyOutcome.of(file, key: journal.publicKey, pieces: pieces)
            guard let last = journal.seals.last else {
                #expect(verdict.disproof?.wrong == .unsealed)
                continue
            }
            let proved = try #require(verdict.proved)
            #expect(proved.entries == count)
            #expect(proved.seals == count / 3)
            #expect(proved.sealed == last)
            #expect(proved.sealedName == "E3-\(count / 3 * 3)")
        }
    }

    @Test func theReportSaysUpToWhereItIsSealed() async throws {
        let journal = try SampleJournal(seed: 1, count: 10)
        let verdict = try await VerifyOutcome.of(
            try await journal.lines(), key: journal.publicKey, witness: journal.seals[0])
        #expect(
            verdict.proved?.lines == [
                "lingang: 10 entries and 2 seals hold; no entry was changed, dropped, put in or moved",
                "sealed up to E3-8, at \(journal.seals[1].sealedAt.text)",
                "the seal that was got earlier, of E3-4, is in this journal",
                "2 entries after that are not sealed yet: the chain alone holds them",
            ])
    }

    // MARK: Who cannot sign

    /// Somebody rewrites an entry and all hashes behind it, without the private key.
    @Test(arguments: 1...10) func anEntryThatIsWrittenAnewDoesNotFitTheNextSeal(sequence: Int) async throws {
        var journal = try SampleJournal(seed: 11, count: 10)
        journal.entries[sequence - 1].entry.amount = Amount(fen: 12_345)
        journal.chain(from: sequence - 1)
        let verdict = try await VerifyOutcome.of(try await journal.lines(), key: journal.publicKey)
        if sequence <= 8 {
            #expect(verdict.disproof?.wrong == .seal)
            #expect(verdict.disproof?.entry == (sequence <= 4 ? "E3-4" : "E3-8"))
        } else {
            // Behind the last seal only the chain holds, and the report says so.
            #expect(verdict.proved?.sealedName == "E3-8")
        }
    }

    @Test func anotherKeyIsRefused() async throws {
        let journal = try SampleJournal(seed: 1, count: 6)
        let other = try SampleJournal(seed: 2, count: 6)
        let disproof = try await VerifyOutcome.of(try await journal.lines(), key: other.publicKey).disproof
        #expect(disproof?.wrong == .seal)
        #expect(disproof?.entry == "E3-4")
        #expect(disproof?.reason.contains(Hexadecimal.text(journal.publicKey)) == true)
    }

    /// Somebody seals with a key of their own, and writes the daemon's beside it.
    @Test func anotherKeyThatCallsItselfTheRightOneIsRefused() async throws {
        var journal = try SampleJournal(seed: 1, count: 6)
        let right = journal.publicKey
        journal.key = try SampleJournal(seed: 2, count: 1).key
        try journal.sealAgain()
        for index in journal.seals.indices { journal.seals[index].publicKey = right }
        #expect(try await VerifyOutcome.of(try await journal.lines(), key: right).disproof?.wrong == .seal)
    }

    @Test func aSealOfAnotherTenantIsRefused() async throws {
        var journal = try SampleJournal(seed: 1, count: 6)
        var other = journal
        other.tenant = "pudong"
        try other.sealAgain()
        journal.seals = other.seals
        let disproof = try await VerifyOutcome.of(try await journal.lines(), key: journal.publicKey).disproof
        #expect(disproof?.description == "E3-4, line 6: seal: the seal behind it is of the journal of pudong")
    }

    @Test func anExportThatCallsItselfAnotherTenantsIsRefused() async throws {
        let journal = try SampleJournal(seed: 1, count: 6)
        var lines = try await journal.lines()
        lines[0] = Array(String(decoding: lines[0], as: UTF8.self).replacing("lingang", with: "pudong").utf8)
        let disproof = try await VerifyOutcome.of(lines, key: journal.publicKey).disproof
        #expect(disproof?.wrong == .changed)
        #expect(disproof?.entry == "E3-1")
    }

    @Test(arguments: [
        ("{\"format\"", "{\"more\":1,\"format\""), ("}", "} "), ("-1\"", "-2\""), ("lingang", "lin gang"),
        ("\"number\":3", "\"number\":03"),
    ])
    func whatIsNotTheFirstLineOfAnExportIsUnusable(original: String, other: String) async throws {
        let journal = try SampleJournal(seed: 1, count: 6)
        var lines = try await journal.lines()
        let head = String(decoding: lines[0], as: UTF8.self)
        try #require(head.contains(original))
        lines[0] = Array(head.replacing(original, with: other).utf8)
        #expect(try await VerifyOutcome.of(lines, key: journal.publicKey) == .unusable)
    }

    @Test func aSealThatWasDroppedMovedOrDoubledIsFound() async throws {
        let journal = try SampleJournal(seed: 3, count: 9)
        let lines = try await journal.lines()
        let places = lines.indices.filter { lines[$0].starts(with: Array("{\"seal\"".utf8)) }
        try #require(places == [5, 10])
        var dropped = lines
        dropped.remove(at: 5)
        #expect(try await VerifyOutcome.of(dropped, key: journal.publicKey).disproof?.wrong == .seal)
        var swapped = lines
        swapped.swapAt(5, 10)
        #expect(
            try await VerifyOutcome.of(swapped, key: journal.publicKey).disproof?.description
                == "E3-5, line 6: missing: the seal of E3-8 stands in its place")
        var doubled = lines
        doubled.insert(lines[5], at: 6)
        #expect(try await VerifyOutcome.of(doubled, key: journal.publicKey).disproof?.wrong == .inserted)
        var late = lines
        late.insert(late.remove(at: 5), at: 6)
        #expect(try await VerifyOutcome.of(late, key: journal.publicKey).disproof?.wrong == .inserted)
    }

    @Test func whatStandsBehindTheLastLineIsFound() async throws {
        let journal = try SampleJournal(seed: 3, count: 5)
        let lines = try await journal.lines()
        let file = Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined())
        for more in lines.dropFirst() + [[], Array("x".utf8)] {
            for isWholeLine in [true, false] where isWholeLine || !more.isEmpty {
                let longer = file + more + (isWholeLine ? [UInt8(ascii: "\n")] : [])
                let disproof = try await VerifyOutcome.of(longer, key: journal.publicKey).disproof
                #expect(disproof?.wrong == .inserted)
                #expect(disproof?.line == lines.count + 1)
            }
        }
    }

    // MARK: Who can sign

    @Test(arguments: 1...10) func aJournalWrittenWhollyAnewLacksWhatWasSealedEarlier(sequence: Int) async throws {
        var journal = try SampleJournal(seed: 11, count: 10)
        let witness = journal.seals[0]
        journal.entries[sequence - 1].entry.amount = Amount(fen: 12_345)
        journal.chain(from: sequence - 1)
        try journal.sealAgain()
        let lines = try await journal.lines()
        #expect(try await VerifyOutcome.of(lines, key: journal.publicKey).proved != nil)
        let verdict = try await VerifyOutcome.of(lines, key: journal.publicKey, witness: witness)
        if sequence <= 4 {
            #expect(verdict.disproof?.wrong == .seal)
            #expect(verdict.disproof?.entry == "E3-4")
        } else {
            #expect(verdict.proved?.witness == "E3-4")
        }
    }

    /// Cut back by anybody, or by who can sign it anew.
    @Test(arguments: [false, true]) func aJournalThatLostItsEndLacksWhatWasSealedEarlier(isSigned: Bool) async throws {
        var journal = try SampleJournal(seed: 11, count: 10)
        let witness = journal.seals[1]
        journal.entries.removeLast(3)
        journal.seals.removeLast()
        if isSigned { try journal.seal(7) }
        let lines = try await journal.lines()
        let proved = try await VerifyOutcome.of(lines, key: journal.publicKey).proved
        #expect(proved?.entries == 7)
        #expect(proved?.sealedName == (isSigned ? "E3-7" : "E3-4"))
        let disproof = try await VerifyOutcome.of(lines, key: journal.publicKey, witness: witness).disproof
        #expect(disproof?.wrong == .missing)
        #expect(disproof?.entry == "E3-8")
    }

    /// The daemon's tables lost the end of a journal whose seals are still there.
    @Test func aSealBeyondTheEndOfTheJournalIsEvidence() async throws {
        var journal = try SampleJournal(seed: 11, count: 10)
        journal.entries.removeLast(3)
        let disproof = try await VerifyOutcome.of(try await journal.lines(), key: journal.publicKey).disproof
        #expect(disproof?.description == "E3-8, line 10: missing: the seal of E3-8 stands in its place")
    }

    @Test func aSealThatWasKeptIsEnoughWhereTheExportHasNone() async throws {
        let sealed = try SampleJournal(seed: 11, count: 10)
        var bare = sealed
        bare.seals = []
        let lines = try await bare.lines()
        #expect(try await VerifyOutcome.of(lines, key: bare.publicKey).disproof?.wrong == .unsealed)
        let proved = try await VerifyOutcome.of(lines, key: bare.publicKey, witness: sealed.seals[1]).proved
        #expect(proved?.sealed == sealed.seals[1])
    }

    @Test func aKeptSealMustBeSignedByTheKeyAndOfTheTenant() async throws {
        let journal = try SampleJournal(seed: 11, count: 10)
        let lines = try await journal.lines()
        var forged = journal.seals[1]
        forged.sequence = 7
        #expect(
            try await VerifyOutcome.of(lines, key: journal.publicKey, witness: forged).disproof?.description
                == "E3-7: seal: the seal that was got earlier is not signed by the public key")
        var other = journal.seals[1]
        other.tenant = "pudong"
        #expect(try await VerifyOutcome.of(lines, key: journal.publicKey, witness: other) == .unusable)
    }
}

/// The seal's own texts, on which daemon and auditor must agree for ever.
@Suite struct VerifySealTextTests {
    private let seal = JournalSeal(
        tenant: "lingang", sequence: 42, hash: (0..<32).map { $0 * 8 },
        sealedAt: Moment(microseconds: 1_795_444_149_000_123),
        publicKey: [UInt8](repeating: 0xAB, count: 32), signature: [UInt8](repeating: 0x0F, count: 64))

    @Test func whatIsSignedIsReadable() {
        #expect(
            seal.signedText == """
                grantledger-seal-1
                lingang
                42
                0008101820283038404850586068707880889098a0a8b0b8c0c8d0d8e0e8f0f8
                1795444149000123

                """)
    }

    @Test func aReplyIsReadBack() throws {
        let json = try JSONText(jsonLine(seal.fields + [Field("more", .flag(true))]))
        #expect(JournalSeal(json) == seal)
        #expect(json["sealed-at"]?.string == "2026-11-23T14:29:09.000123Z")
    }

    @Test func whatIsNoSealIsNotReadAsOne() throws {
        for index in seal.fields.indices {
            var fields = seal.fields
            let name = fields.remove(at: index).name
            #expect(JournalSeal(try JSONText(jsonLine(fields))) == nil, "without \(name)")
            fields.append(Field(name, .text("x\n")))
            #expect(JournalSeal(try JSONText(jsonLine(fields))) == nil, "with another \(name)")
        }
    }

    @Test func momentsAreReadToTheMicrosecond() {
        for microseconds in [0, 1, 999_999, 1_795_444_149_000_123, 253_402_300_799_999_999, -2_208_988_800_000_000]
            as [Int64]
        {
            let moment = Moment(microseconds: microseconds)
            #expect(Moment(moment.text) == moment)
        }
        for text in [
            "", "2026-11-23", "2026-11-23T14:29:09Z", "2026-11-23T24:00:00.000000Z", "2026-11-23T14:60:00.000000Z",
            "2026-11-23T14:29:09.000123+", "2026-11-23 14:29:09.000123Z", "2026-02-30T14:29:09.000123Z",
            "2026-11-23T+4:29:09.000123Z", "２026-11-23T14:29:09.000123",
        ] {
            #expect(Moment(text) == nil, "\(text)")
        }
    }

    @Test func hexadecimalDigitsAreReadBack() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hexadecimal.text(bytes)
        #expect(Hexadecimal.bytes(text, count: 256) == bytes)
        for wrong in ["", "0", "0g", "000", " 0", "+0", "AB"] { #expect(Hexadecimal.bytes(wrong, count: 1) == nil) }
    }
}

@Suite struct VerifyKeyTests {
    // By `openssl genpkey -algorithm ed25519 | openssl pkey -pubout`.
    private static let pem = """
        -----BEGIN PUBLIC KEY-----
        MCowBQYDK2VwAyEA6CCalGchReFftuH5eFguljJhcMVjhPa1/Qy8ayeDRiw=
        -----END PUBLIC KEY-----

        """
    private static let digits = "e8209a94672145e15fb6e1f978582e96326170c56384f6b5fd0cbc6b2783462c"

    private func read(_ text: String) throws -> SealKey {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("key-\(UUID().uuidString)").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try SealKey(argument: path)
    }

    @Test func aKeyIsReadInEveryForm() throws {
        let bytes = try #require(Hexadecimal.bytes(Self.digits, count: 32))
        #expect(try SealKey(argument: Self.digits).bytes == bytes)
        #expect(try read(Self.digits.uppercased() + "\n").bytes == bytes)
        #expect(try read(Self.pem).bytes == bytes)
        #expect(try read(Self.pem.replacing("\n", with: "\r\n")).bytes == bytes)
    }

    @Test func whatIsNoKeyIsMisuse() {
        let private64 = "MC4CAQAwBQYDK2VwBCIEIHkyNXTtb+VVd0GeNQ1FYcUVDl0zTGQqOyMHaRRoRUck"
        for text in [
            "", "00", Self.digits + Self.digits, Self.digits + "\n" + Self.digits,
            Self.pem.replacing("MCowBQYDK2Vw", with: "MCowBQYDK2Vu"),
            "-----BEGIN PRIVATE KEY-----\n\(private64)\n-----END PRIVATE KEY-----\n",
            Self.pem.replacing("-----END PUBLIC KEY-----", with: ""),
        ] {
            #expect(throws: Misuse.self, "\(text)") { try read(text) }
        }
        #expect(throws: Misuse.self) { try SealKey(argument: "/nowhere/seal.pub") }
    }
}
