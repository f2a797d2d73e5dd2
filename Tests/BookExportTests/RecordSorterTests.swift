import Testing

@testable import BookExport

@Suite struct RecordSorterTests {
    private func sorted(_ records: [[UInt8]], memory: Int, mostRuns: Int) throws -> [[UInt8]] {
        var sorter = RecordSorter(memory: memory, directory: "/tmp", mostRuns: mostRuns)
        for record in records { try sorter.add(record) }
        var sorted: [[UInt8]] = []
        try sorter.forEach { sorted.append(Array($0)) }
        return sorted
    }

    /// In one piece, in runs, and in runs that are merged several times.
    @Test(arguments: [(1 << 20, 128), (4_000, 128), (300, 2), (1, 3)])
    func recordsComeInTheOrderOfTheirBytes(memory: Int, mostRuns: Int) throws {
        var records: [[UInt8]] = []
        for record in 0..<120 {
            var bytes: [UInt8] = []
            for place in 0..<record * 7 % 41 { bytes.append(UInt8((place * 31 + record * 17) % 4)) }
            records.append(bytes)
        }
        let expected = records.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(try sorted(records, memory: memory, mostRuns: mostRuns) == expected)
    }

    @Test func nothingSortsToNothing() throws {
        #expect(try sorted([], memory: 1, mostRuns: 2).isEmpty)
    }

    /// Longer than any buffer.
    @Test func aLongRecordIsKeptWhole() throws {
        let long = [UInt8](repeating: 1, count: 700_000)
        #expect(try sorted([[2], long, [0]], memory: 10, mostRuns: 2) == [[0], long, [2]])
    }
}
