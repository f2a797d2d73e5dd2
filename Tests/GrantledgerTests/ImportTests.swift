import LedgerCore
import LineProtocol
import Testing

@testable import CommandLineTool

@Suite struct ImportHeaderTests {
    @Test func namesAreArguments() throws {
        let header = try ImportHeader(
            titles: ["Key", "award", "amount", "date", "ref"], defaultVerb: .disburse, hasTenant: true)
        #expect(header.arguments == ["key", "award", "amount", "date", "ref"])
    }

    @Test func everyWrongNameIsToldAtOnce() {
        let error = #expect(throws: Misuse.self) {
            try ImportHeader(titles: ["key", "amout", "金额", "key"], defaultVerb: .disburse, hasTenant: false)
        }
        let text = error?.description ?? ""
        for problem in [
            "column 2 \"amout\" is no argument of DISBURSE", "column 3 \"金额\"", "columns 1 and 4 are both \"key\"",
            "needs a column \"award\"", "needs a column \"amount\"", "needs a column \"date\"", "give --tenant",
        ] {
            #expect(text.contains(problem), "\(problem)")
        }
        #expect(error?.exitCode == ToolExit.misused)
    }

    @Test func aReportOfRefusedRowsCanBeImported() throws {
        let header = try ImportHeader(
            titles: ["line", "code", "message", "tenant", "key", "award", "amount", "date"], defaultVerb: .disburse,
            hasTenant: false)
        #expect(header.arguments == [nil, nil, nil, "tenant", "key", "award", "amount", "date"])
        #expect(header.titles == ["tenant", "key", "award", "amount", "date"])
    }

    @Test func aVerbColumnAllowsTheArgumentsOfAllVerbs() throws {
        let header = try ImportHeader(
            titles: ["verb", "key", "award", "scheme", "fund"], defaultVerb: .disburse, hasTenant: true)
        #expect(header.arguments == [nil, "key", "award", "scheme", "fund"])
    }
}

@Suite struct ImportRowTests {
    private func row(_ fields: [String], line: Int = 2) throws -> ImportRow {
        let header = try ImportHeader(
            titles: ["verb", "tenant", "key", "award", "amount", "date", "ref"], defaultVerb: .disburse, hasTenant: true
        )
        return try ImportRow(CSVRecord(line: line, fields: fields), header: header, tenant: "lingang")
    }

    @Test func emptyCellsAreLeftOut() throws {
        let row = try row(["", "", "k1", "A1", "500000", "2024-05-01", ""])
        #expect(row.request == "DISBURSE tenant=lingang key=k1 award=A1 amount=500000 date=2024-05-01")
    }

    @Test func textIsQuoted() throws {
        let row = try row(["release", "pudong", "k1", "A1", "1", "2024-05-01", ""])
        #expect(row.request == "RELEASE tenant=pudong key=k1 award=A1 amount=1 date=2024-05-01")
        let quoted = try self.row(["", "", "k1", "A1", "1", "2024-05-01", "工行 \"77\""])
        #expect(quoted.request.hasSuffix(#"ref="工行 \"77\"""#))
    }

    @Test(arguments: [
        (["", "", "", "A1", "1", "2024-05-01", ""], RefusalCode.missingArgument),
        (["", "", "k1", "A1", "5万", "2024-05-01", ""], .invalidArgument),
        (["", "", "k1", "A1", "1,000", "2024-05-01", ""], .invalidArgument),
        (["", "", "k1", "A1", "1", "2024-05-01", "two\nlines"], .invalidArgument),
        (["AWARD", "", "", "A1", "", "", ""], .unknownCommand),
        (["PAY", "", "k1", "A1", "1", "2024-05-01", ""], .unknownCommand),
    ])
    func whatCannotBePostedIsNotSent(fields: [String], code: RefusalCode) {
        let error = #expect(throws: ImportRow.Unsendable.self) { try row(fields, line: 7) }
        #expect(error?.row.code == code.name)
        #expect(error?.row.line == 7)
        #expect(error?.row.fields == fields)
    }

    @Test func aRowWithoutATenantIsToldWhereOneCanStand() throws {
        let header = try ImportHeader(titles: ["verb", "tenant"], defaultVerb: .disburse, hasTenant: false)
        let error = #expect(throws: ImportRow.Unsendable.self) {
            try ImportRow(CSVRecord(line: 2, fields: ["", ""]), header: header, tenant: nil)
        }
        #expect(error?.row.code == "MISSING_ARGUMENT")
        #expect(error?.row.message == "DISBURSE needs a tenant: fill the cell, or give --tenant")
    }
}

