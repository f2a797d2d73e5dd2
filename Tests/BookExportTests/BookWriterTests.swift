import LedgerCore
import Testing

@testable import BookExport

@Suite struct BookWriterTests {
    /// Many days and accounts; the same for each seed.
    private func entries(_ count: Int) throws -> [JournalEntry] {
        var state: UInt64 = 7
        func random(_ below: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % below
        }
        return try (1...Int64(count)).map { sequence in
            let day = Day(year: 2023, month: 11, day: 20).adding(days: Int32(random(100)))
            return try SampleEntries.entry(
                sequence, on: day.description, "\(1 + random(9_999)).\(random(90) + 10)", from: "f\(random(9))",
                to: "t\(random(40))")
        }
    }

    @Test func entriesStandByDateAndThenSequence() throws {
        let (text, totals) = try SampleEntries.books(entries(300), .csv)
        let places = text.split(separator: "\r\n").filter { $0.hasPrefix("posting,") }.map { row in
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            return (String(cells[1]), Int(cells[2]) ?? 0)
        }
        #expect(places.count == 600)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(totals.written == 300)
    }

    /// What does not fit in memory goes to disk, and changes nothing.
    @Test(arguments: BookFormat.allCases) func littleMemoryWritesTheSameBooks(format: BookFormat) throws {
        let journal = try entries(300)
        let inMemory = try SampleEntries.books(journal, format)
        let spilled = try SampleEntries.books(journal, format, memory: 900, mostCounts: 3)
        #expect(inMemory.text == spilled.text)
        #expect(inMemory.totals == spilled.totals)
    }

    @Test func balancesStandAtTheEndOfEachMonthThatMovedThem() throws {
        let journal = [
            try SampleEntries.entry(1, on: "2024-01-31", "5.00", from: "a", to: "b"),
            try SampleEntries.entry(2, on: "2024-01-02", "1.10", from: "a", to: "c"),
            try SampleEntries.entry(3, on: "2024-02-29", "2.00", from: "a", to: "b"),
            try SampleEntries.entry(4, on: "2024-04-03", "4.00", from: "a", to: "b"),
        ]
        let (text, totals) = try SampleEntries.books(journal, .csv)
        let balances = text.split(separator: "\r\n").filter { $0.hasPrefix("balance,") }.map { row in
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            return "\(cells[1]) \(cells[17]) \(cells[20])"
        }
        #expect(
            balances == [
                "2024-01-31 cash:a -6.10", "2024-01-31 expense:b 5.00", "2024-01-31 expense:c 1.10",
                "2024-02-29 cash:a -8.10", "2024-02-29 expense:b 7.00", "2024-04-03 cash:a -12.10",
                "2024-04-03 expense:b 11.00", "2024-04-03 expense:c 1.10",
            ])
        #expect(totals.balances == 8)
    }

    @Test func eachAccountIsToldWithAllThatWasPosted() throws {
        var writer = BookWriter(.init(tenant: "harbour", format: .jsonl, directory: "/tmp"))
        for entry in try SampleEntries.everyKind() { try writer.add(entry) }
        var told: [String: String] = [:]
        _ = try writer.finish(write: { _ in }, account: { told[$0.name] = $1.balance.yuan })
        #expect(told["cap:province|pilot|P:1:disbursed"] == "-10.00")
        #expect(told["cap:province|pilot|P:1:committed"] == "500.00")
        #expect(told["cash:gen:x"] == "0.00")
        #expect(told["receivable:harbour|acme"] == "10.00")
    }

    /// Ten thousand times the largest amount is more than 64 bits of fen hold.
    @Test func sumsBeyond64BitsAreExact() throws {
        let most = Amount.maximum.yuan
        let journal = try (1...1_100).map { try SampleEntries.entry($0, on: "2024-01-01", most) }
        let (text, _) = try SampleEntries.books(journal, .hledger, mostCounts: 1)
        #expect(text.contains("    expense:b  0.00 CNY = 99000000000000000.00 CNY\n"))
    }

    @Test func theLastDayOfTheCalendarHasBalances() throws {
        let journal = [try SampleEntries.entry(1, on: "1900-01-01"), try SampleEntries.entry(2, on: "9999-12-31")]
        #expect(try SampleEntries.books(journal, .hledger).text.contains("\n9999-12-31 * balances at"))
        #expect(try SampleEntries.books(journal, .beancount).text.contains("\n1900-02-01 balance Assets:Cash:Fund-a"))
    }

    @Test(arguments: BookFormat.allCases) func anEmptyJournalMakesEmptyBooks(format: BookFormat) throws {
        let totals = try SampleEntries.books([], format).totals
        #expect(totals.entries == 0 && totals.balances == 0 && totals.days == nil)
    }

    @Test func aGapIsRefused() throws {
        var writer = BookWriter(.init(tenant: "harbour", format: .csv, directory: "/tmp"))
        try writer.add(SampleEntries.entry(1, on: "2024-01-01"))
        let error = #expect(throws: BookError.self) { try writer.add(SampleEntries.entry(3, on: "2024-01-01")) }
        #expect(error?.description == "the journal has E2-3 where entry 2 of harbour belongs")
    }
}
