import LedgerCore
import Testing

/// Books in memory that begin empty and are fed with lines; every row that a line may need is there.
struct TestBooks {
    private(set) var books = Books(registry: Registry(root: 0, version: 0))
    /// Who speaks where a line names no tenant.
    var tenant = "lingang"
    private var lines = 0

    static let now = Moment(microseconds: 1_714_500_000_000_000)  // 2024-04-30 18:00 UTC, which is 1 May in Shanghai.

    /// Books after `preludes`, none of whose lines may be refused.
    init(_ preludes: String...) throws {
        for row in preludes.flatMap(Row.table) {
            let outcome = try outcome(of: row.command)
            #expect(outcome.refusal == nil, "the prelude's \(row.command)")
        }
    }

    /// Runs the lines one after the other, compares each answer, and then audits the books.
    mutating func run(_ table: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for row in Row.table(table) { try check(row, sourceLocation: sourceLocation) }
        audit(books, sourceLocation: sourceLocation)
    }

    /// Runs one row; where it is refused or a dry run, nothing may have changed.
    mutating func check(_ row: Row, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = Snapshot(books)
        let outcome = try outcome(of: row.command)
        row.expectation.check(outcome, of: row.command, sourceLocation: sourceLocation)
        if outcome.refusal != nil || row.command.contains("dry-run=yes") {
            #expect(Snapshot(books) == before, "\(row.command) changed the books", sourceLocation: sourceLocation)
        }
    }

    mutating func outcome(of text: String) throws -> Outcome {
        let line = try line(text)
        if line.verb == "REMAINING" {
            return books.remaining(try line.question, tenant: line.tenant, past: nil, today: TestBooks.now.day)
        }
        let verdicts = decide([.single(try envelope(line))], over: &books, at: TestBooks.now)
        guard case .one(let outcome)? = verdicts.first, verdicts.count == 1 else {
            throw UnexpectedVerdict(verdicts: verdicts)
        }
        return outcome
    }

    /// Posts all lines or none.
    mutating func verdict(ofGroup table: String) throws -> Verdict {
        var envelopes: [Envelope] = []
        for row in Row.table(table) { envelopes.append(try envelope(try line(row.command))) }
        let verdicts = decide([.group(envelopes)], over: &books, at: TestBooks.now)
        guard let verdict = verdicts.first, verdicts.count == 1 else { throw UnexpectedVerdict(verdicts: verdicts) }
        return verdict
    }

    /// A line whose `@key` became the name of that key's entry.
    private func line(_ text: String) throws -> ScriptLine {
        var line = try ScriptLine(text, tenant: tenant)
        if let entry = line.arguments["entry"], entry.hasPrefix("@") {
            let number = try #require(books.registry.tenant(line.tenant)?.number)
            let key = KeyName(tenant: number, key: String(entry.dropFirst()))
            let sequence = try #require(books.keys[key], "no key \(entry)")
            line.arguments["entry"] = SequenceName(tenant: number, sequence: sequence).text
        }
        return line
    }

    private mutating func envelope(_ line: ScriptLine) throws -> Envelope {
        lines += 1
        return Envelope(command: try line.command(key: "line-\(lines)"), principal: "tester")
    }

    struct UnexpectedVerdict: Error {
        let verdicts: [Verdict]
    }
}

/// All that a refused command must leave as it was.
struct Snapshot: Equatable {
    let registry: Registry
    let numbers: [Int64]
    let heads: [Int32: JournalHead]
    let parties: [Int64: PartyRow]
    let subjects: [Int64: SubjectRow]
    let caps: [Int64: CapRow]
    let awards: [Int64: AwardRow]
    let funds: [Int64: FundRow]
    let budgets: [BudgetName: BudgetRow]
    let entries: [SequenceName: Entry]
    let marks: [SequenceName: Mark]
    let keys: [KeyName: Int64]

    init(_ books: Books) {
        registry = books.registry
        numbers = [books.nextNumber, Int64(books.nextTenant), Int64(books.changes.entries.count)]
        (heads, parties, subjects, caps) = (books.heads, books.parties, books.subjects, books.caps)
        (awards, funds, budgets) = (books.awards, books.funds, books.budgets)
        (entries, marks, keys) = (books.entries, books.marks, books.keys)
    }
}
