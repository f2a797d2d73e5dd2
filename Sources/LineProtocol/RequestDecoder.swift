import LedgerCore

/// Cuts the bytes of a connection into requests: plain lines, and RESP arrays of bulk strings.
///
/// It does no I/O and may be fed in pieces of any size; what it answers never depends on where they were cut. Each byte
/// is looked at once, and once ``next()`` has answered nil no more than one request of at most `limit` bytes is held.
package struct RequestDecoder: Sendable {
    private enum State {
        /// Before or inside a line, or before the header of an array.
        case line
        /// Inside a line that was too long and is answered already.
        case skipping
        case array(PartialArray)
        /// The framing is lost.
        case closed
    }

    private struct PartialArray {
        var wordsLeft: Int
        var words: [String] = []
        var binaryWord: [UInt8]?
        /// Bytes that the same request takes as a line, without quotes: its words, and a space between each two.
        var size = 0
        /// Length of the word that comes next, once its header is read.
        var wordLength: Int?
    }

    /// Words of a RESP array at most; the longest verb has fifteen arguments.
    private static let mostWords = 1_024
    /// `*1024\r\n` and `$65536\r\n` are shorter by far.
    private static let longestHeader = 24

    /// Bytes of a request at most, its line end not counted.
    private let limit: Int
    private var buffer: [UInt8] = []
    /// Where the first byte that is not consumed stands.
    private var start = 0
    /// Where the first byte that is not looked at stands.
    private var scanned = 0
    private var state = State.line

    package init(limit: Int = 65_536) {
        self.limit = limit
    }

    /// Bytes that wait for the rest of their request.
    package var bufferedCount: Int { buffer.count - start }

    /// Whether nothing of a request that is not whole has come: a good moment to end the connection.
    package var isBetweenRequests: Bool {
        if case .line = state { bufferedCount == 0 } else { false }
    }

    package mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard makeRoom() else { return }
        buffer.append(contentsOf: bytes)
    }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        guard makeRoom() else { return }
        buffer.append(contentsOf: bytes)
    }

    /// The next request, or what is wrong with it; nil when more bytes are needed, and always once the framing is lost.
    package mutating func next() -> Decoded? {
        while true {
            switch state {
            case .closed:
                return nil
            case .skipping:
                guard let end = endOfLine(before: buffer.count) else {
                    consume(upTo: buffer.count)
                    return nil
                }
                consume(upTo: end + 1)
                state = .line
            case .line:
                guard start < buffer.count else { return nil }
                if buffer[start] == UInt8(ascii: "*") {
                    switch header() {
                    case .needsMore: return nil
                    case .number(let count) where (1...Self.mostWords).contains(count):
                        state = .array(PartialArray(wordsLeft: count))
                    case .number(let count) where count == 0 || count == -1:
                        return .malformed(.badRequest("a request cannot be an empty RESP array"), closes: false)
                    case .number, .malformed:
                        return close(
                            "the header of a RESP array is not * with a number from 1 to \(Self.mostWords) and CRLF")
                    }
                } else {
                    guard let decoded = nextLine() else { return nil }
                    if case .found(let request) = decoded { return request }
                }
            case .array(var array):
                state = .closed  // So that the words are held once and can be changed in place.
                switch nextWord(of: &array) {
                case .needsMore:
                    state = .array(array)
                    return nil
                case .word where array.wordsLeft > 0:
                    state = .array(array)
                case .word:
                    state = .line
                    return .request(
                        RawRequest(
                            verb: array.words[0], words: Array(array.words.dropFirst()), binaryWord: array.binaryWord))
                case .malformed(let message):
                    return close(message)
                }
            }
        }
    }

    // MARK: - Lines

    private enum LineResult {
        case found(Decoded)
        case passedOver
    }

    /// nil where the line is not whole yet.
    private mutating func nextLine() -> LineResult? {
        guard let end = endOfLine(before: buffer.count) else {
            let length = buffer.count - start
            // The byte past the limit may be the CR of the line's end.
            guard length > limit + 1 || (length == limit + 1 && buffer[buffer.count - 1] != UInt8(ascii: "\r")) else {
                return nil
            }
            let decoded = tooLong()
            if case .malformed(_, closes: false) = decoded { state = .skipping }
            return .found(decoded)
        }
        let isCRLF = end > start && buffer[end - 1] == UInt8(ascii: "\r")
        let line = start..<(isCRLF ? end - 1 : end)
        guard line.count <= limit else {
            let decoded = tooLong()
            consume(upTo: end + 1)
            return .found(decoded)
        }
        if isFromBrowser() { return .found(closeOnBrowser()) }
        let words = buffer.withUnsafeBufferPointer { LineWords.split(UnsafeBufferPointer(rebasing: $0[line])) }
        consume(upTo: end + 1)
        switch words {
        case .failure(let refusal): return .found(.malformed(refusal, closes: false))
        case .success(let words):
            guard let verb = words.first else { return .passedOver }
            return .found(.request(RawRequest(verb: verb, words: Array(words.dropFirst()))))
        }
    }

    private mutating func tooLong() -> Decoded {
        guard !isFromBrowser() else { return closeOnBrowser() }
        return .malformed(
            .badRequest("the line is longer than \(limit) bytes; it is skipped to its end"), closes: false)
    }

    /// A web page can make a browser send lines of its choice to any port; the ones that it must send first tell it.
    private func isFromBrowser() -> Bool {
        ["GET ", "POST ", "Host:"].contains { buffer[start...].starts(with: $0.utf8) }
    }

    private mutating func closeOnBrowser() -> Decoded {
        close("this is not an HTTP server; the connection is closed")
    }

    // MARK: - RESP arrays

    private enum Header {
        case needsMore, malformed
        case number(Int)
    }

    private enum WordResult {
        case needsMore, word
        case malformed(String)
    }

    /// Reads and consumes a type byte, a number and CRLF.
    private mutating func header() -> Header {
        let most = min(buffer.count, start + Self.longestHeader)
        guard let end = endOfLine(before: most) else {
            return most == start + Self.longestHeader ? .malformed : .needsMore
        }
        guard end - start >= 3, buffer[end - 1] == UInt8(ascii: "\r") else { return .malformed }
        let number = DecimalText.integer(buffer[(start + 1)..<(end - 1)])
        consume(upTo: end + 1)
        return number.map(Header.number) ?? .malformed
    }

    private mutating func nextWord(of array: inout PartialArray) -> WordResult {
        if array.wordLength == nil {
            guard start < buffer.count else { return .needsMore }
            guard buffer[start] == UInt8(ascii: "$") else {
                return .malformed("a word of a RESP array is not a bulk string")
            }
            switch header() {
            case .needsMore: return .needsMore
            case .malformed: return .malformed("the header of a bulk string is not $ with its length in bytes and CRLF")
            case .number(let length):
                guard length >= 0 else { return .malformed("a bulk string has the negative length \(length)") }
                let separator = array.words.isEmpty ? 0 : 1
                guard length <= limit - array.size - separator else {
                    return .malformed("the RESP array is longer than \(limit) bytes")
                }
                array.size += length + separator
                array.wordLength = length
            }
        }
        guard let length = array.wordLength, buffer.count - start >= length + 2 else { return .needsMore }
        let end = start + length
        guard buffer[end] == UInt8(ascii: "\r"), buffer[end + 1] == UInt8(ascii: "\n") else {
            return .malformed("a bulk string of \(length) bytes is not followed by CRLF")
        }
        let bytes = buffer[start..<end]
        if let word = String(validating: bytes, as: UTF8.self) {
            array.words.append(word)
        } else {
            array.words.append(String(decoding: bytes, as: UTF8.self))
            array.binaryWord = array.binaryWord ?? Array(bytes)
        }
        array.wordsLeft -= 1
        array.wordLength = nil
        consume(upTo: end + 2)
        return .word
    }

    // MARK: - The buffer

    /// Where the next LF stands, looked for in the bytes not yet looked at.
    private mutating func endOfLine(before end: Int) -> Int? {
        guard scanned < end else { return nil }
        let found = buffer.withUnsafeBufferPointer { $0[scanned..<end].firstIndex(of: UInt8(ascii: "\n")) }
        scanned = found ?? end
        return found
    }

    private mutating func consume(upTo position: Int) {
        start = position
        scanned = position
    }

    private mutating func close(_ message: String) -> Decoded {
        state = .closed
        buffer = []
        consume(upTo: 0)
        return .malformed(.badRequest(message), closes: true)
    }

    /// Drops what is consumed once it is the larger part, so that each byte is moved once at most; false once closed.
    private mutating func makeRoom() -> Bool {
        if case .closed = state { return false }
        if start > 0, start >= buffer.count - start {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        return true
    }
}
