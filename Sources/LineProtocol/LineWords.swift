import LedgerCore

/// Cuts a line into its words, and resolves the quotes.
///
/// Words are separated by spaces or tabs. A quote may open a word or the value after its first `=`; inside quotes a
/// backslash stands before a quote or a backslash, and the closing quote ends the word.
enum LineWords {
    private enum Quoting {
        case none, inside, closed
    }

    static func split(_ line: UnsafeBufferPointer<UInt8>) -> Result<[String], Refusal> {
        var words: [String] = []
        words.reserveCapacity(12)
        var position = 0
        while position < line.count {
            if isSeparator(line[position]) {
                position += 1
                continue
            }
            let begin = position
            while position < line.count, !isSeparator(line[position]), line[position] != UInt8(ascii: "\"") {
                position += 1
            }
            let plain = UnsafeBufferPointer(rebasing: line[begin..<position])
            let word: String?
            if position < line.count, line[position] == UInt8(ascii: "\"") {
                guard plain.isEmpty || plain.firstIndex(of: UInt8(ascii: "=")) == plain.count - 1 else {
                    return refused("a quote stands inside a word; quote the whole value, with \\\" for a quote in it")
                }
                position += 1
                switch quoted(line, from: &position, after: plain) {
                case .failure(let refusal): return .failure(refusal)
                case .success(let bytes): word = String(validating: bytes, as: UTF8.self)
                }
            } else {
                word = String(validating: plain, as: UTF8.self)
            }
            guard let word else { return refused("the line is not UTF-8") }
            words.append(word)
        }
        return .success(words)
    }

    /// The bytes of a quoted word: those `before` the quote, and what it holds. Ends after the closing quote.
    private static func quoted(
        _ line: UnsafeBufferPointer<UInt8>, from position: inout Int, after before: UnsafeBufferPointer<UInt8>
    ) -> Result<[UInt8], Refusal> {
        var bytes = Array(before)
        while position < line.count {
            let byte = line[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard position == line.count || isSeparator(line[position]) else {
                    return refused("a closing quote is not followed by a space or the end of the line")
                }
                return .success(bytes)
            case UInt8(ascii: "\\"):
                guard position < line.count else { break }
                let escaped = line[position]
                guard escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\") else {
                    return refused("inside quotes a backslash may stand only before a quote or a backslash")
                }
                bytes.append(escaped)
                position += 1
            default:
                bytes.append(byte)
            }
        }
        return refused("a quote is not closed before the end of the line")
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func refused<Success>(_ message: String) -> Result<Success, Refusal> {
        .failure(.badRequest(message))
    }
}
