/// Looks at the bytes of an XML file before a parser does, and refuses what no bank sends and what could take memory:
/// declarations (DOCTYPE, ENTITY), other encodings than UTF-8, endless tags and texts, ever new names, deep nesting, a
/// cut-off end.
///
/// It knows of XML only where tags, comments, CDATA sections and instructions begin and end. Whether the rest is well
/// formed is the parser's to say.
struct MarkupGuard {
    /// Bytes of one tag, comment, or text between two tags.
    static let longestRun = 65_536
    /// camt.053 nests to a depth of 15.
    static let deepest = 64

    private enum State {
        case text
        /// After `<`.
        case opened
        /// After `<!`, then `<!-`.
        case declared, commentOpening
        /// The number of dashes, brackets or question marks just seen.
        case comment(Int), cdata(Int), instruction(Int)
        case tag(quote: UInt8, isClosing: Bool, lastByte: UInt8)
    }

    private var state = State.text
    private var run = 0
    private var depth = 0
    private var hasRoot = false
    private(set) var line = 1
    private var text = UTF8Check()
    private var words = MarkupWords()
    /// The instruction at hand, as far as it may be the XML declaration.
    private var instruction: [UInt8] = []

    mutating func pass(_ bytes: [UInt8]) throws(StatementError) {
        for byte in bytes { try pass(byte) }
    }

    private mutating func pass(_ byte: UInt8) throws(StatementError) {
        guard text.accepts(byte), byte != 0 else {
            throw StatementError(
                .encoding, line: line, "this is not UTF-8 text", value: "byte 0x\(String(byte, radix: 16))",
                "convert the file, for example with iconv -f GB18030 -t UTF-8")
        }
        if byte == UInt8(ascii: "\n") { line += 1 }
        run += 1
        guard run <= Self.longestRun else {
            throw StatementError(
                .tooLarge, line: line, "a tag or text of more than \(Self.longestRun) bytes",
                "no statement needs as much; check the file")
        }
        try step(byte)
    }

    /// Throws where the file may not end here.
    func end() throws(StatementError) {
        guard case .text = state, depth == 0, text.isComplete else {
            throw StatementError(
                .truncated, line: line, "the file ends within \(depth) open elements", "transfer the whole file again")
        }
        guard hasRoot else {
            throw StatementError(.format, line: line, "this is not XML", "give a camt.053 file, or a CSV mapping")
        }
    }

    // MARK: One byte

    private mutating func step(_ byte: UInt8) throws(StatementError) {
        switch state {
        case .text:
            if byte == UInt8(ascii: "<") { enter(.opened) }
        case .opened:
            try open(byte)
        case .declared:
            guard byte == UInt8(ascii: "-") || byte == UInt8(ascii: "[") else {
                throw StatementError(
                    .declaration, line: line, "the file has a declaration (<!DOCTYPE or <!ENTITY)",
                    "no bank's statement has one; remove it, or ask who made the file")
            }
            state = byte == UInt8(ascii: "-") ? .commentOpening : .cdata(0)
        case .commentOpening:
            state = .comment(0)
        case .comment(let dashes):
            try run(of: UInt8(ascii: "-"), seen: dashes, needed: 2, byte, within: State.comment)
        case .cdata(let brackets):
            try run(of: UInt8(ascii: "]"), seen: brackets, needed: 2, byte, within: State.cdata)
        case .instruction(let marks):
            if instruction.count < 200 { instruction.append(byte) }
            words.append(byte)
            try run(of: UInt8(ascii: "?"), seen: marks, needed: 1, byte, within: State.instruction)
        case .tag(let quote, let isClosing, let last):
            try tag(byte, quote: quote, isClosing: isClosing, last: last)
        }
    }

    private mutating func enter(_ next: State) {
        state = next
        run = 0
    }

    private mutating func open(_ byte: UInt8) throws(StatementError) {
        switch byte {
        case UInt8(ascii: "!"):
            state = .declared
        case UInt8(ascii: "?"):
            instruction = []
            state = .instruction(0)
        default:
            let isClosing = byte == UInt8(ascii: "/")
            state = .tag(quote: 0, isClosing: isClosing, lastByte: 0)
            if !isClosing { try tag(byte, quote: 0, isClosing: false, last: 0) }
        }
    }