@Suite struct ImportQueueTests {
    private func row(_ line: Int, award: String, date: String = "2024-01-01", verb: String = "") throws -> ImportRow {
        let header = try ImportHeader(
            titles: ["verb", "key", "award", "amount", "date"], defaultVerb: .disburse, hasTenant: true)
        let record = CSVRecord(line: line, fields: [verb, "k\(line)", award, "1", date])
        return try ImportRow(record, header: header, tenant: "t")
    }

    /// The lines of the rows that may be sent now.
    private func launch(_ queue: inout ImportQueue, from file: inout [ImportRow]) -> [Int] {
        var lines: [Int] = []
        while true {
            if queue.wantsRow, !file.isEmpty { queue.add(file.removeFirst()) }
            guard let row = queue.next() else { return lines }
            lines.append(row.line)
        }
    }

    @Test func noMoreRowsAreInFlightThanTheLimit() throws {
        var file = try (2...6).map { try row($0, award: "A\($0)") }
        var queue = ImportQueue(limit: 3)
        #expect(launch(&queue, from: &file) == [2, 3, 4])
        let answered = queue.answered()
        #expect(answered?.line == 2)
        #expect(launch(&queue, from: &file) == [5])
    }

    @Test func laterDatesOfAnAwardWaitForItsEarlierOnes() throws {
        var file = try [
            row(2, award: "A"), row(3, award: "B"), row(4, award: "A"), row(5, award: "A", date: "2024-02-01"),
            row(6, award: "C"),
        ]
        var queue = ImportQueue(limit: 100)
        #expect(launch(&queue, from: &file) == [2, 3, 4])
        _ = queue.answered()
        _ = queue.answered()
        #expect(launch(&queue, from: &file) == [])
        _ = queue.answered()
        #expect(launch(&queue, from: &file) == [5, 6])
    }

    @Test func anotherVerbWaitsForAllBeforeIt() throws {
        var file = try [row(2, award: "A"), row(3, award: "B", verb: "RELEASE"), row(4, award: "C", verb: "RELEASE")]
        var queue = ImportQueue(limit: 100)
        #expect(launch(&queue, from: &file) == [2])
        _ = queue.answered()
        #expect(launch(&queue, from: &file) == [3, 4])
    }

    @Test func whatWasNotAnsweredIsSentAgainInTheOrderOfTheFile() throws {
        var file = try (2...7).map { try row($0, award: "A\($0)") }
        var queue = ImportQueue(limit: 4)
        #expect(launch(&queue, from: &file) == [2, 3, 4, 5])
        if let overloaded = queue.answered() { queue.sendAgain(overloaded) }
        _ = queue.answered()
        // While a row is to be sent again, none follows.
        #expect(launch(&queue, from: &file) == [])
        queue.takeBack()
        #expect(queue.isIdle)
        #expect(launch(&queue, from: &file) == [2, 4, 5, 6])
    }
}

@Suite struct ImportTallyTests {
    @Test func sumsPassWhatTheBooksCanHold() {
        var tally = ImportTally()
        for _ in 0..<2_000 { tally.accept(.maximum, as: .posted) }
        tally.accept(Amount(fen: 5), as: .replayed)
        tally.refuse()
        #expect(tally.posted.amount == "180000000000000000.00")
        #expect(tally.replayed.amount == "0.05")
        #expect(tally.rows == 2_002)
        #expect(
            tally.lines(report: "r.csv") == [
                "          rows                   yuan",
                "posted    2000  180000000000000000.00",
                "replayed     1                   0.05",
                "refused      1",
                "The refused rows and the reasons are in r.csv.",
            ])
    }

    @Test func aDryRunSaysThatNothingWasPosted() {
        var tally = ImportTally()
        tally.accept(Amount(fen: 100), as: .wouldBePosted)
        #expect(
            tally.lines(report: "r.csv") == [
                "                 rows  yuan",
                "posted              0  0.00",
                "would be posted     1  1.00",
                "replayed            0  0.00",
                "refused             0",
                "A dry run posts nothing, and judges each row as if it were the only one.",
            ])
        #expect(
            jsonLine(tally.json(report: "r.csv"))
                == #"{"rows":1,"posted":0,"would-be-posted":1,"replayed":0,"refused":0,"amount":"0.00","#
                + #""would-be-posted-amount":"1.00","replayed-amount":"0.00","rejects":null}"#)
    }
}
