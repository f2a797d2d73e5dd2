import Testing

@testable import CommandLineTool

@Suite struct CSVReaderTests {
    /// All records of a text that arrives in pieces of `size` bytes.
    private func records(_ bytes: [UInt8], inPiecesOf size: Int = 1 << 16) throws -> [CSVRecord] {
        var rest = bytes[...]
        var reader = CSVReader {
            defer { rest = rest.dropFirst(size) }
            return Array(rest.prefix(size))
        }
        var records: [CSVRecord] = []
        while let record = try reader.next() { records.append(record) }
        return records
    }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n", [["a", "b"]]),
        ("a,,\n", [["a", "", ""]]),
        ("\"a,b\",\"say \"\"so\"\"\"\n", [["a,b", "say \"so\""]]),
        ("\"two\r\nlines\",x\r\n", [["two\r\nlines", "x"]]),
        ("\n\r\na\n\n", [["a"]]),
        ("\"\"\n", [[""]]),
        ("临港新片区,中试\n", [["临港新片区", "中试"]]),
        ("", []),
    ])
    func recordsAreReadHoweverTheyArrive(text: String, expected: [[String]]) throws {
        for size in [1, 2, 3, 1 << 16] {
            #expect(try records(Array(text.utf8), inPiecesOf: size).map(\.fields) == expected)
        }
    }

    @Test func aRecordKnowsTheLineOnWhichItBegins() throws {
        let records = try records(Array("h\n\n\"a\nb\"\r\nc\n".utf8))
        #expect(records.map(\.line) == [1, 3, 5])
    }

    @Test(arguments: [
        ("a\nb\"c\n", 2, "inside a field"),
        ("a\n\"b\n\nc", 2, "never closed"),
        ("a\n\"b\"c\n", 2, "not followed by a comma"),
        ("a\rb\n", 1, "carriage return"),
        ("a\n\nb\0\n", 3, "NUL"),
    ])
    func whatIsNoCSVIsToldWithItsLine(text: String, line: Int, message: String) {
        let error = #expect(throws: CSVError.self) { try records(Array(text.utf8)) }
        #expect(error?.line == line)
        #expect(error?.message.contains(message) == true)
    }

    @Test func otherEncodingsAreNotGuessed() {
        let gb18030: [UInt8] = [0x61, 0x0A, 0xC1, 0xD9, 0xB8, 0xDB, 0x0A]
        #expect(throws: CSVError(line: 2, message: "this is not UTF-8 text; save the file as CSV in UTF-8")) {
            try records(gb18030)
        }
    }

    @Test func aQuoteThatIsNeverClosedIsNotReadToTheEndOfAHugeFile() {
        let bytes = Array("a\n\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: CSVReader.largestRecord + 2)
        let error = #expect(throws: CSVError.self) { try records(bytes) }
        #expect(error?.message.contains("1 MiB") == true)
    }

    @Test(arguments: [["a", "b,c", "d\"e", "f\r\ng", "", "临港"], [""]])
    func whatIsWrittenIsReadBack(fields: [String]) throws {
        let text = fields == [""] ? "\"\"" : csvRecord(fields)
        #expect(try records(Array((text + "\r\n").utf8)).map(\.fields) == [fields])
    }
}
