import LedgerCore

/// Writes a tenant's books from its journal: takes the entries in the order of the journal, and gives them out sorted
/// by date and then sequence, in bounded memory.
///
/// At the end of a month stand the balances of the accounts that moved in it, and behind the last entry those of all.
package struct BookWriter {
    package struct Settings: Sendable {
        package var tenant: String
        package var format: BookFormat
        /// Where temporary files are made that have no names.
        package var directory: String
        /// In bytes; how much of the books waits in memory before it is written out.
        package var memory = 64 << 20
        /// How many accounts and months are held in memory before they are written out.
        package var mostCounts = 200_000

        package init(tenant: String, format: BookFormat, directory: String) {
            self.tenant = tenant
            self.format = format
            self.directory = directory
        }
    }

    /// An entry's place in the books: its day and its sequence, with their highest bytes first.
    private static let placeLength = 12

    private let text: any BookText
    private var entries: RecordSorter
    private var tally: AccountTally
    /// What is known of the journal so far.
    package private(set) var totals: BookTotals

    package init(_ settings: Settings) {
        text = settings.format.text
        entries = RecordSorter(memory: settings.memory, directory: settings.directory)
        tally = AccountTally(
            mostCounts: settings.mostCounts, memory: settings.memory / 4, directory: settings.directory)
        totals = BookTotals(tenant: settings.tenant, format: settings.format)
    }

    /// The next entry of the journal.
    package mutating func add(_ entry: JournalEntry) throws(BookError) {
        let expected = totals.entries + 1
        guard entry.sequence == expected else {
            throw BookError(
                .journal, "the journal has \(entry.name) where entry \(expected) of \(totals.tenant) belongs")
        }
        var record: [UInt8] = []
        record.reserveCapacity(2_048)
        withUnsafeBytes(of: UInt32(entry.date.number - Day.first.number).bigEndian) { record.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(entry.sequence).bigEndian) { record.append(contentsOf: $0) }
        text.entry(entry, to: &record)
        try entries.add(record)
        try tally.add(entry)
        totals.add(entry)
    }

    /// Writes the books in pieces. `account` is told each account with all that was posted to it, `progress` how many
    /// entries are written.
    package consuming func finish(
        write: @escaping ([UInt8]) throws -> Void,
        account: @escaping (AccountPath, Turnover) throws -> Void = { _, _ in },
        progress: (_ entries: Int64) -> Void = { _ in }
    ) throws -> BookTotals {
        let writer = self
        let tallied = try writer.tally.finish()
        var output = BookOutput(text: writer.text, totals: writer.totals, tallied: tallied, write: write)
        try output.head(account)
        var month: Month?
        try writer.entries.forEach { record in
            let number = record.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
            let next = Month(Day(number: Int32(number) + Day.first.number))
            if next != month { try output.closings(before: next) }
            month = next
            try output.entry(record.dropFirst(Self.placeLength))
            progress(output.totals.written)
        }
        try output.end()
        return output.totals
    }
}
