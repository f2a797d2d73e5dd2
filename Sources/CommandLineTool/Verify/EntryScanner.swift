import LedgerCore

/// An entry as far as it can be judged by its own line.
struct ReadEntry: Sendable, Equatable {
    let name: SequenceName
    /// What the chain covers, in UTF-8.
    let text: [UInt8]
    /// 32 bytes, as they stand in the line.
    let hash: [UInt8]
    /// Whether each transfer moves something, and to another account.
    let isSound: Bool
}

/// Reads the line of an entry into the text that the chain covers (see `Entry.canonicalText`), in one pass.
///
/// It takes the very spelling that an export writes and nothing else: a member more, another order or another escape
/// is a fault. So no two lines give the same text, and whatever is changed in a line changes its hash. Whether a date
/// or an account makes sense is not asked: what was not posted does not have the hash.
struct EntryScanner {
    private var line: LineScanner

    /// `line` is without its end, and of the journal of `tenant`.
    static func entry(_ line: ArraySlice<UInt8>, tenant: String) throws(UnreadableLine) -> ReadEntry {
        var scanner = EntryScanner(line: LineScanner(line))
        return try scanner.entry(tenant: tenant)
    }

    private mutating func entry(tenant: String) throws(UnreadableLine) -> ReadEntry {
        try line.expect(#"{"entry":{"entry":"#)
        let name = try entryName()
        try line.expect(#","seq":"#)
        guard try line.natural() == name.sequence else { throw line.fault("seq is not that of the name") }

        var text = Array("grantledger-entry-1\n\(tenant)\n\(name.sequence)\n".utf8)
        text.reserveCapacity(1_024)
        try line.expect(#","kind":"#)
        let kind = try word()
        text += kind + Self.lineEnd
        try line.expect(#","key":"#)
        try line.string(.line, to: &text)
        try line.expect(#","date":"#)
        try line.string(.line, to: &text)
        try line.expect(#","posted-at":"#)
        text += "\(try moment().microseconds)\n".utf8
        try line.expect(#","amount":"#)
        text += "\(try line.fen())\n".utf8
        try line.expect(#","principal":"#)
        try line.string(.line, to: &text)

        let award = line.take(#","award":"#) ? try word() : nil
        text += try target(of: kind, tenant: name.tenant)
        try line.expect(#","content":{"#)
        let content = try arguments()
        try line.expect(#","transfers":["#)
        let transfers = try transfers()
        text += try standing(of: award)
        text += "\(content.count)\n".utf8
        text += kind + content.text + Self.lineEnd
        text += "\(transfers.count)\n".utf8
        text += transfers.text

        try line.expect(#","hash":"#)
        let hash = try hash()
        try line.expect("}}")
        try line.expectEnd()
        return ReadEntry(name: name, text: text, hash: hash, isSound: transfers.areSound)
    }

    // MARK: Parts, in their order

    private static let lineEnd = [UInt8(ascii: "\n")]

    private mutating func word() throws(UnreadableLine) -> [UInt8] {
        var word: [UInt8] = []
        try line.string(.word, to: &word)
        return word
    }

    private mutating func entryName() throws(UnreadableLine) -> SequenceName {
        try line.expect("\"E")
        guard let tenant = Int32(exactly: try line.natural()) else { throw line.fault("there is no such tenant") }
        try line.expect("-")
        let sequence = try line.natural()
        try line.expect("\"")
        return SequenceName(tenant: tenant, sequence: sequence)
    }

    /// 27 bytes in quotes.
    private mutating func moment() throws(UnreadableLine) -> Moment {
        var text: [UInt8] = []
        try line.string(.word, to: &text)
        guard let moment = Moment(String(decoding: text, as: UTF8.self)) else {
            throw line.fault("a moment in UTC with microseconds stands before this")
        }
        return moment
    }

    /// The line of the entry that this one settles, reverses or returns.
    private mutating func target(of kind: [UInt8], tenant: Int32) throws(UnreadableLine) -> String.UTF8View {
        let isThere =
            switch String(decoding: kind, as: UTF8.self) {
            case "SETTLE": line.take(#","settles":"#)
            case "RETURN": line.take(#","returns":"#)
            default: line.take(#","reverses":"#)
            }
        guard isThere else { return "-\n".utf8 }
        let target = try entryName()
        guard target.tenant == tenant else { throw line.fault("\(target.text) is an entry of another tenant") }
        return "\(target.sequence)\n".utf8
    }

    /// How many, and each as a line `name=value` that begins with its line feed.
    private mutating func arguments() throws(UnreadableLine) -> (count: Int, text: [UInt8]) {
        var count = 0
        var text: [UInt8] = []
        while !line.take("}") {
            if count > 0 { try line.expect(",") }
            text += Self.lineEnd
            try line.string(.argumentName, to: &text)
            try line.expect(":")
            try line.string(.argumentValue, to: &text)
            count += 1
        }
        return (count, text)
    }

    private mutating func transfers() throws(UnreadableLine) -> (count: Int, text: [UInt8], areSound: Bool) {
        var count = 0
        var text: [UInt8] = []
        var areSound = true
        while !line.take("]") {
            try line.expect(count == 0 ? #"{"debit":"# : #",{"debit":"#)
            let debit = try word()
            try line.expect(#","credit":"#)
            let credit = try word()
            try line.expect(#","amount":"#)
            let fen = try line.fen()
            try line.expect("}")
            text += debit + [UInt8(ascii: " ")] + credit
            text += " \(fen)\n".utf8
            areSound = areSound && fen > 0 && debit != credit
            count += 1
        }
        return (count, text, areSound)
    }

    /// The line of where the award stood right after.
    private mutating func standing(of award: [UInt8]?) throws(UnreadableLine) -> [UInt8] {
        guard let award else { return Array("-\n".utf8) }
        try line.expect(#","after":{"committed":"#)
        let committed = try line.fen()
        try line.expect(#","disbursed":"#)
        let disbursed = try line.fen()
        try line.expect(#","remaining":"#)
        let remaining = line.take("null") ? "-" : String(try line.fen())
        try line.expect("}")
        return award + " \(committed) \(disbursed) \(remaining)\n".utf8
    }

    private mutating func hash() throws(UnreadableLine) -> [UInt8] {
        guard let hash = Hexadecimal.bytes(String(decoding: try word(), as: UTF8.self), count: 32) else {
            throw line.fault("a hash of 64 hexadecimal digits stands before this")
        }
        return hash
    }
}
