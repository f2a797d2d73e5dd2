import LineProtocol
import Testing

@testable import CommandLineTool

@Suite struct TextTableTests {
    @Test(arguments: [
        ("abc", 3), ("临港", 4), ("Jing'an 静安区", 14), ("e\u{301}", 1), ("（）", 4), ("한국", 4), ("½", 1), ("", 0),
        ("\u{200B}", 0), ("𠮷", 2),
    ])
    func textTakesTheColumnsOfATerminal(text: String, width: Int) {
        #expect(displayWidth(text) == width)
    }

    @Test func columnsAreAligned() {
        var table = TextTable(columns: [
            .init(title: "tenant", alignment: .left), .init(title: "amount", alignment: .right),
        ])
        table.add(["临港新片区", "8000000.00"])
        table.add(["xuhui", "5.00"])
        #expect(
            table.lines == [
                "tenant          amount",
                "临港新片区  8000000.00",
                "xuhui             5.00",
            ])
    }

    @Test func aNameCannotDrawOnTheTerminal() {
        var table = TextTable(columns: [.init(title: "", alignment: .left)])
        table.add(["a\u{1B}[2Jb\nc"])
        #expect(table.lines == ["a\u{FFFD}[2Jb\u{FFFD}c"])
    }
}

@Suite struct ReplyTablesTests {
    private func lines(_ json: String) throws -> [String] {
        guard case .object(let members) = try JSONText(json) else { return [] }
        return ReplyTables(members).lines
    }

    @Test func figuresStandUnderEachOther() throws {
        let json = """
            {"limit":"8000000.00","remaining":null,"binding":"rate","window":{"until":"2026-06-01","open":true},\
            "committed":"500.00"}
            """
        #expect(
            try lines(json) == [
                "limit         8000000.00",
                "remaining     -",
                "binding       rate",
                "window.until  2026-06-01",
                "window.open   yes",
                "committed         500.00",
            ])
    }

    @Test func aListIsATable() throws {
        let json = """
            {"accounts":[{"account":"cash","debits":"1.00"},{"account":"现金","debits":"20000.00","on":"2024-01-01"}],\
            "debits":"20001.00","empty":[]}
            """
        #expect(
            try lines(json) == [
                "debits  20001.00",
                "",
                "accounts",
                "account    debits  on",
                "cash         1.00",
                "现金     20000.00  2024-01-01",
                "",
                "empty",
                "(none)",
            ])
    }

    @Test func longListsAreCutAndCounted() throws {
        let json = """
            {"payers":["huangpu","xuhui","changning","jingan","putuo","hongkou"],"conditions":["filed"],\
            "transfers":1}
            """
        #expect(
            try lines(json) == [
                "payers      huangpu, xuhui, changning, … (6)",
                "conditions  filed",
                "transfers   1",
            ])
    }
}
