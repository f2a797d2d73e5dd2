import LedgerCore

/// What was posted to each account in each month, for any number of accounts in bounded memory.
struct AccountTally {
    /// Files of ``AccountRecord``, ready to be read as often as wanted.
    struct Result {
        /// Each account once, by the bytes of its name: the day of its first posting, and all that was posted to it.
        let accounts: SpillFile
        /// By month and then by name, each account that moved in a month before the last: what stood on it at that
        /// month's end. `day` is the month's last.
        let closings: SpillFile
    }

    private struct Key: Hashable {
        let account: String
        let month: Month
    }

    private struct Count {
        var turnover = Turnover()
        var firstDay: Day
    }

    private let mostCounts: Int
    private let memory: Int
    private let directory: String
    private var counts: [Key: Count] = [:]
    private var sorter: RecordSorter
    private var lastMonth = Month(.first)

    /// `mostCounts` is how many accounts and months are held before they are written out.
    init(mostCounts: Int, memory: Int, directory: String) {
        self.mostCounts = mostCounts
        self.memory = memory
        self.directory = directory
        sorter = RecordSorter(memory: memory, directory: directory)
    }

    mutating func add(_ entry: JournalEntry) throws(BookError) {
        let month = Month(entry.date)
        lastMonth = max(lastMonth, month)
        for transfer in entry.transfers {
            count(Key(account: transfer.debit.name, month: month), entry.date) { $0.debits += transfer.amount }
            count(Key(account: transfer.credit.name, month: month), entry.date) { $0.credits += transfer.amount }
        }
        if counts.count >= mostCounts { try spill() }
    }

    private mutating func count(_ key: Key, _ day: Day, _ post: (inout Turnover) -> Void) {
        var count = counts.removeValue(forKey: key) ?? Count(firstDay: day)
        post(&count.turnover)
        count.firstDay = min(count.firstDay, day)
        counts[key] = count
    }

    private mutating func spill() throws(BookError) {
        for (key, count) in counts {
            let record = AccountRecord(account: key.account, day: count.firstDay, turnover: count.turnover)
            try sorter.add(record.bytes)
        }
        counts.removeAll(keepingCapacity: true)
    }

    consuming func finish() throws -> Result {
        var tally = self
        try tally.spill()
        let accounts = try SpillFile(in: tally.directory)
        var closings = RecordSorter(memory: tally.memory, directory: tally.directory)
        let lastMonth = tally.lastMonth
        var standing: AccountRecord?
        var month = lastMonth

        /// The account's month is over: what has piled up is what stood at its end.
        func close(_ account: AccountRecord) throws(BookError) {
            guard month < lastMonth else { return }
            var closing = account
            closing.day = month.lastDay
            try closings.add(closing.bytesByDay)
        }
        // By account and then by day of the first posting, and so by month.
        try tally.sorter.forEach { record in
            let next = try AccountRecord(record)
            if var same = standing, same.account == next.account {
                if Month(next.day) != month { try close(same) }
                same.turnover += next.turnover
                standing = same
            } else {
                if let standing {
                    try close(standing)
                    try accounts.append(standing.bytes)
                }
                standing = next
            }
            month = Month(next.day)
        }
        if let standing {
            try close(standing)
            try accounts.append(standing.bytes)
        }
        try accounts.flush()
        return Result(accounts: accounts, closings: try Self.inOrder(closings, directory: tally.directory))
    }

    private static func inOrder(_ sorter: consuming RecordSorter, directory: String) throws -> SpillFile {
        let file = try SpillFile(in: directory)
        try sorter.forEach { record in try file.append(AccountRecord(byDay: record).bytes) }
        try file.flush()
        return file
    }
}
