import LedgerCore

/// What was posted to each account in each period, for any number of accounts in bounded memory.
struct AccountTally {
    private struct Key: Hashable {
        let account: String
        let period: Int
    }

    private struct Count {
        var turnover = Turnover()
        var firstDay: Day
    }

    private let mostCounts: Int
    private let directory: String
    private var counts: [Key: Count] = [:]
    private var sorter: RecordSorter

    /// `mostCounts` is how many accounts and periods are held before they are written out.
    init(mostCounts: Int, memory: Int, directory: String) {
        self.mostCounts = mostCounts
        self.directory = directory
        sorter = RecordSorter(memory: memory, directory: directory)
    }

    /// `period` counts the closings before the entry's date.
    mutating func add(_ entry: JournalEntry, period: Int) throws(BookError) {
        for transfer in entry.transfers {
            add(transfer.debit, period, entry.date) { $0.debits += transfer.amount }
            add(transfer.credit, period, entry.date) { $0.credits += transfer.amount }
        }
        if counts.count >= mostCounts { try spill() }
    }

    private mutating func add(_ account: AccountPath, _ period: Int, _ day: Day, _ post: (inout Turnover) -> Void) {
        let key = Key(account: account.name, period: period)
        post(&counts[key, default: Count(firstDay: day)].turnover)
        if let known = counts[key], day < known.firstDay { counts[key]?.firstDay = day }
    }

    private mutating func spill() throws(BookError) {
        for (key, count) in counts {
            let line = AccountPeriod(
                account: key.account, period: key.period, turnover: count.turnover, firstDay: count.firstDay)
            try sorter.add(line.record)
        }
        counts.removeAll(keepingCapacity: true)
    }

    /// Every account and period, in the order of the names' bytes and then of the periods.
    consuming func finish() throws -> SpillFile {
        var tally = self
        try tally.spill()
        let file = try SpillFile(in: tally.directory)
        var waiting: AccountPeriod?
        try tally.sorter.forEach { record in
            let next = try AccountPeriod(record)
            if var same = waiting, same.account == next.account, same.period == next.period {
                same.turnover += next.turnover
                same.firstDay = min(same.firstDay, next.firstDay)
                waiting = same
            } else {
                if let waiting { try file.append(waiting.record) }
                waiting = next
            }
        }
        if let waiting { try file.append(waiting.record) }
        try file.flush()
        return file
    }
}

/// What was posted to one account in one period.
struct AccountPeriod {
    let account: String
    let period: Int
    var turnover: Turnover
    var firstDay: Day

    init(account: String, period: Int, turnover: Turnover, firstDay: Day) {
        self.account = account
        self.period = period
        self.turnover = turnover
        self.firstDay = firstDay
    }

    /// Account, a zero byte and the period with its highest byte first, so that records sort by both; then the rest.
    var record: [UInt8] {
        var bytes = Array(account.utf8)
        bytes.append(0)
        withUnsafeBytes(of: UInt32(period).bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: firstDay.number) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: turnover.debits.fen) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: turnover.credits.fen) { bytes.append(contentsOf: $0) }
        return bytes
    }

    init(_ record: ArraySlice<UInt8>) throws(BookError) {
        guard let end = record.firstIndex(of: 0), record.endIndex - end == 1 + 4 + 4 + 16 + 16 else {
            throw BookError(.file, "a temporary file was changed")
        }
        account = String(decoding: record[..<end], as: UTF8.self)
        let figures = record[(end + 1)...].withUnsafeBytes { bytes in
            (
                UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)),
                bytes.loadUnaligned(fromByteOffset: 4, as: Int32.self),
                bytes.loadUnaligned(fromByteOffset: 8, as: Int128.self),
                bytes.loadUnaligned(fromByteOffset: 24, as: Int128.self)
            )
        }
        period = Int(figures.0)
        firstDay = Day(number: figures.1)
        turnover = Turnover(debits: FenSum(fen: figures.2), credits: FenSum(fen: figures.3))
    }
}
