import LedgerCore
import LineProtocol
import Testing

/// A table of tests in a string literal: a line each, columns parted by ` -> `; lines that begin with `#` are remarks.
struct Table {
    struct Row: Sendable, CustomTestStringConvertible {
        let columns: [String]

        subscript(column: Int) -> String { column < columns.count ? columns[column] : "" }
        var testDescription: String { columns.joined(separator: " -> ") }
    }

    static func rows(_ text: String) -> [Row] {
        text.split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { line in
                var columns: [String] = []
                var column = ""
                let words = line.split(separator: " ", omittingEmptySubsequences: false)
                for word in words {
                    if word == "->" {
                        columns.append(column.trimmed)
                        column = ""
                    } else {
                        column += (column.isEmpty ? "" : " ") + word
                    }
                }
                return Row(columns: columns + [column.trimmed])
            }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}

/// What a decoder finds in `bytes`, fed in pieces of `size`.
func decode(_ bytes: some Collection<UInt8>, by size: Int = .max, limit: Int = 65_536) -> [Decoded] {
    var decoder = RequestDecoder(limit: limit)
    var found: [Decoded] = []
    var rest = bytes[...]
    while !rest.isEmpty {
        decoder.append(rest.prefix(size))
        rest = rest.dropFirst(size)
        while let decoded = decoder.next() { found.append(decoded) }
    }
    return found
}

func decode(_ text: String, by size: Int = .max, limit: Int = 65_536) -> [Decoded] {
    decode(Array(text.utf8), by: size, limit: limit)
}

/// The one request of a line.
func raw(_ line: String) throws -> RawRequest {
    let found = decode(line + "\n")
    try #require(found.count == 1, "\(found)")
    switch found[0] {
    case .request(let request): return request
    case .malformed(let refusal, _): throw refusal
    }
}

func parse(_ line: String, tenant: String? = nil) throws -> ParsedRequest {
    try RequestParser.parse(try raw(line), tenant: tenant).get()
}

func refusal(_ line: String, tenant: String? = nil) throws -> Refusal {
    do {
        let parsed = try parse(line, tenant: tenant)
        throw Unexpected(description: "\(line) was taken for \(parsed)")
    } catch let refusal as Refusal {
        return refusal
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
}

extension Refusal {
    /// The field `argument`.
    var argument: String? {
        guard case .text(let argument)? = fields.first(where: { $0.name == "argument" })?.value else { return nil }
        return argument
    }
}

/// As a RESP array, each word as it is.
func resp(_ words: [String]) -> [UInt8] {
    Array("*\(words.count)\r\n".utf8) + words.flatMap { Array("$\($0.utf8.count)\r\n\($0)\r\n".utf8) }
}

/// SplitMix64: the same numbers for the same seed, for ever.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
