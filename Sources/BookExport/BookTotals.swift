package import LedgerCore

/// What books come to: for the manifest beside them, and for whoever reads along.
package struct BookTotals: Sendable, Hashable {
    package struct Head: Sendable, Hashable {
        package let sequence: Int64
        /// 64 hexadecimal digits.
        package let hash: String
    }

    /// What was posted to all accounts of a kind.
    package struct Sum: Sendable, Hashable {
        package private(set) var accounts: Int64 = 0
        package private(set) var turnover = Turnover()

        mutating func add(_ account: Turnover) {
            accounts += 1
            turnover += account
        }
    }

    package let tenant: String
    package let format: BookFormat
    /// The entry that is the journal's last; nil where there is none.
    package private(set) var head: Head?
    package private(set) var transfers: Int64 = 0
    /// The earliest and the latest date; nil where there is no entry.
    package private(set) var days: ClosedRange<Day>?
    /// The calendar years under whose limits anything was posted.
    package private(set) var capYears: Set<Int> = []
    /// Known once the books are written.
    package private(set) var sums: [AccountPath.Kind: Sum] = [:]
    /// How many entries are written.
    package internal(set) var written: Int64 = 0
    /// How many balances are asserted.
    package internal(set) var balances: Int64 = 0

    init(tenant: String, format: BookFormat) {
        self.tenant = tenant
        self.format = format
    }

    package var entries: Int64 { head?.sequence ?? 0 }

    mutating func count(_ kind: AccountPath.Kind, _ turnover: Turnover) {
        sums[kind, default: Sum()].add(turnover)
    }

    mutating func add(_ entry: JournalEntry) {
        head = Head(sequence: entry.sequence, hash: entry.hash)
        transfers += Int64(entry.transfers.count)
        capYears.formUnion(entry.transfers.compactMap { $0.debit.capYear ?? $0.credit.capYear })
        days = days.map { min($0.lowerBound, entry.date)...max($0.upperBound, entry.date) } ?? entry.date...entry.date
    }
}
