import LedgerCore

/// An account of the ledger by its parts, so that other tools' rules for names can be met.
///
/// Identifiers may hold colons, and those tools part an account's name at each. So a name is parted here where the
/// ledger put it together, and a colon within an identifier is written as something else. Each identifier can be read
/// back from what is written, so no two accounts get one name.
package struct AccountPath: Sendable, Hashable {
    /// The first word of each account's name.
    package enum Kind: String, Sendable, CaseIterable {
        case award, budget, cap, cash, expense, payable, receivable
    }

    struct Part: Hashable {
        /// What the part names: `Fund`, `Subject`, ….
        let label: String
        let text: String
    }

    package let kind: Kind
    /// As the ledger has it: `budget:general:2024:available`.
    package let name: String
    let parts: [Part]
    /// `available`; nil where the kind says what the account counts.
    let word: String?

    /// Throws where the daemon's name is not one that the ledger gives.
    package init(_ name: String) throws(BookError) {
        guard let colon = name.firstIndex(of: ":"), let kind = Kind(rawValue: String(name[..<colon])),
            let (parts, word) = Self.read(name[name.index(after: colon)...], kind),
            parts.allSatisfy({ Identifier.isValid($0.text) }), !parts.isEmpty
        else { throw BookError(.journal, "the journal has an account \"\(name)\", which is no account's name") }
        self.kind = kind
        self.name = name
        self.parts = parts
        self.word = word
    }

    /// The beneficiary, where the account is owed to one or by one.
    package var party: String? { kind == .payable || kind == .receivable ? parts.last?.text : nil }

    /// The subject that the account counts for.
    package var subject: SubjectKey? {
        kind == .cap ? SubjectKey(scheme: parts[1].text, subject: parts[2].text) : nil
    }

    /// The year of a calendar year's cap.
    package var capYear: Int? { kind == .cap ? parts.first { $0.label == "Year" }.flatMap { Int($0.text) } : nil }

    /// The tenant that owns the scheme of a cap.
    var capOwner: String? { kind == .cap ? parts.first?.text : nil }

    /// Whether a cap is one payer's own.
    var isPayersOwn: Bool { kind == .cap && parts.contains { $0.label == "Payer" } }

    // MARK: Reading

    /// Only the first part may hold colons, so that those behind it are taken from the end.
    private static func read(_ text: Substring, _ kind: Kind) -> (parts: [Part], word: String?)? {
        switch kind {
        case .cash, .expense: return ([Part(label: "Fund", text: String(text))], nil)
        case .payable, .receivable: return bars(text, labels: ["Tenant", "Party"]).map { ($0, nil) }
        case .budget, .award:
            guard let (rest, word) = last(of: text), let (owner, below) = last(of: rest) else { return nil }
            let label = word == "dated" ? "Number" : "Year"
            let parts = [Part(label: kind == .budget ? "Fund" : "Award", text: owner), Part(label: label, text: below)]
            return (parts, word)
        case .cap:
            guard let (rest, word) = last(of: text) else { return nil }
            guard word == "dated" else { return cap(rest).map { ($0, word) } }
            guard let (owner, day) = last(of: Substring(rest)) else { return nil }
            return cap(owner).map { ($0 + [Part(label: "Day", text: day)], word) }
        }
    }

    /// `owner|scheme|subject`, behind it `|payer`, `||period` or `|payer|period`.
    private static func cap(_ text: String) -> [Part]? {
        let texts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard (3...5).contains(texts.count) else { return nil }
        let labels = ["Owner", "Scheme", "Subject", "Payer", "Year"]
        let parts = zip(labels, texts).map { Part(label: $0, text: String($1)) }
        return parts.filter { $0.label != "Payer" || !$0.text.isEmpty }
    }

    private static func bars(_ text: Substring, labels: [String]) -> [Part]? {
        let texts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard texts.count == labels.count else { return nil }
        return zip(labels, texts).map { Part(label: $0, text: String($1)) }
    }

    /// What stands before the last colon and behind it.
    private static func last(of text: some StringProtocol) -> (before: String, behind: String)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}

/// A subject under a scheme.
package struct SubjectKey: Sendable, Hashable {
    package let scheme: String
    package let subject: String

    package init(scheme: String, subject: String) {
        self.scheme = scheme
        self.subject = subject
    }
}
