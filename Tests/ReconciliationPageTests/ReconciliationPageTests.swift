import Foundation
import FoundationXML
import LedgerCore
import Reconciling
import ReconciliationPage
import Testing

@Suite struct ReconciliationPageTests {
    private static func yuan(_ fen: Int128) -> Total { Total(fen: fen) }

    private static func report(
        tenant: String = "pudong", accounts: [AccountProof]? = nil, matches: [MatchTally]? = nil,
        breaks: [BreakTally]? = nil, oldest: [OpenBreak]? = nil
    ) -> ReconciliationReport {
        let days = [(3, 120), (12, 40), (45, 9), (200, 2)]
        return ReconciliationReport(
            tenant: tenant, day: Day(year: 2026, month: 11, day: 23), madeAt: "2026-11-24 02:31 (UTC+8)",
            accounts: accounts ?? [
                AccountProof(
                    bank: "中国工商银行上海市浦东分行", account: "1001 2345 0902 6401 234",
                    ledgerBalance: yuan(123_456_789_012), bankBalance: yuan(123_456_789_512), openPayments: yuan(-700),
                    openLines: yuan(-250), acceptedDifferences: yuan(-50)),
                AccountProof(
                    bank: "102290000010", account: "310066726018150012345", ledgerBalance: yuan(500),
                    bankBalance: yuan(499), openPayments: .zero, openLines: .zero, acceptedDifferences: .zero),
            ],
            matches: matches ?? [
                MatchTally(rule: "reference and amount", matches: 19_402, lines: 19_402, sum: yuan(-998_877_665_544)),
                MatchTally(rule: "reference, amount within tolerance", matches: 31, lines: 31, sum: yuan(-1_234_567)),
                MatchTally(rule: "amount, payee and days", matches: 88, lines: 80, sum: yuan(-77_000_000)),
            ],
            breaks: breaks
                ?? BreakKind.allCases.enumerated().flatMap { place, kind in
                    days.dropLast(place % 3).map { age, count in
                        BreakTally(
                            kind: kind, age: BreakAge(days: age), count: count / (place + 1),
                            sum: yuan(Int128(count) * 1_234_500))
                    }
                },
            oldest: oldest ?? [
                OpenBreak(
                    number: 17, kind: .missingInBank, age: 212, amount: yuan(-50_000_000), owner: "li.wei",
                    text: "GL47-8KQ2M9XA-000000012345 is not on any statement since 2026-04-25"),
                OpenBreak(
                    number: 44, kind: .ambiguous, age: 95, amount: yuan(-1_000_000), owner: nil,
                    text: "two payments of 10000.00 to 上海某某科技有限公司, one line"),
            ])
    }

    private static func parsed(_ html: String) throws -> XMLElement {
        try #require(try XMLDocument(xmlString: html, options: []).rootElement())
    }

    /// By hand: FoundationXML's own search finds no attribute of an element in a name space.
    private static func attribute(_ name: String, of element: XMLElement) -> String? {
        element.attributes?.first { $0.name == name }?.stringValue
    }

    private static func texts(_ path: String, in element: XMLElement) throws -> [String] {
        let names = path.split(separator: "/").map { "*[local-name()='\($0)']" }
        return try element.nodes(forXPath: ".//" + names.joined(separator: "/")).map { $0.stringValue ?? "" }
    }

