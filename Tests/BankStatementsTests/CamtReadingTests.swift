import BankStatements
import LedgerCore
import Testing

/// What is read of files in all the shapes that banks give them.
@Suite struct CamtReadingTests {
    @Test(arguments: 2...8) func everyVersion(version: Int) throws {
        var file = CamtWriter(version: version)
        file.entries[0].transactions = [
            CamtWriter.Transaction(
                endToEndID: "PAY1", debtor: ("临港精工 <有限>".replacing("<", with: "&lt;"), "6217 0000 1"),
                creditor: ("财政局", "6222000011112222"), remittance: ["grant", "A1"])
        ]
        let item = try #require(try read(camt: file.document).first)
        let statement = item.statement
        #expect(statement.account == "6222000011112222")
        #expect(statement.id == "S1")
        #expect(statement.sequence == 7)
        #expect(statement.from == Day("2026-11-23"))
        #expect(statement.to == Day("2026-11-23"))
        #expect(statement.opening == .yuan("1000.00"))
        #expect(statement.closing == .yuan("1100.00"))
        #expect(statement.credits == .yuan("100.00"))
        #expect(statement.debits == .zero)
        #expect(statement.lineCount == 1)
        let line = try #require(item.lines.first)
        #expect(line.number == 1)
        #expect(line.line == 8)
        #expect(line.booked == Day("2026-11-23"))
        #expect(line.value == Day("2026-11-24"))
        #expect(line.amount == .yuan("100.00"))
        #expect(line.reference == "BANK1")
        #expect(line.endToEndID == "PAY1")
        #expect(line.text == "grant A1")
        #expect(line.counterparty.name == "临港精工 <有限>")
        #expect(line.counterparty.account == "621700001")
        #expect(!line.isReversal && !line.isReturn)
    }

    @Test(arguments: Shape.all) func aShape(shape: Shape) throws {
        let plain = CamtWriter().document
        let changed = shape.change(plain)
        #expect(changed != plain)
        let item = try #require(try read(camt: changed).first)
        let expected = try #require(try read(camt: plain).first)
        #expect(item.statement.identity.id == "S1")
        #expect(item.statement.account == expected.statement.account)
        #expect(item.lines.map(\.amount) == expected.lines.map(\.amount))
        #expect(item.lines.map(\.booked) == expected.lines.map(\.booked))
        #expect(item.statement.closing == expected.statement.closing)
    }

    @Test(arguments: [1, 2, 3, 7, 64, 4_096]) func chunksOfAnySize(size: Int) throws {
        var file = CamtWriter()
        file.entries[0].text = "上海临港 🏛"
        let whole = try read(camt: Array(file.document.utf8), chunkSize: 1_000_000)
        #expect(try read(camt: Array(file.document.utf8), chunkSize: size) == whole)
        #expect(whole.first?.lines.first?.text == "上海临港 🏛")
    }

    @Test func pendingEntriesAreCountedAndPassedOver() throws {
        var file = CamtWriter(version: 8)
        file.entries += ["PDNG", "INFO", "FUTR"].map { CamtWriter.Entry(amount: "5.00", status: $0) }
        let item = try #require(try read(camt: file.document).first)
        #expect(item.lines.count == 1)
        #expect(item.statement.skippedEntries == 3)
    }

    @Test func balancesMayBeNegative() throws {
        var file = CamtWriter()
        file.balances = [("OPBD", "30.00", "DBIT", "2026-11-23"), ("CLBD", "130.00", "DBIT", "2026-11-23")]
        file.entries[0].side = "DBIT"
        let statement = try #require(try read(camt: file.document).first).statement
        #expect(statement.opening == .yuan("-30.00"))
        #expect(statement.closing == .yuan("-130.00"))
        #expect(statement.debits == .yuan("-100.00"))
    }

    @Test func severalStatementsInAFile() throws {
        let first = CamtWriter()
        var second = CamtWriter(id: "S2", sequence: "8", entries: [])
        second.balances = [("OPBD", "1100.00", "CRDT", "2026-11-24"), ("CLBD", "1100.00", "CRDT", "2026-11-24")]
        second.from = "2026-11-24T00:00:00"
        second.to = "2026-11-24T23:59:59"
        var other = first
        other.account = "999"
        let file = first.document.replacing(
            "</Stmt>", with: "</Stmt>\n\(other.statement)\n\(second.statement)")
        let items = try read(camt: file)
        #expect(items.map(\.statement.id) == ["S1", "S1", "S2"])
        #expect(items.map(\.lines.count) == [1, 1, 0])
        #expect(items.map(\.lines.first?.number) == [1, 1, nil])
        #expect(items[0].statement.identity.relation(to: items[1].statement.identity) == .other)
    }
}

