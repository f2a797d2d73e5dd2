import LedgerCore
import LineProtocol

/// One limit, as it is learned fact by fact.
struct CapLine {
    /// What counts against a limit.
    static let countedWords = ["committed", "disbursed", "forfeited"]

    let subject: SubjectKey
    let year: Int?
    private var basis: (entry: String, amount: String)?
    private var used: [String: FenSum] = [:]
    private var owner: String?
    private var isPayersOwn = false
    private var answer: [Field]?

    init(subject: SubjectKey, year: Int?) {
        self.subject = subject
        self.year = year
    }

    /// Later facts stand in place of earlier ones.
    mutating func learn(_ fact: CapFact) throws(BookError) {
        switch fact {
        case .basis(let entry, let amount): basis = (entry, amount)
        case .use(let word, let fen, let owner, let isPayersOwn):
            used[word, default: FenSum()] += FenSum(fen: fen)
            self.owner = owner
            self.isPayersOwn = isPayersOwn
        case .answer(let line):
            guard let json = try? JSONText(String(decoding: line, as: UTF8.self)),
                case .object(let fields)? = JSONValue(json)
            else { throw BookError(.file, "a temporary file was changed") }
            answer = fields
        }
    }

    /// A basis that nobody asked about limits nothing.
    var isLimit: Bool { answer != nil || !used.isEmpty }

    /// The line with its end. Where the daemon did not tell the limit, as of a scheme that is hidden by another one of
    /// its name, only the use is known.
    var bytes: [UInt8] {
        let known =
            answer
            ?? [
                Field("owner", .optional(owner)), Field("scheme", .text(subject.scheme)),
                Field("subject", .text(subject.subject)),
                Field("period", year.map { .number(Int64($0)) } ?? .null),
            ]
        let own = Self.countedWords.map { Field($0, .text(used[$0, default: FenSum()].yuan)) }
        var fields = known.filter { $0.name != "shared" }
        let isInForce = basis.map { basis in fields.contains(Field("basis", .text(basis.amount))) } ?? false
        fields.append(Field("basis-entry", isInForce ? .optional(basis?.entry) : .null))
        fields.append(Field("shared", shared))
        fields.append(Field("own", .object(own)))
        fields.append(Field("others", others))
        return jsonLine([Field("cap", .object(fields))])
    }

    /// Whether other tenants may use the limit too; null where neither the scheme nor the books tell.
    private var shared: JSONValue {
        if !used.isEmpty { return .flag(!isPayersOwn) }
        return answer?.first { $0.name == "shared" }?.value ?? .null
    }

    /// What is used in all, less what the books show.
    private var others: JSONValue {
        guard let answer else { return .null }
        return .object(
            Self.countedWords.map { word in
                var rest = FenSum()
                if case .text(let yuan)? = answer.first(where: { $0.name == word })?.value,
                    let whole = Amount(yuan: yuan)
                {
                    rest += whole
                }
                return Field(word, .text((rest - used[word, default: FenSum()]).yuan))
            })
    }
}