    @Test func theFiguresStandInThePage() throws {
        let html = ReconciliationPage.html(Self.report())
        let root = try Self.parsed(html)
        #expect(try Self.texts("h1", in: root) == ["Reconciliation of pudong on 2026-11-23"])
        #expect(html.contains("✗ The proof does not hold on 1 of 2 accounts. Open breaks: 409."))
        let tables = try root.nodes(forXPath: ".//*[local-name()='table']").compactMap { $0 as? XMLElement }
        #expect(tables.count == 4)
        func rows(_ table: Int, _ part: String = "tbody") throws -> [[String]] {
            try tables[table].nodes(forXPath: "*[local-name()='\(part)']/*").map { row in
                (row.children ?? []).map { $0.stringValue ?? "" }
            }
        }
        #expect(
            try rows(0) == [
                [
                    "1001 2345 0902 6401 234中国工商银行上海市浦东分行", "✓ holds", "1,234,567,890.12", "1,234,567,895.12", "−7.00",
                    "−2.50", "−0.50",
                    "0.00",
                ],
                ["310066726018150012345102290000010", "✗ fails", "5.00", "4.99", "0.00", "0.00", "0.00", "0.01"],
            ])
        #expect(try rows(1)[0] == ["reference and amount", "19,402", "19,402", "−9,988,776,655.44"])
        #expect(try rows(1, "tfoot") == [["all", "19,521", "19,513", "−9,989,559,001.11"]])
        #expect(
            try rows(2)[0] == [
                "missing in bank", "1201,481,400.00", "40493,800.00", "9111,105.00", "224,690.00", "1712,110,995.00",
            ])
        #expect(
            try rows(2).map { $0[0] } == [
                "missing in bank", "missing in ledger", "amount", "duplicate", "ambiguous", "timing",
            ])
        #expect(try rows(2, "tfoot")[0][5].hasPrefix("409"))
        #expect(
            try rows(3) == [
                [
                    "17", "missing in bank", "212", "−500,000.00", "li.wei",
                    "GL47-8KQ2M9XA-000000012345 is not on any statement since 2026-04-25",
                ],
                ["44", "ambiguous", "95", "−10,000.00", "nobody", "two payments of 10000.00 to 上海某某科技有限公司, one line"],
            ])
    }

    @Test func theChartSaysWhatItShows() throws {
        let root = try Self.parsed(ReconciliationPage.html(Self.report()))
        let svg = try #require(try root.nodes(forXPath: ".//*[local-name()='svg'][@role='img']").first as? XMLElement)
        #expect(
            try svg.nodes(forXPath: "*[local-name()='title']").map { $0.stringValue } == ["Open breaks by kind and age"]
        )
        let words = try #require(try svg.nodes(forXPath: "*[local-name()='desc']").first?.stringValue)
        #expect(words.hasPrefix("missing in bank: 171; 0–7 days 120; 8–30 days 40; 31–90 days 9; over 90 days 2. "))
        for id in (Self.attribute("aria-labelledby", of: svg) ?? "").split(separator: " ") {
            #expect(try svg.nodes(forXPath: "*[@id='\(id)']").count == 1)
        }
        let bars = try svg.nodes(forXPath: "*[local-name()='rect'][not(@class='track')]").compactMap {
            $0 as? XMLElement
        }
        var ends: [String: Double] = [:]
        for bar in bars {
            func value(_ name: String) throws -> Double {
                try #require(Double(Self.attribute(name, of: bar) ?? ""))
            }
            let row = Self.attribute("y", of: bar) ?? ""
            #expect(abs(try value("x") - ends[row, default: 0]) < 0.01, "parts stand end to end")
            #expect(try value("width") >= 2)
            ends[row] = try value("x") + value("width")
        }
        #expect(bars.count == 17)
        #expect(ends.count == 6)
        let longest = try #require(ends.values.max())
        #expect(longest > 395 && longest <= 400)
    }

    @Test(
        arguments: [
            "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]><!--", "a & b &lt; c",
            "'; background: url(//x)", "\u{0}\u{8}\u{1B}[2J", "\u{202E}evil", "]]>", "</style>", "🧾 ünï",
        ])
    func hostileTextsAreTextsOnly(text: String) throws {
        let zero = Total.zero
        let html = ReconciliationPage.html(
            Self.report(
                tenant: text,
                accounts: [
                    AccountProof(
                        bank: text, account: text, ledgerBalance: zero, bankBalance: zero, openPayments: zero,
                        openLines: zero, acceptedDifferences: zero)
                ], matches: [MatchTally(rule: text, matches: 1, lines: 1, sum: zero)],
                oldest: [OpenBreak(number: 1, kind: .timing, age: 1, amount: zero, owner: text, text: text)]))
        let plain = ReconciliationPage.html(
            Self.report(
                tenant: "x",
                accounts: [
                    AccountProof(
                        bank: "x", account: "x", ledgerBalance: zero, bankBalance: zero, openPayments: zero,
                        openLines: zero, acceptedDifferences: zero)
                ], matches: [MatchTally(rule: "x", matches: 1, lines: 1, sum: zero)],
                oldest: [OpenBreak(number: 1, kind: .timing, age: 1, amount: zero, owner: "x", text: "x")]))
        #expect(html.count { $0 == "<" } == plain.count { $0 == "<" })
        #expect(html.count { $0 == "\"" } == plain.count { $0 == "\"" })
        let root = try Self.parsed(html)
        let shown = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map {
                    [.control, .format].contains($0.properties.generalCategory) ? "\u{FFFD}" : $0
                }))
        #expect(try Self.texts("td", in: root).count { $0 == shown } == 2)
        #expect(try Self.texts("h1", in: root) == ["Reconciliation of \(shown) on 2026-11-23"])
    }

    @Test func thePageNeedsNothingElse() {
        let html = ReconciliationPage.html(Self.report())
        for word in ["<script", "<link", "<img", "<iframe", "url(", "@import", "src=", "href=", "javascript:"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.range(of: " on[a-z]+=", options: .regularExpression) == nil)
        let addresses = html.replacing("http://www.w3.org/2000/svg", with: "").replacing(
            "http://www.w3.org/1999/xhtml", with: "")
        #expect(!addresses.contains("//"))
    }

    @Test func anEmptyReportIsAPageToo() throws {
        let html = ReconciliationPage.html(Self.report(accounts: [], matches: [], breaks: [], oldest: []))
        let root = try Self.parsed(html)
        #expect(try Self.texts("table", in: root).isEmpty)
        #expect(html.contains("nothing is proved"))
        #expect(html.contains("There are none."))
    }

    @Test func theVerdictIsGoodOnlyWhereEveryProofHolds() {
        let good = AccountProof(
            bank: "B", account: "1", ledgerBalance: Self.yuan(100), bankBalance: Self.yuan(150),
            openPayments: Self.yuan(-70), openLines: Self.yuan(-25), acceptedDifferences: Self.yuan(-5))
        #expect(good.holds)
        #expect(ReconciliationPage.html(Self.report(accounts: [good])).contains("verdict good"))
        let bad = AccountProof(
            bank: "B", account: "1", ledgerBalance: Self.yuan(101), bankBalance: Self.yuan(150),
            openPayments: Self.yuan(-70), openLines: Self.yuan(-25), acceptedDifferences: Self.yuan(-5))
        #expect(bad.unexplained == Self.yuan(1))
        #expect(ReconciliationPage.html(Self.report(accounts: [good, bad])).contains("verdict bad"))
    }

    @Test(
        arguments: [
            (-1, BreakAge.week), (0, .week), (7, .week), (8, .month), (30, .month), (31, .quarter), (90, .quarter),
            (91, .older), (.max, .older),
        ])
    func ages(days: Int, age: BreakAge) { #expect(BreakAge(days: days) == age) }

    /// Set RECONCILIATION_PAGE to a path to have a page to look at.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["RECONCILIATION_PAGE"] != nil))
    func aPageToLookAt() throws {
        let path = try #require(ProcessInfo.processInfo.environment["RECONCILIATION_PAGE"])
        try Data(ReconciliationPage.html(Self.report()).utf8).write(to: URL(fileURLWithPath: path))
    }
}
