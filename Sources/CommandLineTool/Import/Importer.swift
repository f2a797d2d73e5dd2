import LedgerCore
import LineProtocol

/// Posts the rows of a file, each exactly once, over as many connections as it takes.
///
/// Every row carries its key (or may be repeated), so a row without a reply is simply sent again. A bounded number is
/// in flight; nothing else of the file is in memory.
struct Importer {
    let daemon: Daemon
    let tenant: String?
    let header: ImportHeader
    /// For how long no row may be answered before the import gives up.
    let patience: Duration
    private var file: CSVReader
    private var queue: ImportQueue
    private(set) var tally = ImportTally()
    private(set) var report: RejectReport
    private var progress: ImportProgress
    private var backOff = BackOff()
    private let clock = ContinuousClock()
    private var lastAnswer: ContinuousClock.Instant
    /// Why no further row can be read; the rows before it are still posted.
    private var damage: CSVError?

    /// `file` stands after its header.
    init(
        daemon: Daemon, tenant: String?, header: ImportHeader, file: CSVReader, inFlight: Int, patience: Duration,
        report: RejectReport, progress: ImportProgress
    ) {
        self.daemon = daemon
        self.tenant = tenant
        self.header = header
        self.patience = patience
        self.file = file
        self.report = report
        self.progress = progress
        queue = ImportQueue(limit: inFlight)
        lastAnswer = clock.now
    }

    /// Posts everything. Throws ``Unreachable`` where the daemon stays away, ``Misuse`` where the file turns out to be
    /// no CSV file; ``tally`` and ``report`` then tell how far it came.
    mutating func run() async throws {
        defer { progress.finish() }
        do {
            try await postAll()
        } catch {
            try report.write(before: nil)
            throw error
        }
        if let damage { throw Misuse("the file is no CSV file: \(damage)\nNothing from this line on was posted.") }
    }

    private mutating func postAll() async throws {
        var isDone = false
        while !isDone {
            do {
                try await DaemonConnection.with(daemon) { connection in
                    try await postAll(over: &connection)
                }
                isDone = true
            } catch let failure as Unreachable {
                try await waitForDaemon(failure.reason)
            } catch let loss as ConnectionLost {
                try await waitForDaemon(loss.reason)
            }
        }
    }

    private mutating func postAll(over connection: inout DaemonConnection) async throws {
        while true {
            let requests = try nextRequests()
            if !requests.isEmpty { try await connection.send(requests) }
            if queue.isIdle {
                guard queue.hasRowsToSendAgain else { return }
                try await waitForDaemon("it is overloaded or without its database")
                continue
            }
            for reply in try await connection.receive() {
                guard let row = queue.answered() else {
                    throw ConnectionLost(reason: "it sent a reply that nobody asked for")
                }
                try settle(row, reply)
            }
            try writeReport()
            progress.update(tally, bytesRead: file.bytesRead)
        }
    }

    // MARK: The file

    /// As many requests as may be sent now.
    private mutating func nextRequests() throws -> [String] {
        var requests: [String] = []
        while true {
            if queue.wantsRow, let row = try nextRow() { queue.add(row) }
            guard let row = queue.next() else { return requests }
            requests.append(row.request)
        }
    }

    /// The next row that can be sent; nil at the end of the file, where it is damaged, and while as many refused rows
    /// wait for rows before them as may be in flight.
    private mutating func nextRow() throws -> ImportRow? {
        guard damage == nil else { return nil }
        do {
            try writeReport()
            while report.heldCount < queue.limit, let record = try file.next() {
                guard record.fields.count == header.arguments.count else {
                    throw CSVError(
                        line: record.line,
                        message: "\(record.fields.count) fields, but the header has \(header.arguments.count)")
                }
                do {
                    return try ImportRow(record, header: header, tenant: tenant)
                } catch {
                    refuse(error.row)
                    try writeReport()
                }
            }
        } catch let error as CSVError {
            damage = error
        }
        return nil
    }

    // MARK: Replies

    private mutating func settle(_ row: ImportRow, _ reply: Reply) throws {
        switch reply.code {
        case "OVERLOADED", "UNAVAILABLE":
            queue.sendAgain(row)
            return
        case "NOAUTH":
            throw RefusedByDaemon(reply) ?? Misuse("the daemon asks who speaks; use --principal and --token-file")
        case let code?:
            refuse(RejectedRow(line: row.line, code: code, message: reply.message, fields: row.fields))
        case nil:
            let isReplay = reply["replayed"] == .flag(true)
            tally.accept(
                reply["amount"]?.string.flatMap { Amount(yuan: $0) },
                as: isReplay ? .replayed : row.isDryRun ? .wouldBePosted : .posted)
        }
        lastAnswer = clock.now
        backOff = BackOff()
    }

    private mutating func refuse(_ row: RejectedRow) {
        tally.refuse()
        report.add(row)
    }

    /// Writes the refused rows that no row can come before any more.
    private mutating func writeReport() throws { try report.write(before: queue.firstUnsettledLine) }

    // MARK: A daemon that is away

    /// Takes back what was not answered, and pauses. Throws ``Unreachable`` where that has gone on for too long.
    private mutating func waitForDaemon(_ reason: String) async throws {
        queue.takeBack()
        let away = lastAnswer.duration(to: clock.now)
        guard away < patience else {
            throw Unreachable(
                address: daemon.address,
                reason: "\(reason); no row was answered for \(away.components.seconds) s. Import the file again later: "
                    + "rows that were posted are not posted twice")
        }
        if backOff.isWorthAWord { progress.note("waiting for the daemon at \(daemon.address): \(reason)") }
        try await clock.sleep(for: backOff.next())
    }
}

/// How long to wait before the next attempt: a tenth of a second, twice as long each time, at most five seconds.
struct BackOff {
    private static let longest = Duration.seconds(5)
    private var pause = Duration.milliseconds(100)

    /// Once, when the pauses have become long enough for a reader to wonder.
    var isWorthAWord: Bool { pause == .milliseconds(800) }

    mutating func next() -> Duration {
        defer { pause = min(pause * 2, Self.longest) }
        return pause
    }
}
