import Foundation

/// The lines of a text file as UTF-8, one by one, in memory for one of them.
///
/// No byte of a character in GB18030 is a line end, so that a file can be cut into lines before it is decoded.
struct TextLines {
    /// No single line, and no record, is larger.
    static let longest = 1 << 20

    private let chunks: StatementReader.Chunks
    private let encoding: CSVMapping.Encoding
    private var chunk: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// The number of the line that ``next()`` gave last.
    private(set) var number = 0

    init(encoding: CSVMapping.Encoding, chunks: @escaping StatementReader.Chunks) {
        self.encoding = encoding
        self.chunks = chunks
    }

    /// The next line without its end; nil at the end of the file.
    mutating func next() throws -> [UInt8]? {
        var line: [UInt8] = []
        var isEnded = false
        while !isEnded {
            if position == chunk.count {
                chunk = isAtEnd ? [] : try chunks()
                position = 0
                isAtEnd = chunk.isEmpty
                if isAtEnd { break }
            }
            let rest = chunk[position...]
            let end = rest.firstIndex(of: UInt8(ascii: "\n"))
            line += rest[..<(end ?? rest.endIndex)]
            position = end.map { $0 + 1 } ?? chunk.count
            isEnded = end != nil
            guard line.count <= Self.longest else {
                throw StatementError(.tooLarge, line: number + 1, "a line of more than 1 MiB", "check the file")
            }
        }
        guard isEnded || !line.isEmpty else { return nil }
        number += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        return try decoded(line)
    }

    private func decoded(_ line: [UInt8]) throws(StatementError) -> [UInt8] {
        if line.contains(0) || line.contains(UInt8(ascii: "\r")) {
            throw StatementError(
                .encoding, line: number, "a NUL or a lone carriage return in the file",
                "save it as CSV in UTF-8 with one line for each record")
        }
        switch encoding {
        case .utf8:
            guard String(validating: line, as: UTF8.self) != nil else {
                throw StatementError(
                    .encoding, line: number, "this line is not UTF-8 text",
                    "write encoding: gb18030 into the mapping, or save the file in UTF-8")
            }
            return line
        case .gb18030:
            guard line.contains(where: { $0 >= 0x80 }) else { return line }
            // CFStringEncoding 0x0632, GB_18030_2000, as Foundation numbers it.
            guard let text = String(data: Data(line), encoding: String.Encoding(rawValue: 0x8000_0632)) else {
                throw StatementError(
                    .encoding, line: number, "this line is not GB18030 text",
                    "write encoding: utf-8 into the mapping, or save the file in GB18030")
            }
            return Array(text.utf8)
        }
    }
}
