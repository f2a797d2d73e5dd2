import Yams

extension CSVMapping {
    /// Reads a mapping file:
    ///
    ///     delimiter: ","              # one character, or tab
    ///     quote: '"'                  # one character, or none
    ///     encoding: utf-8             # or gb18030
    ///     skip-lines: 0               # before the header
    ///     header: yes
    ///     order: oldest-first         # or newest-first
    ///     date-format: yyyy-MM-dd
    ///     decimal-mark: "."
    ///     thousands-mark: none        # or one character
    ///     account: "6222000011112222"
    ///     currency-words: [人民币]
    ///     debit-words: [借]
    ///     credit-words: [贷]
    ///     columns: {date: 交易日期, amount: 4, text: [摘要, 附言]}
    ///
    /// Only `columns` must be there, with `date` and one of: `amount`; `amount` and `indicator`; `debit` and `credit`.
    /// A column is named as in the header, or numbered from 1. Throws the first thing that is wrong.
    package init(yaml: String) throws(StatementError) {
        let mapping = try MappingNode(yaml: yaml)
        try mapping.refuseKeys(otherThan: [
            "delimiter", "quote", "encoding", "skip-lines", "header", "order", "date-format", "decimal-mark",
            "thousands-mark", "account", "currency-words", "debit-words", "credit-words", "columns",
        ])
        let pattern = try mapping.text("date-format") ?? "yyyy-MM-dd"
        guard let dateFormat = DateFormat(pattern) else {
            throw mapping.wrong("date-format", pattern, "use yyyy, MM, dd, once each, and HH, mm, ss, as in yyyy/MM/dd")
        }
        self.init(dateFormat: dateFormat)
        try readLayout(from: mapping)
        try readMarks(from: mapping)
        account = try mapping.text("account").flatMap(FieldText.account)
        if let words = try mapping.words("currency-words") { currencyWords = Set(words) }
        if let words = try mapping.words("debit-words") { debitWords = Set(words) }
        if let words = try mapping.words("credit-words") { creditWords = Set(words) }
        if let both = debitWords.intersection(creditWords).min() {
            throw mapping.wrong("credit-words", both, "it is among the debit-words too; a word has one side")
        }
        try readColumns(from: mapping)
    }

    private mutating func readLayout(from mapping: MappingNode) throws(StatementError) {
        if let mark = try mapping.mark("delimiter", none: nil) { delimiter = mark ?? delimiter }
        if let mark = try mapping.mark("quote", none: "none") { quote = mark }
        if let word = try mapping.choice("encoding", of: Encoding.self) { encoding = word }
        if let word = try mapping.choice("order", of: Order.self) { order = word }
        if let number = try mapping.text("skip-lines") {
            guard let count = Int(number), (0...1_000).contains(count) else {
                throw mapping.wrong("skip-lines", number, "give a number from 0 to 1000")
            }
            linesToSkip = count
        }
        if let word = try mapping.text("header") {
            guard ["yes", "no", "true", "false"].contains(word) else {
                throw mapping.wrong("header", word, "write yes or no")
            }
            hasHeader = word == "yes" || word == "true"
        }
    }

    private mutating func readMarks(from mapping: MappingNode) throws(StatementError) {
        if let mark = try mapping.mark("decimal-mark", none: nil) {
            amountFormat.decimalMark = mark ?? amountFormat.decimalMark
        }
        if let mark = try mapping.mark("thousands-mark", none: "none") { amountFormat.thousandsMark = mark }
        guard amountFormat.decimalMark != amountFormat.thousandsMark else {
            throw mapping.wrong("thousands-mark", nil, "it is the decimal-mark too; they must differ")
        }
        guard delimiter != quote else {
            throw mapping.wrong("quote", nil, "it is the delimiter too; they must differ")
        }
    }

