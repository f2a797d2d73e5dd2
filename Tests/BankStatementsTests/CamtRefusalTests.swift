import BankStatements
import LedgerCore
import Testing

/// One change to a good file, and how it is refused.
@Suite struct CamtRefusalTests {
    @Test(
        arguments: [
            // The message.
            ("camt.053.001.02", "camt.054.001.02", .format, 2, "is not a statement of camt.053.001.02 to .08"),
            ("camt.053.001.02", "camt.053.001.09", .format, 2, "camt.053.001.09"),
            ("BkToCstmrStmt>", "BkToCstmrDbtCdtNtfctn>", .format, 2, "\"BkToCstmrDbtCdtNtfctn\""),
            ("Document", "Dokument", .format, nil, "there is no statement in the file"),
            // What must be there.
            ("<Id>S1</Id>", "", .missing, 4, "no identification (Id)"),
            ("<Othr><Id>6222000011112222</Id></Othr>", "", .missing, 4, "no account"),
            ("OPBD", "ITBD", .missing, 4, "no opening balance"),
            ("CLBD", "ITBD", .missing, 4, "no closing balance"),
            ("<Amt Ccy=\"CNY\">1100.00</Amt>", "", .missing, 7, "balance CLBD has no amount"),
            ("<Amt Ccy=\"CNY\">100.00</Amt>", "", .missing, 8, "no amount (Amt)"),
            (
                "<Amt Ccy=\"CNY\">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>", "<Amt Ccy=\"CNY\">100.00</Amt>", .missing,
                8, "no side"
            ),
            (
                "<BookgDt><Dt>2026-11-23</Dt></BookgDt><ValDt><Dt>2026-11-24</Dt></ValDt>", "", .missing, 8,
                "no day (BookgDt)"
            ),
            ("<Amt Ccy=\"CNY\">100.00", "<Amt>100.00", .missing, 8, "an amount has no currency (Ccy)"),
            // Values.
            (">100.00<", ">100.001<", .amount, 8, "more than two decimals: \"100.001\""),
            (">100.00<", ">-100.00<", .amount, 8, "an amount with a sign: \"-100.00\""),
            (">100.00<", ">1,00.00<", .amount, 8, "this is not an amount: \"1,00.00\""),
            (">100.00<", ">.<", .amount, 8, "this is not an amount: \".\""),
            (">100.00<", ">1e2<", .amount, 8, "this is not an amount: \"1e2\""),
            (">100.00<", ">90000000000000.01<", .amount, 8, "above 90000000000000.00 yuan"),
            (">100.00<", ">999999999999999999999999999999.00<", .amount, 8, "above 90000000000000.00 yuan"),
            (">100.00</Amt><CdtDbtInd>CRDT", ">100.00</Amt><CdtDbtInd>C", .value, 8, "neither CRDT nor DBIT: \"C\""),
            ("<Sts>BOOK</Sts>", "<Sts>BOOKED</Sts>", .value, 8, "unknown status (Sts): \"BOOKED\""),
            ("<Sts>", "<RvslInd>yes</RvslInd><Sts>", .value, 8, "neither true nor false: \"yes\""),
            ("<ElctrncSeqNb>7", "<ElctrncSeqNb>7a", .value, 5, "is not a number: \"7a\""),
            ("<BookgDt><Dt>2026-11-23", "<BookgDt><Dt>2026-02-30", .date, 8, "this is not a day: \"2026-02-30\""),
            ("<BookgDt><Dt>2026-11-23", "<BookgDt><Dt>23.11.2026", .date, 8, "this is not a day: \"23.11.2026\""),
            ("<BookgDt><Dt>2026-11-23", "<BookgDt><Dt>2026-11-231", .date, 8, "\"2026-11-231\""),
            // The proof.
            ("<Amt Ccy=\"CNY\">100.00", "<Amt Ccy=\"USD\">100.00", .currency, 8, "an amount is not in CNY: \"USD\""),
            ("<Amt Ccy=\"CNY\">1000.00", "<Amt Ccy=\"CNH\">1000.00", .currency, 6, "\"CNH\""),
            ("</Id></Acct>", "</Id><Ccy>USD</Ccy></Acct>", .currency, 5, "\"USD\""),
            (
                ">1100.00<", ">1100.01<", .balance, 4,
                "is out by 0.01: opening 1000.00 plus 1 lines of 100.00 together is not closing 1100.01"
            ),
            (">100.00</Amt><CdtDbtInd>CRDT", ">100.00</Amt><CdtDbtInd>DBIT", .balance, 4, "is out by 200.00"),
            ("<Sts>BOOK", "<Sts>PDNG", .balance, 4, "is out by 100.00"),
            ("ITBD", "CLBD", .balance, 7, "there are two balances CLBD, 50.00 and 1100.00"),
            ("<BookgDt><Dt>2026-11-23", "<BookgDt><Dt>2026-11-24", .period, 8, "outside the statement's period"),
            (
                "<BookgDt><Dt>2026-11-23", "<BookgDt><Dt>2026-11-22", .period, 8,
                "2026-11-23 to 2026-11-23: \"2026-11-22\""
            ),
            ("<ToDtTm>2026-11-23", "<ToDtTm>2026-11-22", .period, 4, "runs from 2026-11-23 to 2026-11-22, backwards"),
            // XML.
            ("</Ntry>", "</Entry>", .syntax, 8, "an end tag that does not fit"),
            ("<Id>S1</Id>", "<Id>&bank;</Id>", .syntax, 5, "an entity that is not declared"),
            ("<Id>S1</Id>", "<Id>S1 & S2</Id>", .syntax, 5, "a wrong name"),
            ("<Id>S1</Id>", "<x:Id>S1</x:Id>", .syntax, 5, "a namespace prefix that is not declared"),
            ("</BkToCstmrStmt></Document>", "", .truncated, 11, "the file ends within 2 open elements"),
            ("\"UTF-8\"", "\"GB18030\"", .encoding, 1, "the file is not in UTF-8: \"gb18030\""),
        ] as [(String, String, StatementError.Kind, Int?, String)])
    func aChange(from: String, to: String, kind: StatementError.Kind, line: Int?, words: String) throws {
        // An interim balance for the change that makes a second closing one of it.
        var file = CamtWriter()
        if from == "ITBD" { file.balances.insert(("ITBD", "50.00", "CRDT", "2026-11-23"), at: 1) }
        let good = file.document.replacing("<Stmt>\n", with: "<Stmt>\n")
        #expect(throws: Never.self) { try read(camt: good) }
        let changed = good.replacing(from, with: to)
        #expect(changed != good)
        let error = refusal { _ = try read(camt: changed) }
        #expect(error?.kind == kind)
        #expect(error?.line == (from == "ITBD" ? 8 : line))
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(where: \.isNewline) == false)
    }

    @Test func theOpeningBalanceIsThePreviousClosingOne() {
        var file = CamtWriter()
        file.balances.append(("PRCD", "999.00", "CRDT", "2026-11-22"))
        let error = refusal { _ = try read(camt: file.document) }
        #expect(error?.kind == .balance)
        #expect(error?.description.contains("(OPBD) 1000.00 is not the previous closing balance (PRCD) 999.00") == true)
    }

    /// Banks book after the statement of the day before what came in on that day.
    @Test func linesMayBeBookedFromTheDayOfTheOpeningBalanceOn() throws {
        var file = CamtWriter()
        file.balances[0].3 = "2026-11-22"
        file.entries[0].booked = "2026-11-22"
        #expect(try read(camt: file.document).first?.statement.from == Day("2026-11-23"))
    }

    @Test func statementsOfAFileFollowEachOther() {
        let file = CamtWriter()
        let twice = file.document.replacing("</Stmt>", with: "</Stmt>\n\(file.statement)")
        let error = refusal { _ = try read(camt: twice) }
        #expect(error?.kind == .succession)
        #expect(error?.line == 10)
    }

    @Test func sumsAreHeldToTheGreatestAmount() {
        var file = CamtWriter()
        file.entries = Array(repeating: .init(amount: "90000000000000.00"), count: 2_000)
        let error = refusal { _ = try read(camt: file.document) }
        #expect(error?.kind == .amount)
        #expect(error?.description.contains("a sum of amounts is above") == true)
    }

    @Test func aValueIsShownOnOneLineAndShort() {
        let nasty = String(repeating: "x", count: 100) + "\u{1B}[2J"
        let error = StatementErrorSamples.unknownStatus("\u{85}\u{202E}" + nasty)
        #expect(error?.description.contains("…\"") == true)
        #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E } == true)
    }

    @Test func aCollectionHasALimit() {
        var collection = StatementCollection(limit: 2)
        var file = CamtWriter()
        file.entries = Array(repeating: .init(), count: 3)
        let error = refusal {
            try StatementReader().read(camt: chunks(of: Array(file.document.utf8))) { try collection.receive($0) }
        }
        #expect(error?.kind == .tooLarge)
        #expect(error?.description.contains("more than 2 lines") == true)
    }

    /// What the receiver throws is not dressed up.
    @Test func theReceiverMayStop() {
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try StatementReader().read(camt: chunks(of: Array(CamtWriter().document.utf8))) { _ in throw Stop() }
        }
        #expect(throws: Stop.self) {
            try StatementReader().read(camt: { throw Stop() }, receive: { _ in })
        }
    }
}

enum StatementErrorSamples {
    static func unknownStatus(_ status: String) -> StatementError? {
        var file = CamtWriter()
        file.entries[0].status = status.replacing("\u{1B}", with: "")
        return refusal { _ = try read(camt: file.document) }
    }
}
