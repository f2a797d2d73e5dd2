import LedgerCore

/// The pieces of books in their order, gathered before they are written.
struct BookOutput {
    private static let pieceSize = 1 << 17

    private let text: any BookText
    private let accounts: SpillFile
    private var closings: SpillFile.Reader
    private let write: ([UInt8]) throws -> Void
    private(set) var totals: BookTotals
    private var waiting: [UInt8] = []
    /// The next of ``closings``; nil behind the last.
    private var closing: AccountRecord?

    init(
        text: any BookText, totals: BookTotals, tallied: AccountTally.Result, write: @escaping ([UInt8]) throws -> Void
    ) {
        self.text = text
        self.totals = totals
        accounts = tallied.accounts
        closings = tallied.closings.reader()
        self.write = write
    }

    /// The head and all accounts, each of which is told and counted.
    mutating func head(_ told: (AccountPath, Turnover) throws -> Void) throws {
        text.head(tenant: totals.tenant, from: totals.days?.lowerBound, to: &waiting)
        var reader = accounts.reader()
        while let record = try reader.next() {
            let account = try AccountRecord(record)
            let path = try AccountPath(account.account)
            text.account(path, from: account.day, to: &waiting)
            totals.count(path.kind, account.turnover)
            try told(path, account.turnover)
            try writePiece()
        }
        closing = try closings.next().map { record throws(BookError) in try AccountRecord(record) }
    }

    mutating func entry(_ bytes: ArraySlice<UInt8>) throws {
        waiting += bytes
        totals.written += 1
        try writePiece()
    }

    /// The balances at the ends of the months before one.
    mutating func closings(before month: Month) throws {
        var day: Day?
        while let standing = closing, Month(standing.day) < month {
            if standing.day != day { text.closing(on: standing.day, to: &waiting) }
            day = standing.day
            try balance(standing, on: standing.day)
            closing = try closings.next().map { record throws(BookError) in try AccountRecord(record) }
        }
    }

    /// The balances of all accounts on the last day, and what is still unwritten.
    mutating func end() throws {
        if let day = totals.days?.upperBound {
            text.closing(on: day, to: &waiting)
            var reader = accounts.reader()
            while let record = try reader.next() { try balance(AccountRecord(record), on: day) }
        }
        text.end(entries: totals.written, to: &waiting)
        if !waiting.isEmpty { try write(waiting) }
        waiting = []
    }

    private mutating func balance(_ account: AccountRecord, on day: Day) throws {
        text.balance(try AccountPath(account.account), account.turnover, on: day, to: &waiting)
        totals.balances += 1
        try writePiece()
    }

    private mutating func writePiece() throws {
        guard waiting.count >= Self.pieceSize else { return }
        try write(waiting)
        waiting.removeAll(keepingCapacity: true)
    }
}
