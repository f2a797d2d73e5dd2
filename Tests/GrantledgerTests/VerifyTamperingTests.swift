import Foundation
import LedgerCore
import TestKit
import Testing

@testable import CommandLineTool

/// Whatever is done to an export, `verify` refuses it and names the first entry that is wrong.
@Suite struct VerifyTamperingTests {
    private struct Sample {
        let journal: SampleJournal
        let lines: [[UInt8]]

        init(seed: UInt64, count: Int = 10, sealEvery: Int = 4) async throws {
            journal = try SampleJournal(seed: seed, count: count, sealEvery: sealEvery)
            lines = try await journal.lines()
        }

        func verdict(on lines: [[UInt8]], witness: JournalSeal? = nil) async throws -> VerifyOutcome {
            try await VerifyOutcome.of(lines, key: journal.publicKey, witness: witness)
        }

        /// The place of an entry among the lines: seals stand between.
        func place(of sequence: Int) -> Int { sequence + journal.seals.count { $0.sequence < sequence } }

        /// What stands on a line, counted from 1: an entry's name, or what begins the line.
        func subject(ofLine line: Int) -> String {
            guard line <= lines.count else { return "nothing" }
            for sequence in 1...journal.entries.count where place(of: sequence) == line - 1 {
                return journal.name(Int64(sequence))
            }
            return String(decoding: lines[line - 1].prefix(6), as: UTF8.self)
        }
    }

    // MARK: Bytes

