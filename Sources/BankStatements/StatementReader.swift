/// What a reader hands on. The lines of a statement come first, and stand only if the statement itself follows: who
/// takes the lines must be able to give them up.
package enum StatementEvent: Sendable, Hashable {
    case line(BankLine)
    /// The statement of the lines since the last one, proven.
    case statement(BankStatement)
}

/// Reads files of bank statements in memory that does not grow with the file.
package struct StatementReader: Sendable {
    /// The next bytes of the file; none at its end.
    package typealias Chunks = () throws -> [UInt8]

    /// What every amount must be in.
    let currency: String

    package init(currency: String = "CNY") { self.currency = currency }

    /// Reads ISO 20022 camt.053, versions 001.02 to 001.08. Throws ``StatementError``, or what `chunks` or `receive`
    /// throw; what was handed on since the last statement is then void.
    package func read(camt chunks: @escaping Chunks, receive: (StatementEvent) throws -> Void) throws {
        try withoutActuallyEscaping(receive) { receive in
            try CamtReader(currency: currency, chunks: chunks, receive: receive).read()
        }
    }

    /// Reads a CSV file, which holds one statement. Throws as ``read(camt:receive:)`` does.
    package func read(
        csv chunks: @escaping Chunks, mapping: CSVMapping, facts: CSVFacts = CSVFacts(),
        receive: (StatementEvent) throws -> Void
    ) throws {
        var reader = CSVStatementReader(currency: currency, mapping: mapping, facts: facts)
        try reader.read(chunks, receive: receive)
    }
}

/// Keeps what a reader hands on, up to a number of lines.
package struct StatementCollection: Sendable {
    package struct Item: Sendable, Hashable {
        package let statement: BankStatement
        package let lines: [BankLine]
    }

    package private(set) var items: [Item] = []
    private var lines: [BankLine] = []
    private var room: Int
    private let limit: Int

    package init(limit: Int) {
        self.limit = limit
        room = limit
    }

    package mutating func receive(_ event: StatementEvent) throws(StatementError) {
        switch event {
        case .line(let line):
            guard room > 0 else {
                throw StatementError(
                    .tooLarge, line: line.line, "there are more than \(limit) lines", "read the file in smaller parts")
            }
            room -= 1
            lines.append(line)
        case .statement(let statement):
            items.append(Item(statement: statement, lines: lines))
            lines = []
        }
    }
}
