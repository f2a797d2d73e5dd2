/// The records of a CSV file (RFC 4180, with any delimiter and quote), one by one. Quoted fields may hold delimiters,
/// line ends and doubled quotes; empty lines are passed over.
struct CSVRecords {
    struct Record {
        /// Where it begins, counted from 1.
        let line: Int
        var fields: [String]
    }

    private var lines: TextLines
    private let delimiter: UInt8
    private let quote: UInt8?

    init(mapping: CSVMapping, chunks: @escaping StatementReader.Chunks) throws {
        lines = TextLines(encoding: mapping.encoding, chunks: chunks)
        delimiter = mapping.delimiter
        quote = mapping.quote
        for _ in 0..<mapping.linesToSkip { _ = try lines.next() }
    }

    mutating func next() throws -> Record? {
        while var bytes = try lines.next() {
            guard !bytes.isEmpty else { continue }
            let begin = lines.number
            var fields: [String] = []
            var position = 0
            repeat {
                fields.append(try field(of: &bytes, from: &position, begin: begin))
                // What follows a field is a delimiter, or nothing; a delimiter at the very end opens an empty field.
                position += 1
            } while position <= bytes.count
            return Record(line: begin, fields: fields)
        }
        return nil
    }

    /// The field that begins at `position`; a quoted one may draw further lines into `bytes`.
    private mutating func field(of bytes: inout [UInt8], from position: inout Int, begin: Int) throws -> String {
        guard let quote, position < bytes.count, bytes[position] == quote else {
            let end = bytes[position...].firstIndex(of: delimiter) ?? bytes.count
            let plain = bytes[position..<end]
            if let quote, plain.contains(quote) {
                throw StatementError(
                    .syntax, line: lines.number, "a quote stands inside a field",
                    value: String(decoding: plain, as: UTF8.self), "quote the whole field and double the quote in it")
            }
            position = end
            return String(decoding: plain, as: UTF8.self)
        }
        position += 1
        var held: [UInt8] = []
        while true {
            while position >= bytes.count {
                guard let more = try lines.next() else {
                    throw StatementError(
                        .truncated, line: begin, "a quote is opened here and never closed", "transfer the file again")
                }
                guard held.count + more.count <= TextLines.longest else {
                    throw StatementError(
                        .tooLarge, line: begin, "a record of more than 1 MiB", "check for a quote that is not closed")
                }
                held.append(UInt8(ascii: "\n"))
                bytes = more
                position = 0
            }
            let byte = bytes[position]
            position += 1
            if byte == quote {
                guard position < bytes.count, bytes[position] == quote else { break }
                position += 1
            }
            held.append(byte)
        }
        guard position == bytes.count || bytes[position] == delimiter else {
            throw StatementError(
                .syntax, line: lines.number, "a closing quote is not followed by a delimiter or the end of the line",
                value: String(decoding: held, as: UTF8.self), "double the quotes within a field")
        }
        return String(decoding: held, as: UTF8.self)
    }
}
