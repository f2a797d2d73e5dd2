import LedgerCore
import LineProtocol

/// A row of the file as a request, or why it cannot become one.
struct ImportRow: Sendable {
    /// On which the row begins in the file.
    let line: Int
    /// As the file has them, for the report.
    let fields: [String]
    let verb: Verb
    let request: String
    /// It asks what would be answered, and posts nothing.
    let isDryRun: Bool
    /// Rows of one award are judged in the order of their dates.
    let award: String?
    let date: String?

    /// A row that is not sent: what would be answered is known already.
    struct Unsendable: Error {
        let row: RejectedRow

        init(_ refusal: Refusal, line: Int, fields: [String]) {
            row = RejectedRow(line: line, code: refusal.code.name, message: refusal.message, fields: fields)
        }
    }

    /// Cells that are empty are arguments left out. `tenant` stands in rows that name none.
    ///
    /// A value that is wrong by itself is refused here, with what the daemon would say: were it sent, a line break in
    /// it would begin another request.
    init(_ record: CSVRecord, header: ImportHeader, tenant: String?) throws(Unsendable) {
        var words: [(name: String, value: String)] = []
        for (argument, value) in zip(header.arguments, record.fields) {
            if let argument, !value.isEmpty { words.append((argument, value)) }
        }
        let fields = header.ownFields(of: record)
        let verbText = header.verbColumn.map { record.fields[$0] } ?? ""
        let verb = verbText.isEmpty ? header.defaultVerb : Verb(name: verbText)
        guard let verb, verb.mayBeImported else {
            throw Unsendable(
                Refusal(.unknownCommand, "there is no verb \"\(verbText)\" that can be imported"),
                line: record.line, fields: fields)
        }
        if verb.spec.needsTenant, !words.contains(where: { $0.name == "tenant" }) {
            guard let tenant else {
                throw Unsendable(
                    .missing("tenant", "\(verb.rawValue) needs a tenant: fill the cell, or give --tenant"),
                    line: record.line, fields: fields)
            }
            words.insert(("tenant", tenant), at: 0)
        }
        let raw = RawRequest(verb: verb.rawValue, words: words.map { "\($0.name)=\($0.value)" })
        do {
            let request = try RequestParser.parse(raw, tenant: nil).get()
            isDryRun = if case .command(.posting(let posting)) = request { posting.isDryRun } else { false }
            self.request = try LineWriter.line(verb: verb.rawValue, arguments: words)
        } catch {
            throw Unsendable(error, line: record.line, fields: fields)
        }
        self.line = record.line
        self.fields = fields
        self.verb = verb
        let value = { (name: String) in words.first { $0.name == name }?.value }
        self.award = value("award").map { "\(value("tenant") ?? "") \($0)" }
        self.date = value("date")
    }

    /// Whether this row may be in flight together with `other`, which comes before it.
    ///
    /// A row that is answered OVERLOADED is sent again, behind rows that were in flight with it. That must change
    /// nothing: so rows of different verbs wait for each other (one may need the other), and so do differently dated
    /// rows of one award, whose entries are dated in order.
    func commutes(with other: ImportRow) -> Bool {
        verb == other.verb && (award == nil || award != other.award || date == other.date)
    }
}
