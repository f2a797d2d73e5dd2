import BankStatements
import LedgerCore
import Testing

/// A file in memory, handed out in chunks of `size` bytes.
func chunks(of bytes: [UInt8], size: Int = 1_000) -> StatementReader.Chunks {
    var position = 0
    return {
        let end = min(position + size, bytes.count)
        defer { position = end }
        return Array(bytes[position..<end])
    }
}

/// The statements of a camt.053 file.
func read(
    camt bytes: [UInt8], currency: String = "CNY", chunkSize: Int = 1_000
) throws -> [StatementCollection.Item] {
    var collection = StatementCollection(limit: 10_000)
    try StatementReader(currency: currency).read(camt: chunks(of: bytes, size: chunkSize)) { event in
        try collection.receive(event)
    }
    return collection.items
}

func read(camt text: String) throws -> [StatementCollection.Item] { try read(camt: Array(text.utf8)) }

/// The one statement of a CSV file.
func read(
    csv bytes: [UInt8], mapping: String, facts: CSVFacts = CSVFacts(), chunkSize: Int = 1_000
) throws -> StatementCollection.Item {
    var collection = StatementCollection(limit: 10_000)
    try StatementReader().read(
        csv: chunks(of: bytes, size: chunkSize), mapping: CSVMapping(yaml: mapping), facts: facts
    ) { event in
        try collection.receive(event)
    }
    return try #require(collection.items.first)
}

/// The refusal that `step` ends with; nil, and an issue, where it ends well.
func refusal(of step: () throws -> Void) -> StatementError? {
    #expect(throws: StatementError.self, performing: step)
}

extension Amount {
    static func yuan(_ text: String) -> Amount {
        text.hasPrefix("-") ? -(Amount(yuan: text.dropFirst()) ?? .zero) : Amount(yuan: text) ?? .zero
    }
}