    @Test(arguments: 0..<40 as Range<UInt64>) func anyChangedByteIsFound(seed: UInt64) async throws {
        let sample = try await Sample(seed: seed)
        let file = Array(sample.lines.map { $0 + [UInt8(ascii: "\n")] }.joined())
        var random = SeededRandom(seed: seed)
        for _ in 0..<120 {
            let place = Int.random(in: file.indices, using: &random)
            var changed = file
            // Often a bit or a digit, which keeps the line readable.
            changed[place] =
                Bool.random(using: &random)
                ? file[place] ^ 1 << UInt8.random(in: 0...7, using: &random)
                : UInt8.random(in: 0...255, using: &random)
            guard changed[place] != file[place] else { continue }
            let verdict = try await VerifyOutcome.of(changed, key: sample.journal.publicKey)
            let line = 1 + file[..<place].count { $0 == UInt8(ascii: "\n") }
            let what = Comment(
                rawValue: "seed \(seed), byte \(place), line \(line): \(file[place]) to \(changed[place])")
            guard line > 1 else {
                // Nothing proves when the file was made.
                let header = ExportHeader(line: changed.prefix { $0 != UInt8(ascii: "\n") })
                let original = ExportHeader(line: sample.lines[0][...])
                let isOtherMoment = header != nil && header?.exportedAt != original?.exportedAt
                #expect((verdict.proved == nil) != isOtherMoment, what)
                continue
            }
            let disproof = try #require(verdict.disproof, what)
            #expect(disproof.line == line, what)
            let subject = sample.subject(ofLine: line)
            if subject.hasPrefix("E") { #expect(disproof.entry == subject, what) }
            if disproof.wrong == .seal {
                #expect(line > 2 && disproof.entry == sample.subject(ofLine: line - 1), what)
            }
        }
    }

    @Test func aFileThatIsCutAnywhereIsRefused() async throws {
        let sample = try await Sample(seed: 7, count: 2, sealEvery: 1)
        let file = Array(sample.lines.map { $0 + [UInt8(ascii: "\n")] }.joined())
        for length in file.indices {
            let verdict = try await VerifyOutcome.of(Array(file[..<length]), key: sample.journal.publicKey)
            guard length > sample.lines[0].count else {
                #expect(verdict == .unusable, "\(length)")
                continue
            }
            #expect(verdict.disproof?.wrong == .cut, "\(length)")
            #expect(verdict.disproof?.line == 1 + file[..<length].count { $0 == UInt8(ascii: "\n") }, "\(length)")
        }
        #expect(try await VerifyOutcome.of(file, key: sample.journal.publicKey).proved != nil)
    }

    @Test(arguments: [
        (#"{"end":{"entries":10"#, #"{"end":{"entries":9"#, "E3-10", Disproof.Wrong.inserted),
        (#"{"end":{"entries":10"#, #"{"end":{"entries":11"#, "E3-11", .missing),
        (#""seals":2"#, #""seals":1"#, "E3-10", .seal), (#""seals":2"#, #""seals":02"#, "E3-11", .changed),
        (#""seals":2"#, #""more":0,"seals":2"#, "E3-11", .changed),
        (#"{"seal":{"tenant""#, #"{"seal":{"more":0,"tenant""#, "E3-8", .seal),
        (#"{"seal":{"tenant""#, #"{"more":0,"seal":{"tenant""#, "E3-9", .changed),
    ])
    func otherLinesHaveOneSpellingToo(
        original: String, other: String, entry: String, wrong: Disproof.Wrong
    ) async throws {
        let sample = try await Sample(seed: 1)
        var lines = sample.lines
        let line = try #require(lines.lastIndex { String(decoding: $0, as: UTF8.self).contains(original) })
        lines[line] = Array(String(decoding: lines[line], as: UTF8.self).replacing(original, with: other).utf8)
        let disproof = try await sample.verdict(on: lines).disproof
        #expect(disproof?.entry == entry)
        #expect(disproof?.wrong == wrong)
    }

    // MARK: Entries

    @Test(arguments: 0..<6 as Range<UInt64>) func aDroppedEntryIsMissed(seed: UInt64) async throws {
        let sample = try await Sample(seed: seed)
        for sequence in 1...10 {
            var lines = sample.lines
            lines.remove(at: sample.place(of: sequence))
            let disproof = try await sample.verdict(on: lines).disproof
            #expect(disproof?.wrong == .missing, "\(sequence)")
            #expect(disproof?.entry == "E3-\(sequence)")
            #expect(disproof?.line == sample.place(of: sequence) + 1)
        }
    }

    /// Without a seal on them, the last line still says how many there were.
    @Test func aDroppedEndIsMissed() async throws {
        let sample = try await Sample(seed: 1)
        var lines = sample.lines
        lines.removeSubrange(sample.place(of: 9)...sample.place(of: 10))
        #expect(
            try await sample.verdict(on: lines).disproof?.description
                == "E3-9, line 12: missing: the last line counts 10 entries and 2 seals, and 8 and 2 stand here")
    }

    @Test(arguments: 0..<6 as Range<UInt64>) func swappedEntriesAreFound(seed: UInt64) async throws {
        let sample = try await Sample(seed: seed)
        for (first, second) in (1...10).flatMap({ first in ((first + 1)..<11).map { (first, $0) } }) {
            var lines = sample.lines
            lines.swapAt(sample.place(of: first), sample.place(of: second))
            let disproof = try await sample.verdict(on: lines).disproof
            // A seal that stands between them hides that the entry is still there, farther down.
            let isBehindSeal = sample.subject(ofLine: sample.place(of: first) + 2).hasPrefix("{")
            #expect(disproof?.wrong == (isBehindSeal ? .missing : .swapped), "\(first) and \(second)")
            #expect(disproof?.entry == "E3-\(first)", "\(first) and \(second)")
            #expect(disproof?.line == sample.place(of: first) + 1)
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>) func anEntryThatStandsTwiceIsFound(seed: UInt64) async throws {
        let sample = try await Sample(seed: seed)
        for (sequence, later) in (1...10).flatMap({ first in (first...10).map { (first, $0) } }) {
            var lines = sample.lines
            let place = sample.place(of: later) + 1
            lines.insert(sample.lines[sample.place(of: sequence)], at: place)
            let disproof = try await sample.verdict(on: lines).disproof
            #expect(disproof?.wrong == .inserted, "\(sequence) behind \(later)")
            #expect(disproof?.entry == "E3-\(sequence)")
            #expect(disproof?.line == place + 1)
        }
    }

    /// An entry of another journal of the same tenant: its hash follows on another entry.
    @Test(arguments: 0..<6 as Range<UInt64>) func aForeignEntryIsFound(seed: UInt64) async throws {
        let sample = try await Sample(seed: seed)
        let other = try await Sample(seed: seed + 1_000)
        for sequence in 1...10 {
            let place = sample.place(of: sequence)
            var replaced = sample.lines
            replaced[place] = other.lines[other.place(of: sequence)]
            var inserted = sample.lines
            inserted.insert(other.lines[other.place(of: sequence)], at: place)
            // The first entry follows on none: it is the next one, or the seal, that does not follow on it.
            let wrong = sequence == 1 ? "E3-2" : "E3-\(sequence)"
            #expect(try await sample.verdict(on: replaced).disproof?.entry == wrong)
            let disproof = try await sample.verdict(on: inserted).disproof
            #expect(disproof?.entry == "E3-\(sequence)")
            #expect(disproof?.wrong == (sequence == 1 ? .inserted : .changed))
        }
    }

    @Test func anEntryThatMovesNothingIsUnsound() async throws {
        for isSelf in [true, false] {
            var journal = try SampleJournal(seed: 5, count: 6, sealEvery: 0)
            journal.entries[2].accounts = ["cash:general", isSelf ? "cash:general" : "expense:general"]
            journal.entries[2].entry.transfers = [
                Transfer(
                    debit: AccountID(raw: 0), credit: AccountID(raw: 1), amount: isSelf ? Amount(fen: 1) : .zero)
            ]
            journal.chain(from: 2)
            try journal.seal(6)
            let disproof = try await VerifyOutcome.of(try await journal.lines(), key: journal.publicKey).disproof
            #expect(disproof?.wrong == .unsound)
            #expect(disproof?.entry == "E3-3")
        }
    }

    /// Two lines of which one text could be made: the hash would be the same, and what people read would not.
    @Test(arguments: [
        (#""ref":"x=y""#, #""ref=x":"y""#), (#""ref":"x=y","evidence""#, #""evidence":"x=y","ref""#),
        (#""principal":"operator""#, #""principal":"operator","party":"P-9""#),
        (#""kind":"REVERSE""#, #""kind":"REVERSE","kind":"REVERSE""#), (#""seq":2,"#, #""seq":02,"#),
        (#""seq":2,"#, #""seq":2.0,"#), (#""seq":2,"#, #""seq":1,"#), (#""entry":"E3-2""#, #""entry":"E4-2""#),
        (#""reverses":"E3-1""#, #""reverses":"E4-1""#), (#""reverses":"E3-1""#, #""reverses":"E3-01""#),
        (#""reverses":"E3-1""#, #""settles":"E3-1""#), (#""amount":"1.00""#, #""amount":"01.00""#),
        (#""disbursed":"0.00""#, #""disbursed":"-0.00""#), (#""disbursed":"0.00""#, #""disbursed":"0.000""#),
        (#""remaining":null"#, #""remaining":"-""#), (#""key":"key-2""#, #""key": "key-2""#),
        (#""key":"key-2""#, #""key":"key\u002d2""#), (#"/b\n"#, #"\/b\n"#), (#"/b\n"#, #"/b\u000a"#),
        (#"\u0085"#, "\u{85}"), (#"\u0085"#, #"\u0085\u"#), (#"\u001f"#, #"\u001F"#), (#"\u001f"#, "\u{1F}"),
        (#"\t"#, #"\u0009"#), (#"\t"#, "\t"), ("2026-09-21T", "2026-09-21t"), ("}}", "}} "), ("}}", "},\"more\":1}"),
    ])
    func whatTheHashDoesNotTellApartIsRefused(original: String, other: String) async throws {
        var journal = try SampleJournal(seed: 5, count: 2, sealEvery: 0)
        journal.entries[1] = SampleJournal.Posted(
            entry: LedgerCore.Entry(
                tenant: 3, sequence: 2, kind: .reversal, key: "key-2", date: Day(number: 20_000),
                postedAt: Moment(microseconds: 1_790_000_000_000_000), amount: Amount(fen: 100), principal: "operator",
                content: Content(
                    verb: "REVERSE",
                    arguments: [Content.Argument("ref", "x=y"), Content.Argument("evidence", "a/b\n\u{85}\u{1F}\t")]),
                target: 1,
                transfers: [Transfer(debit: AccountID(raw: 0), credit: AccountID(raw: 1), amount: Amount(fen: 5))],
                standing: Receipt.Standing(award: "A-1", committed: .zero, disbursed: .zero, remaining: nil)),
            accounts: ["expense:general", "payable:shanghai|P-1"])
        journal.chain(from: 1)
        try journal.seal(2)
        var lines = try await journal.lines()
        #expect(try await VerifyOutcome.of(lines, key: journal.publicKey).proved != nil)
        let line = String(decoding: lines[2], as: UTF8.self)
        let place = try #require(line.ranges(of: original).last)
        lines[2] = Array(line.replacingCharacters(in: place, with: other).utf8)
        let disproof = try await VerifyOutcome.of(lines, key: journal.publicKey).disproof
        #expect(disproof?.wrong == .changed)
        #expect(disproof?.entry == "E3-2")
    }
}
