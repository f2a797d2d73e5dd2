import BankStatements
import Foundation
import LedgerCore
import Testing

/// Files that are meant to hurt, or were hurt on the way.
@Suite(.serialized) struct HostileFileTests {
    private static let good = CamtWriter().document

    /// The prologue of a good file replaced, or something put in at its `<Ntry>`.
    @Test(
        arguments: [
            ("<!DOCTYPE Document>", .declaration, 2, "<!DOCTYPE"),
            ("<!DOCTYPE d [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>", .declaration, 2, "<!DOCTYPE"),
            ("<!DOCTYPE d SYSTEM \"file:///etc/passwd\">", .declaration, 2, "<!DOCTYPE"),
            ("<!ENTITY x SYSTEM \"http://127.0.0.1/\">", .declaration, 2, "<!ENTITY"),
            ("<?target?>", .syntax, 2, "an instruction without a content: \"<?target?>\""),
            ("<?target ?>", .syntax, 2, "without a content"),
            ("<?\(String(repeating: "x", count: 300)) y?>", .syntax, 2, "without a content"),
            ("\u{0}", .encoding, 2, "byte 0x0"),
        ] as [(String, StatementError.Kind, Int, String)])
    func aPrologue(prologue: String, kind: StatementError.Kind, line: Int, words: String) {
        let parts = Self.good.split(separator: "\n", maxSplits: 1)
        let error = refusal { _ = try read(camt: "\(parts[0])\n\(prologue)\n\(parts[1])") }
        #expect(error?.kind == kind)
        #expect(error?.line == line)
        #expect(error?.description.contains(words) == true)
    }

