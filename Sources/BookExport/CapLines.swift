import LedgerCore
package import LineProtocol

/// What a subject may use, where that comes from, and what is used: a line of JSON for each limit, put together from
/// SCHEMES, SUBJECTS, REMAINING and the journal, in bounded memory.
///
/// A limit that several tenants share counts all of them. So each line parts what was used into what this journal
/// shows (`own`) and what `others` use, and names the entry that set the basis (`basis-entry`) where this journal has
/// it. With the books beside it, a line can be computed anew.
package struct CapLines {
    package static let format = "grantledger-caps-1"

    /// A question for one limit.
    package struct Question: Sendable, Hashable {
        package let subject: SubjectKey
        /// Under `calendar-year`; nil elsewhere.
        package let year: Int?
    }

    private let tenant: String
    /// By their names: each scheme that the tenant sees, as SCHEMES shows it.
    private var schemes: [String: JSONText] = [:]
    private var sorter: RecordSorter
    /// How many answers were added: the later one of a limit holds.
    private var answers: UInt64 = 0

    /// `memory` in bytes is what may wait before it is written out to temporary files in `directory`.
    package init(tenant: String, memory: Int = 16 << 20, directory: String) {
        self.tenant = tenant
        sorter = RecordSorter(memory: memory, directory: directory)
    }

    // MARK: Asking

    /// A scheme of SCHEMES.
    package mutating func learn(_ scheme: JSONText) {
        if let name = scheme["scheme"]?.string { schemes[name] = scheme }
    }

    /// What to ask of a subject of SUBJECTS: once, or under `calendar-year` for each year that has a basis or is one of
    /// `years`.
    package func questions(of subject: JSONText, years: Set<Int>) throws(BookError) -> [Question] {
        guard let scheme = subject["scheme"]?.string, let name = subject["subject"]?.string else {
            throw BookError(.journal, "SUBJECTS has a subject without a name")
        }
        let key = SubjectKey(scheme: scheme, subject: name)
        guard subject["period"] != nil else { return [Question(subject: key, year: nil)] }
        var asked = years
        if case .list(let bases)? = subject["basis"] {
            asked.formUnion(bases.compactMap { if case .number(let year)? = $0["period"] { Int(year) } else { nil } })
        }
        return asked.sorted().map { Question(subject: key, year: $0) }
    }

    package func request(_ question: Question) -> String {
        let (scheme, subject) = (question.subject.scheme, question.subject.subject)
        let period = question.year.map { " period=\($0)" } ?? ""
        return "REMAINING tenant=\(tenant) scheme=\(scheme) subject=\(subject)\(period)"
    }

    // MARK: Adding

    /// The answer to a question; `subject` is of SUBJECTS. A later answer stands in place of an earlier one.
    package mutating func add(_ question: Question, subject: JSONText, remaining: JSONText) throws(BookError) {
        let scheme = schemes[question.subject.scheme]
        let sources = remaining["caps"]?.items ?? []
        let rate = sources.first { $0["kind"]?.string == "rate" }
        let cap = sources.first { $0["kind"]?.string == "cap" }
        let window = remaining["window"]
        let isShared = scheme.flatMap { $0["version"] == subject["version"] ? !$0.leavesToPayers : nil }
        let fields: [(String, JSONText?)] = [
            ("owner", scheme?["owner"]), ("scheme", .text(question.subject.scheme)),
            ("subject", .text(question.subject.subject)), ("period", question.year.map { .number(String($0)) }),
            ("version", subject["version"]), ("opened", subject["opened"]), ("window", window?["kind"]),
            ("governs", window?["governs"]), ("from", question.isOpenEnded(window) ? nil : window?["from"]),
            ("until", question.isOpenEnded(window) ? nil : window?["until"]), ("cap", cap?["limit"]),
            ("rate", rate?["rate"]), ("basis", rate?["basis"]), ("share", rate?["limit"]),
            ("limit", remaining["limit"]), ("committed", remaining["committed"]),
            ("disbursed", remaining["disbursed"]), ("forfeited", remaining["forfeited"]),
            ("remaining", remaining["remaining"]), ("excess", remaining["excess"]), ("binding", remaining["binding"]),
            ("asked-on", remaining["on"]), ("shared", isShared.map { .flag($0) }),
        ]
        let line = try fields.map { name, value throws(BookError) in
            guard let value = JSONValue(value ?? .null) else {
                throw BookError(.journal, "REMAINING of \(question.subject.subject) has no whole \(name)")
            }
            return Field(name, value)
        }
        answers += 1
        try add(.answer(jsonLine(line)), to: question.subject, question.year, place: answers)
    }

    /// An entry of the journal. Those that set a basis are kept.
    package mutating func add(_ entry: JournalEntry) throws(BookError) {
        guard let subject = entry.basisSubject else { return }
        try add(
            .basis(entry: entry.name, amount: entry.amount.yuan), to: subject, entry.period,
            place: UInt64(entry.sequence))
    }

    /// An account of the books, with all that was posted to it. Those that count the use of a limit are kept.
    package mutating func add(_ account: AccountPath, _ turnover: Turnover) throws(BookError) {
        guard let subject = account.subject, let owner = account.capOwner, let word = account.word,
            CapLine.countedWords.contains(word)
        else { return }
        try add(
            .use(word: word, fen: turnover.balance.fen, owner: owner, isPayersOwn: account.isPayersOwn), to: subject,
            account.capYear, place: 0)
    }

    private mutating func add(
        _ fact: CapFact, to subject: SubjectKey, _ year: Int?, place: UInt64
    ) throws(BookError) {
        try sorter.add(CapRecord(subject: subject, year: year, place: place, fact: fact).bytes)
    }

    // MARK: Writing

    /// Writes the lines by scheme, subject and year, a head before them, and answers how many limits there are.
    /// `isQuiet` is whether nothing was posted between the answers and the journal's end.
    package consuming func finish(isQuiet: Bool, write: @escaping ([UInt8]) throws -> Void) throws -> Int64 {
        let caps = self
        try write(
            jsonLine([
                Field("format", .text(Self.format)), Field("tenant", .text(caps.tenant)),
                Field("quiet", .flag(isQuiet)),
            ]))
        var lines: Int64 = 0
        var standing: CapLine?
        func put(_ line: CapLine?) throws {
            guard let line, line.isLimit else { return }
            try write(line.bytes)
            lines += 1
        }
        try caps.sorter.forEach { bytes in
            let record = try CapRecord(bytes)
            if standing.map({ $0.subject == record.subject && $0.year == record.year }) != true {
                try put(standing)
                standing = CapLine(subject: record.subject, year: record.year)
            }
            try standing?.learn(record.fact)
        }
        try put(standing)
        return lines
    }
}

extension CapLines.Question {
    /// A rolling window ends on the day that is asked for, and says nothing of the limit.
    fileprivate func isOpenEnded(_ window: JSONText?) -> Bool {
        window?["kind"]?.string?.hasPrefix("rolling-") ?? true
    }
}

extension JSONText {
    fileprivate var items: [JSONText]? { if case .list(let items) = self { items } else { nil } }

    /// Whether each payer has a limit of its own under this scheme.
    fileprivate var leavesToPayers: Bool { self["rate"]?.string == "tenant" || self["cap"]?.string == "tenant" }
}
