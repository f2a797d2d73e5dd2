/// A record of a CSV file, and the line on which it begins (counted from 1).
struct CSVRecord: Equatable {
    let line: Int
    let fields: [String]
}

/// What is wrong with a CSV file, and where.
struct CSVError: Error, Equatable, CustomStringConvertible {
    let line: Int
    let message: String

    var description: String { "line \(line): \(message)" }
}

/// Reads the records of a CSV file (RFC 4180) one by one, in memory for one record only.
///
/// A leading byte order mark is passed over; records end with CRLF or LF; empty lines are passed over; a quoted field
/// may hold commas, line ends and doubled quotes. Nothing is guessed: what departs from the format is an error.
struct CSVReader {
    /// No single record is larger; what is, is a quote that was never closed.
    static let largestRecord = 1 << 20

    private let readChunk: () throws -> [UInt8]
    private var chunk: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isAtBeginning = true
    /// All bytes handed out so far, for a progress bar.
    private(set) var bytesRead = 0

    /// `readChunk` returns the next bytes of the file, none at its end.
    init(readChunk: @escaping () throws -> [UInt8]) { self.readChunk = readChunk }

    /// The next record; nil at the end. Throws ``CSVError``, or what the file throws.
    mutating func next() throws -> CSVRecord? {
        if isAtBeginning { try skipByteOrderMark() }
        while true {
            let begin = line
            guard let fields = try record() else { return nil }
            if let fields { return CSVRecord(line: begin, fields: fields) }
        }
    }

    // MARK: One record

    /// The fields of the record that begins here; an inner nil for an empty line, an outer nil at the end of the file.
    private mutating func record() throws -> [String]?? {
        guard try peek() != nil else { return nil }
        var fields: [String] = []
        var size = 0
        while true {
            let isQuoted = try peek() == UInt8(ascii: "\"")
            let bytes = try isQuoted ? quotedField(size: &size) : plainField(size: &size)
            guard let field = String(validating: bytes, as: UTF8.self) else {
                throw CSVError(line: line, message: "this is not UTF-8 text; save the file as CSV in UTF-8")
            }
            fields.append(field)
            switch try advance() {
            case UInt8(ascii: ","):
                continue
            case UInt8(ascii: "\r"):
                guard try advance() == UInt8(ascii: "\n") else {
                    throw CSVError(line: line, message: "a carriage return stands alone; lines end with LF or CRLF")
                }
                line += 1
            case UInt8(ascii: "\n"):
                line += 1
            case nil:
                break
            case .some:
                throw CSVError(
                    line: line, message: "a closing quote is not followed by a comma or the end of the line")
            }
            let isEmpty = fields == [""] && !isQuoted
            return .some(isEmpty ? nil : fields)
        }
    }

    private mutating func plainField(size: inout Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = try peek() {
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                return bytes
            case UInt8(ascii: "\""):
                throw CSVError(
                    line: line,
                    message: "a quote stands inside a field; put the whole field in quotes and double the quote")
            case 0:
                throw CSVError(line: line, message: "a NUL byte; is this a CSV file in UTF-8?")
            default:
                try append(byte, to: &bytes, size: &size)
            }
        }
        return bytes
    }

    private mutating func quotedField(size: inout Int) throws -> [UInt8] {
        let begin = line
        var bytes: [UInt8] = []
        position += 1
        while let byte = try peek() {
            if byte == UInt8(ascii: "\"") {
                position += 1
                guard try peek() == UInt8(ascii: "\"") else { return bytes }
            } else if byte == UInt8(ascii: "\n") {
                line += 1
            }
            try append(byte, to: &bytes, size: &size)
        }
        throw CSVError(line: begin, message: "a quote is opened here and never closed")
    }

    private mutating func append(_ byte: UInt8, to bytes: inout [UInt8], size: inout Int) throws {
        size += 1
        guard size <= Self.largestRecord else {
            throw CSVError(line: line, message: "a record of more than 1 MiB; is a quote not closed before this line?")
        }
        bytes.append(byte)
        position += 1
    }

    // MARK: Bytes

    private mutating func peek() throws -> UInt8? {
        if position == chunk.count {
            chunk = try readChunk()
            position = 0
            bytesRead += chunk.count
        }
        return position < chunk.count ? chunk[position] : nil
    }

    private mutating func advance() throws -> UInt8? {
        let byte = try peek()
        if byte != nil { position += 1 }
        return byte
    }

    private mutating func skipByteOrderMark() throws {
        isAtBeginning = false
        guard try peek() == 0xEF else { return }
        position += 1
        guard try advance() == 0xBB, try advance() == 0xBF else {
            throw CSVError(line: 1, message: "this is not UTF-8 text; save the file as CSV in UTF-8")
        }
    }
}

/// Writes the fields of a record so that ``CSVReader`` (and a spreadsheet) reads them back; without the line end.
func csvRecord(_ fields: [String]) -> String {
    fields.map { field in
        let needsQuotes = field.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        guard needsQuotes else { return field }
        var quoted = "\""
        for scalar in field.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
    .joined(separator: ",")
}