/// Another shape of the same file.
struct Shape: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (String) -> String

    init(_ name: String, _ change: @escaping @Sendable (String) -> String) {
        testDescription = name
        self.change = change
    }

    static let all = [
        Shape("a prefix for every element", { Shape.prefixed($0) }),
        Shape(
            "an envelope and a header around it",
            { text in
                let (head, body) = Shape.split(text)
                return "\(head)<Envelope xmlns=\"urn:x\"><AppHdr><Id>9</Id></AppHdr>\(body)</Envelope>"
            }),
        Shape("a byte order mark", { "\u{FEFF}" + $0 }),
        Shape("no XML declaration", { Shape.split($0).body }),
        Shape("CRLF", { $0.replacing("\n", with: "\r\n") }),
        Shape("no line ends", { $0.replacing("\n", with: "") }),
        Shape(
            "comments and instructions", { $0.replacing("<Ntry>", with: "<!-- <!DOCTYPE x> --><?style a>b?><Ntry>") }),
        Shape("CDATA", { $0.replacing("<Id>S1</Id>", with: "<Id><![CDATA[S]]>1</Id>") }),
        Shape("character references", { $0.replacing("<Id>S1</Id>", with: "<Id>&#83;&#x31;</Id>") }),
        Shape("space around values", { $0.replacing("<Id>S1</Id>", with: "<Id>\n\tS1  </Id>") }),
        Shape("no namespace", { $0.replacing(" xmlns=\"\(CamtWriter().namespace)\"", with: "") }),
        Shape("elements unknown to us", { $0.replacing("<Ntry>", with: "<X><Ntry><Amt>x</Amt></Ntry></X><Ntry>") }),
        Shape(
            "a status in words of the standard's choice",
            { $0.replacing("<Sts>BOOK</Sts>", with: "<Sts><Cd>BOOK</Cd></Sts>") }),
        Shape("no status", { $0.replacing("<Sts>BOOK</Sts>", with: "") }),
        Shape(
            "a day with a time",
            {
                $0.replacing("<BookgDt><Dt>2026-11-23</Dt>", with: "<BookgDt><DtTm>2026-11-23T23:30:00.5Z</DtTm>")
            }),
        Shape(
            "a day with a zone",
            { $0.replacing("<BookgDt><Dt>2026-11-23</Dt>", with: "<BookgDt><Dt>2026-11-23+08:00</Dt>") }),
        Shape(
            "no booking day but a day of value",
            {
                $0.replacing("<BookgDt><Dt>2026-11-23</Dt></BookgDt>", with: "").replacing(
                    "2026-11-24</Dt></ValDt>", with: "2026-11-23</Dt></ValDt>")
            }),
        Shape("the previous closing balance for the opening one", { $0.replacing("OPBD", with: "PRCD") }),
        Shape(
            "other balances besides",
            {
                $0.replacing(
                    "<Bal><Tp><CdOrPrtry><Cd>CLBD",
                    with:
                        "<Bal><Tp><CdOrPrtry><Cd>ITBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"CNY\">1</Amt></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD"
                )
            }),
        Shape("balances after the entries", { Shape.balancesLast($0) }),
        Shape("no period but the balances' days", { Shape.without("FrToDt", $0) }),
        Shape("five decimals that are zero", { $0.replacing(">100.00<", with: ">100.00000<") }),
        Shape("no decimals", { $0.replacing(">100.00<", with: ">100<") }),
        Shape(
            "an IBAN",
            { $0.replacing("<Othr><Id>6222000011112222</Id></Othr>", with: "<IBAN>6222 0000 1111 2222</IBAN>") }),
    ]

    fileprivate static func split(_ text: String) -> (head: Substring, body: String) {
        let parts = text.split(separator: "\n", maxSplits: 1)
        return (parts[0], String(parts[1]))
    }

    fileprivate static func prefixed(_ text: String) -> String {
        text.replacing("xmlns=", with: "xmlns:n=").replacing("</", with: "\u{1}").replacing("<", with: "<n:")
            .replacing("\u{1}", with: "</n:").replacing("<n:?", with: "<?")
    }

    fileprivate static func without(_ name: String, _ text: String) -> String {
        guard let begin = text.firstRange(of: "<\(name)>"), let end = text.firstRange(of: "</\(name)>") else {
            return text
        }
        return text.replacingCharacters(in: begin.lowerBound..<end.upperBound)
    }

    fileprivate static func balancesLast(_ text: String) -> String {
        guard let begin = text.firstRange(of: "<Bal>"), let end = text.firstRange(of: "<Ntry>") else { return text }
        let balances = text[begin.lowerBound..<end.lowerBound]
        return text.replacingCharacters(in: begin.lowerBound..<end.lowerBound)
            .replacing("</Stmt>", with: "\(balances)</Stmt>")
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>) -> String {
        var copy = self
        copy.removeSubrange(range)
        return copy
    }
}
