package import LedgerCore
package import LineProtocol

/// An entry as JOURNAL shows it, as far as books need it.
package struct JournalEntry: Sendable, Hashable {
    package struct Transfer: Sendable, Hashable {
        package let debit: AccountPath
        package let credit: AccountPath
        package let amount: Amount
    }

    /// `settles`, `reverses` or `returns`, and the name of the earlier entry.
    package struct Relation: Sendable, Hashable {
        static let names = ["settles", "reverses", "returns"]

        package let name: String
        package let target: String
    }

    /// `E2-8`
    package let name: String
    package let sequence: Int64
    package let verb: String
    package let key: String
    package let date: Day
    package let postedAt: String
    package let amount: Amount
    package let principal: String
    package let award: String?
    /// The bank's.
    package let reference: String?
    /// What this entry is to an earlier one; nil where it stands for itself.
    package let relation: Relation?
    package let transfers: [Transfer]
    /// 64 hexadecimal digits.
    package let hash: String
    /// Of its arguments: what a limit hangs on.
    package let scheme: String?
    package let subject: String?
    /// The calendar year of a basis.
    package let period: Int?
    /// When a cost was incurred.
    package let incurred: Day?
    /// All that was shown, less what changes later: who is paid by now, what settled or reversed the entry since.
    package let json: JSONValue

    private static let changing: Set = ["party", "settled-by", "reversed-by"]

    package init(_ json: JSONText) throws(BookError) {
        guard case .object(let members) = json, let name = json["entry"]?.string else {
            throw BookError(.journal, "the journal has an entry without a name")
        }
        func fault(_ member: String) -> BookError {
            BookError(.journal, "entry \(name) of the journal has no \(member) that can be read")
        }
        func text(_ member: String) throws(BookError) -> String {
            guard let text = json[member]?.string else { throw fault(member) }
            return text
        }
        guard case .number(let digits)? = json["seq"], let sequence = Int64(digits), sequence > 0 else {
            throw fault("seq")
        }
        guard let date = Day(try text("date")) else { throw fault("date") }
        guard let amount = Amount(yuan: try text("amount")) else { throw fault("amount") }
        guard Hexadecimal.bytes(try text("hash"), count: 32) != nil else { throw fault("hash") }
        guard case .list(let transfers)? = json["transfers"] else { throw fault("transfers") }
        self.name = name
        self.sequence = sequence
        self.date = date
        self.amount = amount
        verb = try text("kind")
        key = try text("key")
        postedAt = try text("posted-at")
        principal = try text("principal")
        hash = try text("hash")
        award = json["award"]?.string
        let content = json["content"]
        reference = content?["ref"]?.string
        relation =
            Relation.names.lazy.compactMap { name in
                json[name]?.string.map { Relation(name: name, target: $0) }
            }.first
        scheme = content?["scheme"]?.string
        subject = content?["subject"]?.string
        period = content?["period"]?.string.flatMap { Int($0) }
        incurred = content?["incurred"]?.string.flatMap { Day($0) }
        self.transfers = try transfers.map { transfer throws(BookError) in
            guard let amount = transfer["amount"]?.string.flatMap({ Amount(yuan: $0) }),
                let debit = transfer["debit"]?.string, let credit = transfer["credit"]?.string
            else { throw fault("transfer") }
            return Transfer(debit: try AccountPath(debit), credit: try AccountPath(credit), amount: amount)
        }
        self.json = .object(
            try members.filter { !Self.changing.contains($0.name) }.map { member throws(BookError) in
                guard let value = JSONValue(member.value) else { throw fault(member.name) }
                return Field(member.name, value)
            })
    }

    /// Who is paid, or pays back.
    var payee: String? { transfers.lazy.compactMap { $0.debit.party ?? $0.credit.party }.first }

    /// What the entry is, in few words: `DISBURSE A1`.
    var title: String { ([verb, award ?? subject] as [String?]).compactMap(\.self).joined(separator: " ") }

    /// What stands beside the entry in the books of tools that know tags, in this order.
    var tags: [(name: String, value: String)] {
        let tags: [(String, String?)] = [
            ("seq", String(sequence)), ("key", key), ("verb", verb), ("ref", reference), ("award", award),
            (relation?.name ?? "", relation?.target), ("scheme", scheme), ("subject", subject),
            ("period", period.map { String($0) }), ("incurred", incurred?.description), ("amount", amount.yuan),
        ]
        return tags.compactMap { name, value in value.map { (name, $0) } }
    }

    /// Every name that ``tags`` may have.
    static let tagNames =
        ["seq", "key", "verb", "ref", "award"] + Relation.names + ["scheme", "subject", "period", "incurred", "amount"]

    /// The subject whose basis the entry sets.
    package var basisSubject: SubjectKey? {
        guard verb == EntryKind.basis.verb, let scheme, let subject else { return nil }
        return SubjectKey(scheme: scheme, subject: subject)
    }

    /// The subjects whose use or limit the entry changes.
    package var subjects: Set<SubjectKey> {
        Set(transfers.compactMap { $0.debit.subject ?? $0.credit.subject } + [basisSubject].compactMap(\.self))
    }
}

extension JSONText {
    /// The text that this is; nil where it is anything else.
    var string: String? { if case .text(let text) = self { text } else { nil } }
}

extension JSONValue {
    /// nil where a number is not whole.
    init?(_ json: JSONText) {
        switch json {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .text(let text): self = .text(text)
        case .number(let digits):
            guard let number = Int64(digits) else { return nil }
            self = .number(number)
        case .list(let items):
            let values = items.compactMap(JSONValue.init)
            guard values.count == items.count else { return nil }
            self = .list(values)
        case .object(let members):
            let fields = members.compactMap { member in JSONValue(member.value).map { Field(member.name, $0) } }
            guard fields.count == members.count else { return nil }
            self = .object(fields)
        }
    }
}

/// A line of JSON with its end.
func jsonLine(_ fields: [Field]) -> [UInt8] {
    var bytes: [UInt8] = []
    // What the encoder writes is `+{…}` and a line end of two bytes.
    ReplyEncoder.encode(.answered(fields), into: &bytes)
    return bytes[1..<(bytes.count - 2)] + [UInt8(ascii: "\n")]
}