    private mutating func readColumns(from mapping: MappingNode) throws(StatementError) {
        guard let listed = try mapping.mapping("columns") else {
            throw mapping.wrong("columns", nil, "give it, with date and amount at least")
        }
        try listed.refuseKeys(otherThan: Field.allCases.map(\.rawValue))
        for field in Field.allCases {
            guard let words = try listed.words(field.rawValue) else { continue }
            guard !words.isEmpty, words.count == 1 || field == .text else {
                throw listed.wrong(field.rawValue, words.joined(separator: ", "), "give one column")
            }
            columns[field] = try words.map { word throws(StatementError) in
                guard let number = Int(word) else {
                    guard hasHeader else {
                        throw listed.wrong(field.rawValue, word, "without a header a column is a number, from 1")
                    }
                    return .name(word)
                }
                guard (1...1_000).contains(number) else {
                    throw listed.wrong(field.rawValue, word, "columns are numbered from 1")
                }
                return .index(number - 1)
            }
        }
        guard columns[.date] != nil else { throw mapping.wrong("columns", nil, "give the column date") }
        let isSigned = columns[.amount] != nil && columns[.debit] == nil && columns[.credit] == nil
        let isSplit =
            columns[.amount] == nil && columns[.indicator] == nil && columns[.debit] != nil && columns[.credit] != nil
        guard isSigned || isSplit else {
            throw mapping.wrong("columns", nil, "give amount, amount and indicator, or debit and credit")
        }
    }
}

/// A mapping of the YAML file, and where it is.
private struct MappingNode {
    private let node: Node.Mapping
    private let path: String

    init(yaml: String) throws(StatementError) {
        guard yaml.utf8.count <= 65_536 else {
            throw StatementError(.mapping, "the mapping file has more than 64 KiB", "give a mapping, not a statement")
        }
        let root: Node?
        do {
            root = try compose(yaml: yaml)
        } catch {
            // Yams shows the place below the message, on lines of its own.
            let lines = "\(error)".split(whereSeparator: \.isNewline)
            throw StatementError(
                .mapping, "the mapping file is not YAML", value: lines.first.map(String.init), "correct it")
        }
        guard let mapping = root?.mapping else {
            throw StatementError(.mapping, "the mapping file is not a YAML mapping", "begin with columns:")
        }
        node = mapping
        path = ""
    }

    private init(_ node: Node.Mapping, path: String) {
        self.node = node
        self.path = path
    }

    func wrong(_ key: String, _ value: String?, _ remedy: String) -> StatementError {
        let place = node[key]?.mark?.line ?? node.mark?.line
        return StatementError(.mapping, line: place, "\(path)\(key) of the mapping is wrong", value: value, remedy)
    }

    func refuseKeys(otherThan known: [String]) throws(StatementError) {
        for (key, _) in node where !known.contains(key.string ?? "") {
            throw StatementError(
                .mapping, line: key.mark?.line, "the mapping has an unknown key", value: path + (key.string ?? "?"),
                "there are \(known.joined(separator: ", "))")
        }
    }

    func text(_ key: String) throws(StatementError) -> String? {
        guard let value = node[key] else { return nil }
        guard let text = value.scalar?.string else { throw wrong(key, nil, "give a single value") }
        return text
    }

    func words(_ key: String) throws(StatementError) -> [String]? {
        guard let value = node[key] else { return nil }
        let words = (value.sequence.map(Array.init) ?? [value]).map { $0.scalar?.string }
        guard words.allSatisfy({ $0?.isEmpty == false }) else {
            throw wrong(key, nil, "give a word or a list of words")
        }
        return words.compactMap(\.self)
    }

    func mapping(_ key: String) throws(StatementError) -> MappingNode? {
        guard let value = node[key] else { return nil }
        guard let mapping = value.mapping else { throw wrong(key, nil, "give a mapping of fields to columns") }
        return MappingNode(mapping, path: "\(key).")
    }

    /// One character that is no letter or digit; an inner nil for the word that stands for none.
    func mark(_ key: String, none: String?) throws(StatementError) -> UInt8?? {
        guard let word = try text(key) else { return nil }
        if let none, word == none { return .some(nil) }
        if word == "tab" { return UInt8(ascii: "\t") }
        guard word.utf8.count == 1, let byte = word.utf8.first, byte == 9 || (0x20...0x7E).contains(byte),
            !"+-0123456789".utf8.contains(byte), word.first?.isLetter == false
        else {
            let words = ["tab", none].compactMap(\.self).joined(separator: " or ")
            throw wrong(key, word, "give one character that is no letter, digit or sign, or \(words)")
        }
        return byte
    }

    func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String, of choices: Choice.Type
    ) throws(StatementError) -> Choice? where Choice.RawValue == String {
        guard let word = try text(key) else { return nil }
        guard let choice = Choice(rawValue: word.lowercased()) else {
            throw wrong(key, word, "use \(choices.allCases.map(\.rawValue).joined(separator: " or "))")
        }
        return choice
    }
}
