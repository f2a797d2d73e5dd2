// Finding references in what banks print: in either case, without their hyphens, broken across lines, glued to words.

extension PaymentReference {
    /// At most so many separators in a row stand inside a reference.
    private static let mostSeparators = 3

    /// Each one once, in the order of the text.
    package static func found(in text: String) -> [PaymentReference] {
        let bytes = Array(text.utf8)
        var found: [PaymentReference] = []
        var known: Set<PaymentReference> = []
        var place = 0
        while place + width <= bytes.count {
            guard upper(bytes[place]) == UInt8(ascii: "G"), let (reference, end) = read(bytes, from: place) else {
                place += 1
                continue
            }
            if known.insert(reference).inserted { found.append(reference) }
            place = end
        }
        return found
    }

    /// The reference that begins at `start`, and the place after it.
    static func read(_ bytes: [UInt8], from start: Int) -> (PaymentReference, end: Int)? {
        var characters: [UInt8] = []
        characters.reserveCapacity(width)
        var place = start
        var separators = 0
        while characters.count < width {
            guard place < bytes.count else { return nil }
            let byte = upper(bytes[place])
            if belongs(byte, at: characters.count) {
                characters.append(byte)
                separators = 0
            } else {
                separators += 1
                guard isSeparator(byte), !characters.isEmpty, separators <= mostSeparators else { return nil }
            }
            place += 1
        }
        guard remainder(of: Array(characters[4...]) + characters[..<4]) == 1 else { return nil }
        var tag: UInt64 = 0
        for byte in characters[4..<(4 + tagWidth)] {
            guard let value = tagAlphabet.firstIndex(of: byte) else { return nil }
            tag = tag << 5 | UInt64(value)
        }
        let entry = characters[(4 + tagWidth)...].reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return entry > 0 ? (PaymentReference(tag: tag, entry: entry), place) : nil
    }

    private static func belongs(_ byte: UInt8, at index: Int) -> Bool {
        switch index {
        case 0: byte == UInt8(ascii: "G")
        case 1: byte == UInt8(ascii: "L")
        case 4..<(4 + tagWidth): tagAlphabet.contains(byte)
        default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "-"),
            UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