    /// Ends a comment, CDATA section or instruction at a `>` after as many marks as are needed.
    private mutating func run(
        of mark: UInt8, seen: Int, needed: Int, _ byte: UInt8, within state: (Int) -> State
    ) throws(StatementError) {
        if byte == UInt8(ascii: ">"), seen >= needed {
            if case .instruction = self.state {
                try endWord()
                try refuseEmptyInstruction()
                try refuseOtherEncoding()
            }
            enter(.text)
        } else {
            self.state = state(byte == mark ? seen + 1 : 0)
        }
    }

    private mutating func tag(_ byte: UInt8, quote: UInt8, isClosing: Bool, last: UInt8) throws(StatementError) {
        var next = quote
        switch byte {
        case UInt8(ascii: ">") where quote == 0:
            return try endTag(isClosing: isClosing, isEmpty: last == UInt8(ascii: "/"))
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            next = quote == 0 ? byte : quote == byte ? 0 : quote
            try endWord()
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "="), UInt8(ascii: "/"):
            try endWord()
        default:
            // The word of a closing tag was one of an opening tag before.
            if !isClosing { words.append(byte) }
        }
        state = .tag(quote: next, isClosing: isClosing, lastByte: byte)
    }

    private mutating func endTag(isClosing: Bool, isEmpty: Bool) throws(StatementError) {
        try endWord()
        depth += isClosing ? -1 : isEmpty ? 0 : 1
        hasRoot = true
        guard depth <= Self.deepest else {
            throw StatementError(
                .tooLarge, line: line, "elements are nested more than \(Self.deepest) deep",
                "no statement needs as much; check the file")
        }
        enter(.text)
    }

    private mutating func endWord() throws(StatementError) {
        guard words.endWord() else {
            throw StatementError(
                .tooLarge, line: line, "the tags have names and attributes of more than \(MarkupWords.most) bytes",
                "no statement needs as many; check the file")
        }
    }

    // MARK: Instructions

    /// `<?target?>` takes Foundation's parser on Linux down: it reads the text that is not there.
    private func refuseEmptyInstruction() throws(StatementError) {
        let inner = instruction.suffix(2) == Array("?>".utf8) ? instruction.dropLast(2) : instruction[...]
        let words = inner.split(maxSplits: 1) { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard words.count == 2 else {
            throw StatementError(
                .syntax, line: line, "an instruction without a content",
                value: "<?\(String(decoding: inner, as: UTF8.self))?>", "remove it; no statement needs one")
        }
    }

    private func refuseOtherEncoding() throws(StatementError) {
        let words = String(decoding: instruction, as: UTF8.self).lowercased()
        guard words.hasPrefix("xml"), let place = words.firstRange(of: "encoding") else { return }
        let named = words[place.upperBound...].split(whereSeparator: { " \t\r\n=\"'?>".contains($0) }).first ?? ""
        guard ["utf-8", "utf8", "us-ascii"].contains(named) else {
            throw StatementError(
                .encoding, line: line, "the file is not in UTF-8", value: String(named),
                "convert it, for example with iconv -f GB18030 -t UTF-8, and correct its first line")
        }
    }
}

/// Tells, byte by byte, whether a text is UTF-8.
struct UTF8Check {
    private var missing = 0
    private var next: ClosedRange<UInt8> = 0x80...0xBF

    var isComplete: Bool { missing == 0 }

    /// Whether the byte may stand here (Unicode, table 3-7).
    mutating func accepts(_ byte: UInt8) -> Bool {
        if missing == 0, byte < 0x80 { return true }
        if missing > 0 {
            guard next.contains(byte) else { return false }
            missing -= 1
            next = 0x80...0xBF
            return true
        }
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF: missing = 2
        case 0xF0...0xF4: missing = 3
        default: return false
        }
        switch byte {
        case 0xE0: next = 0xA0...0xBF
        case 0xED: next = 0x80...0x9F
        case 0xF0: next = 0x90...0xBF
        case 0xF4: next = 0x80...0x8F
        default: break
        }
        return true
    }
}
