import BookExport
import LedgerCore
import LineProtocol

/// Asks a daemon for all that books are made of; in memory for one page only.
struct BooksReader {
    private static let journalPage = 5_000
    private static let subjectPage = 500
    /// How often limits are asked for again where entries came meanwhile.
    private static let mostRounds = 5

    private let tenant: String
    private let progress: (_ count: Int64, _ whole: Int64, _ things: String) -> Void
    private(set) var writer: BookWriter
    /// nil where the limits are not asked for.
    private(set) var caps: CapLines?
    /// Whether the limits are those of the journal's end.
    private(set) var isQuiet = true
    /// The newest that is on an entry of the books.
    private(set) var seal: JournalSeal?

    init(
        _ settings: BookWriter.Settings, caps: CapLines?,
        progress: @escaping (_ count: Int64, _ whole: Int64, _ things: String) -> Void
    ) {
        tenant = settings.tenant
        writer = BookWriter(settings)
        self.caps = caps
        self.progress = progress
    }

    mutating func run(over connection: inout DaemonConnection) async throws {
        let length = try await JournalLength(tenant: tenant).read(over: &connection)
        _ = try await readJournal(length, over: &connection)
        if caps != nil {
            try await readSchemes(over: &connection)
            try await readAllCaps(over: &connection)
            try await catchUp(over: &connection)
        }
        try await readSeals(over: &connection)
    }

    // MARK: The journal

    /// Reads on to the journal's end, and tells whose limits that touched.
    private mutating func readJournal(
        _ length: Int64, over connection: inout DaemonConnection
    ) async throws -> Set<SubjectKey> {
        var touched: Set<SubjectKey> = []
        // The first time all limits are asked for anyway.
        let isFirst = writer.totals.entries == 0
        var page: [JSONText]
        repeat {
            let request = "JOURNAL tenant=\(tenant) after=\(writer.totals.entries) limit=\(Self.journalPage)"
            page = try await items("entries", request, over: &connection)
            for json in page {
                let entry = try JournalEntry(json)
                try writer.add(entry)
                try caps?.add(entry)
                if !isFirst { touched.formUnion(entry.subjects) }
            }
            progress(writer.totals.entries, max(length, writer.totals.entries), "entries read")
        } while page.count == Self.journalPage
        return touched
    }

    private mutating func readSeals(over connection: inout DaemonConnection) async throws {
        var page: [JSONText]
        var last: Int64 = 0
        repeat {
            let request = "SEALS tenant=\(tenant) after=\(last) limit=\(Self.journalPage)"
            page = try await items("seals", request, over: &connection)
            for json in page {
                guard let next = JournalSeal(json) else {
                    throw Unexportable("a seal of \(tenant) is not one: \(json)")
                }
                last = next.sequence
                if next.sequence <= writer.totals.entries { seal = next }
            }
        } while page.count == Self.journalPage
    }

    // MARK: Limits

    private mutating func readSchemes(over connection: inout DaemonConnection) async throws {
        var page: [JSONText]
        var after = ""
        repeat {
            let request = "SCHEMES tenant=\(tenant) limit=\(Self.subjectPage)\(after)"
            page = try await items("schemes", request, over: &connection)
            for scheme in page { caps?.learn(scheme) }
            after = page.last?["scheme"]?.string.map { " after=\($0)" } ?? ""
        } while page.count >= Self.subjectPage
    }

    /// A page of SUBJECTS may be longer than was asked for. It may be shorter too where the daemon leaves some out, so
    /// that an empty one alone is the end.
    private mutating func readAllCaps(over connection: inout DaemonConnection) async throws {
        var read: Int64 = 0
        var page: [JSONText]
        var after = ""
        repeat {
            let request = "SUBJECTS tenant=\(tenant) limit=\(Self.subjectPage)\(after)"
            page = try await items("subjects", request, over: &connection)
            try await ask(page, over: &connection)
            read += Int64(page.count)
            progress(read, read, "limits read")
            after = page.last?["subject"]?.string.map { " after=\($0)" } ?? ""
        } while !page.isEmpty
    }

    private mutating func ask(_ subjects: [JSONText], over connection: inout DaemonConnection) async throws {
        guard var lines = caps else { return }
        // One owner alone, so that the sorter's memory is not copied.
        caps = nil
        defer { caps = lines }
        var questions: [(subject: JSONText, question: CapLines.Question)] = []
        for subject in subjects {
            questions += try lines.questions(of: subject, years: writer.totals.capYears).map { (subject, $0) }
        }
        let replies = try await connection.exchange(questions.map { lines.request($0.question) })
        for ((subject, question), reply) in zip(questions, replies) {
            if let refusal = RefusedByDaemon(reply) { throw refusal }
            try lines.add(question, subject: subject, remaining: .object(reply.members))
        }
    }

    /// Reads what was posted while limits were read, and asks for the limits that it touched again, until nothing came.
    private mutating func catchUp(over connection: inout DaemonConnection) async throws {
        for _ in 0..<Self.mostRounds {
            let before = writer.totals.entries
            let touched = try await readJournal(before, over: &connection)
            isQuiet = before == writer.totals.entries
            if isQuiet { return }
            for key in touched {
                let request = "SUBJECTS tenant=\(tenant) scheme=\(key.scheme) subject=\(key.subject)"
                try await ask(items("subjects", request, over: &connection), over: &connection)
            }
        }
    }

    private func items(
        _ name: String, _ request: String, over connection: inout DaemonConnection
    ) async throws -> [JSONText] {
        let reply = try await connection.answer(request)
        if let refusal = RefusedByDaemon(reply) { throw refusal }
        guard case .list(let items)? = reply[name] else {
            throw Unexportable("the daemon's reply has no list of \(name)")
        }
        return items
    }
}
