import ArgumentParser
import LedgerCore
import LineProtocol

/// What answers requests one after the other: a connection.
protocol Answering {
    mutating func answer(_ request: String) async throws -> Reply
}

extension DaemonConnection: Answering {
    mutating func answer(_ request: String) async throws -> Reply {
        guard let reply = try await exchange([request]).first else {
            throw ConnectionLost(reason: "the daemon sent no reply")
        }
        return reply
    }
}

/// Reads a tenant's journal and its seals, and writes them as an export; in memory for one page only.
struct Exporter {
    let tenant: String
    let exportedAt: Moment
    /// Entries of one reply of JOURNAL at most, and seals of one reply of SEALS.
    private let pageLength: Int
    private let write: ([UInt8]) throws -> Void
    private let progress: (_ entries: Int64) -> Void
    /// False once the daemon said that it does not know SEALS.
    private(set) var knowsSeals = true
    private(set) var entries: Int64 = 0
    private(set) var seals: Int64 = 0
    /// The sequence of the last entry that was written.
    private var last: Int64 = 0
    /// Of entries that are not written yet, in their order.
    private var waiting: ArraySlice<JournalSeal> = []

    /// `pageLength` is by default the most that the daemon answers.
    init(
        tenant: String, exportedAt: Moment, pageLength: Int = 5_000, write: @escaping ([UInt8]) throws -> Void,
        progress: @escaping (_ entries: Int64) -> Void
    ) {
        self.tenant = tenant
        self.exportedAt = exportedAt
        self.pageLength = pageLength
        self.write = write
        self.progress = progress
    }

    /// Writes the whole export. Throws ``RefusedByDaemon``, ``Unexportable``, or what the connection or `write` throws.
    mutating func run(over connection: inout some Answering) async throws {
        var page: [JSONText]
        var isFirst = true
        repeat {
            // Seals before entries: whatever is sealed by now is in the journal when it is read.
            try await readSeals(over: &connection)
            page = try await items("entries", of: connection.answer("JOURNAL \(self.page(after: last))"))
            let lines = try page.map(line)
            if isFirst {
                let number = lines.first?.name.tenant
                try write(ExportLine.header(ExportHeader(tenant: tenant, number: number, exportedAt: exportedAt)))
                isFirst = false
            }
            try write(lines)
            progress(entries)
        } while page.count == pageLength
        // What is sealed beyond the journal's end is missing there; the export keeps the evidence.
        var lines: [UInt8] = []
        appendSeals(through: .max, to: &lines)
        try write(lines + ExportLine.end(ExportEnd(entries: entries, seals: seals)))
    }

    // MARK: Reading

    /// A page holds the seals of all the entries that the next page of the journal may hold.
    private mutating func readSeals(over connection: inout some Answering) async throws {
        let known = max(last, waiting.last?.sequence ?? 0)
        guard knowsSeals, known < last + Int64(pageLength) else { return }
        let reply = try await connection.answer("SEALS \(page(after: known))")
        if reply.code == RefusalCode.unknownCommand.name {
            knowsSeals = false
            return
        }
        waiting += try items("seals", of: reply).map { json in
            guard let seal = JournalSeal(json) else { throw Unexportable("a seal of \(tenant) is not one: \(json)") }
            return seal
        }
    }

    private func line(_ entry: JSONText) throws -> (name: SequenceName, bytes: [UInt8]) {
        do {
            return try ExportedEntry.line(entry)
        } catch {
            let name = printable(entry["entry"]?.string ?? "an entry of \(tenant)")
            throw Unexportable("\(name) cannot be exported: \(error). CHECK tells what is wrong with it")
        }
    }

    private func page(after sequence: Int64) -> String {
        "tenant=\(tenant) after=\(sequence) limit=\(pageLength)"
    }

    private func items(_ name: String, of reply: Reply) throws -> [JSONText] {
        if let refusal = RefusedByDaemon(reply) { throw refusal }
        guard case .list(let items)? = reply[name] else {
            throw Unexportable("the daemon's reply has no list of \(name)")
        }
        return items
    }

    // MARK: Writing

    private mutating func write(_ page: [(name: SequenceName, bytes: [UInt8])]) throws {
        var lines: [UInt8] = []
        for (name, bytes) in page {
            lines += bytes
            last = name.sequence
            entries += 1
            appendSeals(through: last, to: &lines)
        }
        if !lines.isEmpty { try write(lines) }
    }

    private mutating func appendSeals(through sequence: Int64, to lines: inout [UInt8]) {
        while let seal = waiting.first, seal.sequence <= sequence {
            lines += ExportLine.seal(seal)
            seals += 1
            waiting.removeFirst()
        }
    }
}

/// What the daemon shows cannot stand in an export.
struct Unexportable: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.refused }

    init(_ description: String) { self.description = description }
}
