import LedgerCore

/// What was posted to an account up to or from a day, as it lies in temporary files.
struct AccountRecord {
    let account: String
    var day: Day
    var turnover: Turnover

    init(account: String, day: Day, turnover: Turnover) {
        self.account = account
        self.day = day
        self.turnover = turnover
    }

    /// Account, a zero byte and the day with its highest byte first, so that records sort by both; then the figures.
    var bytes: [UInt8] {
        var bytes = Array(account.utf8)
        bytes.append(0)
        Self.append(day, to: &bytes)
        append(to: &bytes)
        return bytes
    }

    /// The day first, so that records sort by it and then by account.
    var bytesByDay: [UInt8] {
        var bytes: [UInt8] = []
        Self.append(day, to: &bytes)
        bytes += account.utf8
        bytes.append(0)
        append(to: &bytes)
        return bytes
    }

    private static let dayLength = 4
    private static let figuresLength = 32

    /// Days before 1970 are below zero; counted from the first day, they sort too.
    private static func append(_ day: Day, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(day.number - Day.first.number).bigEndian) { bytes.append(contentsOf: $0) }
    }

    private func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: turnover.debits.fen) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: turnover.credits.fen) { bytes.append(contentsOf: $0) }
    }

    // MARK: Reading

    /// Reads ``bytes``.
    init(_ record: ArraySlice<UInt8>) throws(BookError) {
        guard let end = record.firstIndex(of: 0), record.endIndex - end == 1 + Self.dayLength + Self.figuresLength
        else {
            throw BookError(.file, "a temporary file was changed")
        }
        self.init(name: record[..<end], day: record[(end + 1)...], figures: record[(end + 1 + Self.dayLength)...])
    }

    /// Reads ``bytesByDay``.
    init(byDay record: ArraySlice<UInt8>) throws(BookError) {
        let name = record.dropFirst(Self.dayLength)
        guard let end = name.firstIndex(of: 0), record.endIndex - end == 1 + Self.figuresLength else {
            throw BookError(.file, "a temporary file was changed")
        }
        self.init(name: name[..<end], day: record, figures: record[(end + 1)...])
    }

    private init(name: ArraySlice<UInt8>, day: ArraySlice<UInt8>, figures: ArraySlice<UInt8>) {
        account = String(decoding: name, as: UTF8.self)
        self.day = day.withUnsafeBytes { bytes in
            Day(number: Int32(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))) + Day.first.number)
        }
        turnover = figures.withUnsafeBytes { bytes in
            Turnover(
                debits: FenSum(fen: bytes.loadUnaligned(as: Int128.self)),
                credits: FenSum(fen: bytes.loadUnaligned(fromByteOffset: 16, as: Int128.self)))
        }
    }
}
