import LedgerCore

/// The arguments of one request, each right by itself.
///
/// They are judged in one order, whatever order they were sent in: first each name as it was sent (unknown, given
/// twice, no name at all), then what is missing, what is wrong and what is too large, each in the verb's own order.
/// What arguments must be to each other is asked last, by who knows the verb.
struct Arguments {
    let spec: VerbSpec
    /// As `spec.arguments`; nil for what was left out and has no default.
    private let values: [ArgumentValue?]

    init(_ spec: VerbSpec, words: [String], tenant defaultTenant: String?) throws(Refusal) {
        self.spec = spec
        var texts = try Self.assign(words, to: spec)
        if let index = spec.ids.firstIndex(of: .tenant), spec.takesTenantOfConnection {
            texts[index] = texts[index] ?? defaultTenant
        }
        for (index, argument) in spec.arguments.enumerated() where argument.isRequired && texts[index] == nil {
            throw Self.missing(argument, of: spec)
        }
        var values: [ArgumentValue?] = []
        values.reserveCapacity(texts.count)
        var tooLarge: ArgumentSpec?
        for (index, argument) in spec.arguments.enumerated() {
            guard let text = texts[index] ?? argument.standard else {
                values.append(nil)
                continue
            }
            switch argument.kind.read(text) {
            case .value(let value): values.append(value)
            case .tooLarge:
                tooLarge = tooLarge ?? argument
                values.append(nil)
            case .malformed:
                throw .invalid(
                    argument.name, "\(argument.name)=\(text.quoted) is not right: expected \(argument.kind.expectation)"
                )
            }
        }
        if let tooLarge { throw .tooLarge(tooLarge.name, "an amount in \(tooLarge.name)") }
        self.values = values
    }

    /// The text of each argument of `spec`, nil where it was not sent.
    private static func assign(_ words: [String], to spec: VerbSpec) throws(Refusal) -> [String?] {
        var texts = [String?](repeating: nil, count: spec.arguments.count)
        for word in words {
            guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw .invalid(
                    word.shortened(to: PlainText.longest), "\(word.quoted) is not an argument: expected name=value")
            }
            let name = word[..<equals].lowercasedASCII
            guard let index = spec.names.firstIndex(of: name) else {
                let known = spec.names.joined(separator: ", ")
                throw .invalid(
                    name.shortened(to: PlainText.longest),
                    "\(spec.name) has no argument \(name.quoted): it has \(known.isEmpty ? "none" : known)")
            }
            guard texts[index] == nil else { throw .invalid(name, "\(name) is given twice") }
            texts[index] = String(word[word.utf8.index(after: equals)...])
        }
        return texts
    }

    private static func missing(_ argument: ArgumentSpec, of spec: VerbSpec) -> Refusal {
        let hint = argument.id == .tenant && spec.takesTenantOfConnection ? ", or USE tenant=… before" : ""
        return .missing(argument.name, "\(spec.name) needs \(argument.name)=…\(hint) (\(argument.meaning))")
    }

    // MARK: - Access

    func value(_ id: ArgumentName) -> ArgumentValue? {
        spec.ids.firstIndex(of: id).flatMap { values[$0] }
    }

    /// What ``spec`` requires is there; asked for as something that may be missing, because the compiler cannot know.
    func required<Value>(_ id: ArgumentName, _ value: (ArgumentName) -> Value?) throws(Refusal) -> Value {
        guard let value = value(id) else { throw .missing(id.rawValue, "\(spec.name) needs \(id.rawValue)=…") }
        return value
    }

    func optionalText(_ id: ArgumentName) -> String? { if case .text(let text) = value(id) { text } else { nil } }
    func optionalAmount(_ id: ArgumentName) -> Amount? {
        if case .amount(let amount) = value(id) { amount } else { nil }
    }
    func optionalRate(_ id: ArgumentName) -> Rate? { if case .rate(let rate) = value(id) { rate } else { nil } }
    func optionalDay(_ id: ArgumentName) -> Day? { if case .day(let day) = value(id) { day } else { nil } }
    func optionalNumber(_ id: ArgumentName) -> Int? { if case .number(let number) = value(id) { number } else { nil } }
    func optionalList(_ id: ArgumentName) -> [String]? { if case .list(let list) = value(id) { list } else { nil } }
    func optionalInstalments(_ id: ArgumentName) -> [Instalment]? {
        if case .instalments(let instalments) = value(id) { instalments } else { nil }
    }
    func optionalWindow(_ id: ArgumentName) -> Window? {
        if case .window(let window) = value(id) { window } else { nil }
    }
    func optionalChoice<Choice: RawRepresentable<String>>(_ id: ArgumentName) -> Choice? {
        optionalText(id).flatMap(Choice.init(rawValue:))
    }

    func text(_ id: ArgumentName) throws(Refusal) -> String { try required(id, optionalText) }
    func amount(_ id: ArgumentName = .amount) throws(Refusal) -> Amount { try required(id, optionalAmount) }
    func day(_ id: ArgumentName = .date) throws(Refusal) -> Day { try required(id, optionalDay) }
    func number(_ id: ArgumentName) throws(Refusal) -> Int { try required(id, optionalNumber) }
    func isYes(_ id: ArgumentName) -> Bool { optionalText(id) == "yes" }
    func isGiven(_ id: ArgumentName) -> Bool { value(id) != nil }

    // MARK: - Content

    /// What tells whether a key comes back with the same content: neither the key nor whose it is, nor whether this
    /// time it is meant.
    func content(filling fallbacks: [ArgumentName: String] = [:]) -> Content {
        var arguments: [Content.Argument] = []
        arguments.reserveCapacity(values.count)
        for index in values.indices where !Self.besideContent.contains(spec.ids[index]) {
            guard let text = values[index]?.canonical ?? fallbacks[spec.ids[index]] else { continue }
            arguments.append(Content.Argument(spec.names[index], text))
        }
        return Content(verb: spec.name, arguments: arguments)
    }

    private static let besideContent: [ArgumentName] = [.tenant, .key, .dryRun]
}

extension Refusal {
    static func tooLarge(_ argument: String, _ what: String) -> Refusal {
        Refusal(
            .tooLarge, "\(what) is more than \(Amount.maximum), the largest amount there is",
            [Field("argument", .text(argument))])
    }
}

extension VerbSpec {
    /// Whether USE stands in for `tenant`: not where the tenant is what the verb makes or names itself.
    var takesTenantOfConnection: Bool { verb != .use && verb != .tenantCreate }
}

extension StringProtocol {
    /// In lower case where it is ASCII; other letters stay what they are.
    var lowercasedASCII: String {
        guard utf8.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else { return String(self) }
        return String(
            decoding: utf8.map { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") ? $0 | 0x20 : $0 }, as: UTF8.self)
    }
}