    @Test(
        arguments: [
            (String(repeating: "<x>", count: 100), .tooLarge, "nested more than 64 deep"),
            (
                "<x>" + String(repeating: "y", count: 70_000) + "</x>", .tooLarge,
                "a tag or text of more than 65536 bytes"
            ),
            ("<x y=\"" + String(repeating: "z", count: 70_000) + "\"/>", .tooLarge, "a tag or text"),
            ("<" + String(repeating: "x", count: 70_000), .tooLarge, "a tag or text"),
            ("<!--" + String(repeating: "-", count: 70_000), .tooLarge, "a tag or text"),
            ("<![CDATA[" + String(repeating: "]", count: 70_000), .tooLarge, "a tag or text"),
            (String(repeating: " \n", count: 40_000), .tooLarge, "a tag or text"),
        ] as [(String, StatementError.Kind, String)])
    func anInsertion(text: String, kind: StatementError.Kind, words: String) {
        let error = refusal { _ = try read(camt: Self.good.replacing("<Ntry>", with: "\(text)<Ntry>")) }
        #expect(error?.kind == kind)
        #expect((error?.line ?? 0) >= 8)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// The parser keeps names, prefixes, namespaces and targets of instructions, so that there may not be ever new ones.
    @Test(
        arguments: [
            { "<x\($0)/>" }, { "<x y\($0)='1'/>" }, { "<x xmlns:y='urn:\($0)'/>" }, { "<x xmlns:y\($0)='urn:y'/>" },
            { "<?x\($0) y?>" },
        ] as [@Sendable (Int) -> String])
    func everNewNames(element: @Sendable (Int) -> String) {
        let text = (0..<20_000).map(element).joined()
        let error = refusal { _ = try read(camt: Self.good.replacing("<Ntry>", with: "\(text)<Ntry>")) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.description.contains("the tags have names and attributes of more than") == true)
    }

    /// Overlong forms, surrogates, what is above Unicode, what is cut short, and other encodings.
    @Test(
        arguments: [
            [0xFF], [0xC0, 0xAF], [0xC1, 0x80], [0xE0, 0x9F, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x8F, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE4, 0xB8], [0x80], [0xC9, 0xCF],
        ] as [[UInt8]])
    func whatIsNotUTF8(bytes: [UInt8]) {
        let parts = Self.good.split(separator: "<Id>S1", maxSplits: 1)
        let file = Array(parts[0].utf8) + Array("<Id>".utf8) + bytes + Array(parts[1].utf8)
        let error = refusal { _ = try read(camt: file) }
        #expect(error?.kind == .encoding)
        #expect(error?.line == 5)
    }

    @Test func otherFilesThanXML() {
        for text in ["", " \n", "%PDF-1.7\n", "date,amount\n2026-11-23,1.00\n", "PK\u{3}\u{4}", "{\"a\":1}"] {
            #expect(refusal { _ = try read(camt: text) } != nil, "\(text)")
        }
        let utf16 = Self.good.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(refusal { _ = try read(camt: utf16) }?.kind == .encoding)
    }

    /// Cut anywhere before its last tag ends, a file is refused as what it is.
    @Test func everyTruncation() {
        let bytes = Array(Self.good.utf8)
        let end = bytes.lastIndex(of: UInt8(ascii: ">")) ?? 0
        for length in 0...end {
            let error = refusal { _ = try read(camt: Array(bytes[..<length]), chunkSize: 100) }
            #expect(error?.kind == .truncated || error?.kind == .format, "\(length): \(error?.description ?? "")")
        }
        #expect(throws: Never.self) { try read(camt: Array(bytes[...end])) }
    }

    /// Whatever byte is whatever else, the reader says yes or no; and yes only to what still adds up.
    @Test func everyByteChanged() {
        let bytes = Array(Self.good.utf8)
        for position in bytes.indices {
            for byte in [UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: "9"), UInt8(ascii: ">"), 0x20, 0xE4] {
                var changed = bytes
                changed[position] = byte
                do {
                    let items = try read(camt: changed)
                    #expect(
                        items.allSatisfy { $0.statement.opening + $0.lines.map(\.amount).sum() == $0.statement.closing }
                    )
                } catch let error as StatementError {
                    let isOneLine = !error.description.contains(where: \.isNewline)
                    #expect(isOneLine)
                } catch {
                    Issue.record("\(position): \(error)")
                }
            }
        }
    }

    @Test func anEntryHasOnlySoManyTransactions() {
        var file = CamtWriter()
        file.entries[0].transactions = Array(repeating: .init(amount: "0.01"), count: 50_001)
        let error = refusal { _ = try read(camt: file.document) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.line == 8)
        #expect(error?.description.contains("more than 50000 transactions") == true)
        let long = String(repeating: "x", count: 60_000)
        file.entries[0].transactions = [.init(remittance: [long, long])]
        #expect(refusal { _ = try read(camt: file.document) }?.description.contains("more than 64 KiB") == true)
        file.entries[0].transactions = Array(repeating: .init(remittance: [long]), count: 300)
        #expect(refusal { _ = try read(camt: file.document) }?.description.contains("more than 16 MiB") == true)
    }

    /// Elements that are passed over do not make a text, or a statement's name, endless.
    @Test(arguments: [
        ("<Id>", "a text of more than 65536 bytes", 20), ("<Id>", "a value of more than 500 bytes: \"xxx", 1),
    ])
    func aTextInPieces(element: String, words: String, count: Int) {
        let piece = String(repeating: "x", count: 5_000) + "<y/>"
        let pieces = element + String(repeating: piece, count: count)
        let error = refusal { _ = try read(camt: Self.good.replacing("<Id>S1", with: pieces)) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.line == 5)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func aFileHasOnlySoManyStatements() {
        let file = CamtWriter(entries: [])
        let one = file.statement.replacing("1100.00", with: "1000.00")
        let many = (0...10_000).map { one.replacing("6222000011112222", with: "A\($0)") }.joined()
        let whole = file.document.replacing(file.statement, with: many)
        let error = refusal { _ = try read(camt: Array(whole.utf8), chunkSize: 65_536) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.description.contains("more than 10000 statements") == true)
    }

    /// A file of 25 MB, made while it is read: each line comes as soon as its bytes have, and nothing stays in memory.
    @Test func aLargeFileIsReadInBoundedMemory() throws {
        let entry = Array((CamtWriter().entry(.init(amount: "1.00", text: "grant for 临港精工")) + "\n").utf8)
        let count = 25_000_000 / entry.count
        var file = CamtWriter(entries: [])
        file.balances[1].1 = "\(1_000 + count).00"
        let parts = file.document.split(separator: "</Stmt>", maxSplits: 1)
        let block = Array(repeatElement(entry, count: 100).joined())
        var blocks = [Array(parts[0].utf8)]
        var left = count
        var lines = 0
        var given = 0
        var latest = 0
        var proven: BankStatement?
        let before = try #require(residentBytes())
        var most = before
        try StatementReader().read {
            if let next = blocks.popLast() { return next }
            guard left > 0 else { return [] }
            let take = min(left, 100)
            left -= take
            given += take
            if left == 0 { blocks.append(Array("</Stmt>\(parts[1])".utf8)) }
            return take == 100 ? block : Array(block[..<(take * entry.count)])
        } receive: { event in
            switch event {
            case .line:
                lines += 1
                latest = max(latest, given - lines)
                if lines % 1_000 == 0 { most = max(most, residentBytes() ?? .max) }
            case .statement(let statement): proven = statement
            }
        }
        #expect(lines == count)
        #expect(proven?.lineCount == count)
        #expect(latest <= 200, "at most the block at hand and the one before")
        #expect(most - before < 15_000_000)
    }

    /// What the process holds in memory, other tests' share included.
    private func residentBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        return text.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 }
    }
}
