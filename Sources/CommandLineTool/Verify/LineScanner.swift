/// Why a line is none of an export.
struct UnreadableLine: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Reads one line of JSON as the ledger spells it: no spaces, and for each value one way to write it.
struct LineScanner {
    private let line: ArraySlice<UInt8>
    private var place: Int

    init(_ line: ArraySlice<UInt8>) {
        self.line = line
        place = line.startIndex
    }

    func fault(_ reason: String) -> UnreadableLine {
        UnreadableLine("byte \(place - line.startIndex + 1) of the line: \(reason)")
    }

    // MARK: Signs

    mutating func take(_ sign: StaticString) -> Bool {
        let length = sign.utf8CodeUnitCount
        guard line.endIndex - place >= length else { return false }
        let isHere = sign.withUTF8Buffer { bytes in
            for offset in 0..<length where bytes[offset] != line[place + offset] { return false }
            return true
        }
        if isHere { place += length }
        return isHere
    }

    mutating func expect(_ sign: StaticString) throws(UnreadableLine) {
        guard take(sign) else { throw fault("expected \(sign)") }
    }

    func expectEnd() throws(UnreadableLine) {
        guard place == line.endIndex else { throw fault("expected the end of the line") }
    }

    // MARK: Numbers

    /// Digits without a zero in front.
    mutating func natural() throws(UnreadableLine) -> Int64 {
        let begin = place
        var value: Int64 = 0
        while let digit {
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeByDigit) = tens.addingReportingOverflow(digit)
            guard !isTooLarge, !isTooLargeByDigit else { throw fault("the number is too large") }
            value = sum
            place += 1
        }
        guard place > begin, place == begin + 1 || line[begin] != UInt8(ascii: "0") else {
            throw fault("expected a whole number")
        }
        return value
    }

    /// Yuan with two decimals in quotes, in fen.
    mutating func fen() throws(UnreadableLine) -> Int64 {
        try expect("\"")
        let isNegative = take("-")
        var value = try natural()
        try expect(".")
        for _ in 0..<2 {
            guard let digit, value < Int64.max / 10 else { throw fault("expected an amount with two decimals") }
            value = value * 10 + digit
            place += 1
        }
        guard value > 0 || !isNegative else { throw fault("nothing is not negative") }
        try expect("\"")
        return isNegative ? -value : value
    }

    private var digit: Int64? {
        guard place < line.endIndex, line[place] >= UInt8(ascii: "0"), line[place] <= UInt8(ascii: "9") else {
            return nil
        }
        return Int64(line[place] - UInt8(ascii: "0"))
    }

    // MARK: Texts

    /// What a text becomes in the text that the chain covers. What ends it there must not stand in it.
    enum Part {
        /// Followed by a line feed, which is written too.
        case line
        /// Followed by a space or a line feed.
        case word
        /// Followed by an equals sign, which is written too.
        case argumentName
        /// A backslash and a line feed become `\\` and `\n`.
        case argumentValue
    }

    mutating func string(_ part: Part, to text: inout [UInt8]) throws(UnreadableLine) {
        try expect("\"")
        let begin = text.count
        while true {
            let plain = place
            while place < line.endIndex, isPlain { place += 1 }
            text += line[plain..<place]
            if take("\"") { break }
            guard take("\\") else { throw fault("expected the end of the text, or an escape") }
            try escape(part, to: &text)
        }
        switch part {
        case .line: text.append(UInt8(ascii: "\n"))
        case .word, .argumentName:
            let word = text[begin...]
            guard !word.isEmpty, !word.contains(UInt8(ascii: " ")),
                part == .word || !word.contains(UInt8(ascii: "="))
            else { throw fault("one word stands before this") }
            if part == .argumentName { text.append(UInt8(ascii: "=")) }
        case .argumentValue: break
        }
    }

    /// What is not plain is written as an escape: quote, backslash, and the control characters (C0, DEL, C1).
    private var isPlain: Bool {
        switch line[place] {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7F: false
        // C1 controls are two bytes in UTF-8: C2, and the control's own number.
        case 0xC2: place + 1 == line.endIndex || !(0x80...0x9F).contains(line[place + 1])
        default: true
        }
    }

    /// What stands behind a backslash.
    private mutating func escape(_ part: Part, to text: inout [UInt8]) throws(UnreadableLine) {
        if take("\"") {
            text.append(UInt8(ascii: "\""))
        } else if take("\\") {
            text += part == .argumentValue ? #"\\"#.utf8 : #"\"#.utf8
        } else if take("n") {
            guard part == .argumentValue else { throw fault("a line feed stands before this") }
            text += #"\n"#.utf8
        } else if take("r") {
            text.append(0x0D)
        } else if take("t") {
            text.append(0x09)
        } else {
            try expect("u00")
            let code = try hexadecimalDigit() << 4 | hexadecimalDigit()
            switch code {
            case 0x09, 0x0A, 0x0D: throw fault("this has a shorter escape")
            case 0..<0x20, 0x7F: text.append(code)
            case 0x80...0x9F: text += [0xC2, code]
            default: throw fault("this needs no escape")
            }
        }
    }

    private mutating func hexadecimalDigit() throws(UnreadableLine) -> UInt8 {
        guard place < line.endIndex else { throw fault("expected a hexadecimal digit") }
        let byte = line[place]
        place += 1
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): return byte - UInt8(ascii: "a") + 10
        default: throw fault("expected a hexadecimal digit")
        }
    }
}
