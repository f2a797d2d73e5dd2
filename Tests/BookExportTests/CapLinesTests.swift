import LedgerCore
import LineProtocol
import Testing

@testable import BookExport

@Suite struct CapLinesTests {
    private static let subject = """
        {"subject":"P:1","scheme":"pilot","version":1,"party":"acme","opened":"2023-06-01","basis":"1000.00"}
        """

    private func remaining(committed: String) throws -> JSONText {
        try JSONText(
            """
            {"scheme":"pilot","subject":"P:1","on":"2024-06-30","limit":"500.00","committed":"\(committed)",
            "disbursed":"7.00","forfeited":"10.00","remaining":"0.00","excess":"17.00","binding":"rate",
            "window":{"kind":"P3Y","governs":"payment","from":"2023-06-01","until":"2026-06-01","open":true},
            "caps":[{"kind":"rate","rate":"50%","basis":"1000.00","limit":"500.00","remaining":"0.00"}]}
            """)
    }

    private func lines(_ caps: CapLines) throws -> [JSONText] {
        var bytes: [UInt8] = []
        let count = try caps.finish(isQuiet: true, write: { bytes += $0 })
        let lines = try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { try JSONText($0) }
        #expect(lines.count == Int(count) + 1)
        return lines.dropFirst().compactMap { $0["cap"] }
    }

    private func learned() throws -> CapLines {
        var caps = CapLines(tenant: "harbour", memory: 1, directory: "/tmp")
        caps.learn(try JSONText(#"{"scheme":"pilot","owner":"province","version":1,"rate":"50%","cap":null}"#))
        return caps
    }

    @Test func useIsPartedIntoOwnAndOthers() throws {
        var caps = try learned()
        var writer = BookWriter(.init(tenant: "harbour", format: .jsonl, directory: "/tmp"))
        for entry in try SampleEntries.everyKind() {
            try caps.add(entry)
            try writer.add(entry)
        }
        let subject = try JSONText(Self.subject)
        let question = try #require(try caps.questions(of: subject, years: [2024]).first)
        #expect(caps.request(question) == "REMAINING tenant=harbour scheme=pilot subject=P:1")
        // Asked twice: the later answer holds.
        try caps.add(question, subject: subject, remaining: remaining(committed: "1.00"))
        try caps.add(question, subject: subject, remaining: remaining(committed: "512.34"))
        _ = try writer.finish(write: { _ in }, account: { try caps.add($0, $1) })
        let line = try #require(try lines(caps).first)
        #expect(line["own"]?["committed"] == .text("500.00"))
        #expect(line["others"]?["committed"] == .text("12.34"))
        #expect(line["others"]?["disbursed"] == .text("17.00"))
        #expect(line["basis-entry"] == .text("E2-1"))
        #expect(line["shared"] == .flag(true))
        #expect(line["owner"] == .text("province"))
        #expect(line["until"] == .text("2026-06-01"))
    }

    @Test func aBasisOfAnotherTenantHasNoEntry() throws {
        var caps = try learned()
        let subject = try JSONText(Self.subject)
        for question in try caps.questions(of: subject, years: []) {
            try caps.add(question, subject: subject, remaining: remaining(committed: "0.00"))
        }
        #expect(try lines(caps).first?["basis-entry"] == .null)
    }

    /// A scheme may be hidden by one of its name; what is used under it still counts.
    @Test func useWithoutAnAnswerIsTold() throws {
        var caps = try learned()
        try caps.add(AccountPath("cap:other|pilot|P1|harbour|2024:disbursed"), Turnover(debits: FenSum(fen: 5)))
        let line = try #require(try lines(caps).first)
        #expect(line["owner"] == .text("other"))
        #expect(line["period"] == .number("2024"))
        #expect(line["shared"] == .flag(false))
        #expect(line["own"]?["disbursed"] == .text("0.05"))
        #expect(line["others"] == .null)
        #expect(line["limit"] == nil)
    }

    @Test func aCalendarYearIsAskedForWhereItHasABasisOrUse() throws {
        let caps = try learned()
        let subject = try JSONText(
            #"{"subject":"S","scheme":"pilot","period":2026,"basis":[{"period":2023,"amount":"1.00"}]}"#)
        #expect(try caps.questions(of: subject, years: [2025]).map(\.year) == [2023, 2025])
    }
}
