import LedgerCore
import Testing

/// A command as the tables write it: the verb, what it needs by position, the rest by name, and before it the tenant
/// where it is not the usual one: `zhangjiang: COMMIT A1 deal D1 500000 2024-02-01 fund=special`.
struct ScriptLine {
    let tenant: String
    let verb: String
    var arguments: [String: String]

    static let positions: [String: [String]] = [
        "TENANT.CREATE": ["name"],
        "SCHEME.PUT": ["scheme", "version", "subject-kind"],
        "SCHEME.SET": ["scheme"],
        "PARTY.PUT": ["party", "kind"],
        "SUBJECT.OPEN": ["scheme", "subject", "party", "opened"],
        "CONDITION.MEET": ["scheme", "subject", "condition", "date"],
        "PERIOD.CLOSE": ["through"],
        "REMAINING": ["scheme", "subject"],
        "BASIS.SET": ["scheme", "subject", "amount", "date"],
        "APPROPRIATE": ["fund", "year", "amount", "date"],
        "CARRY": ["fund", "from", "to", "amount", "date"],
        "COMMIT": ["award", "scheme", "subject", "amount", "date"],
        "RESCHEDULE": ["award", "from", "to", "amount", "date"],
        "DISBURSE": ["award", "amount", "date"],
        "RELEASE": ["award", "amount", "date"],
        "RECOVER": ["award", "amount", "date"],
        "SETTLE": ["entry", "date"],
        "REVERSE": ["entry", "date"],
        "RETURN": ["entry", "date"],
    ]

    init(_ text: String, tenant usual: String) throws {
        var words = text.split(separator: " ").map(String.init)[...]
        let head = try #require(words.first)
        if head.hasSuffix(":") {
            tenant = String(head.dropLast())
            words.removeFirst()
        } else {
            tenant = usual
        }
        let first = words.popFirst()
        verb = try #require(first)
        let names = try #require(ScriptLine.positions[verb], "no verb \(verb)")
        try #require(words.count >= names.count, "\(text) lacks \(names.dropFirst(words.count))")
        arguments = Dictionary(uniqueKeysWithValues: zip(names, words))
        words.removeFirst(names.count)
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            try #require(parts.count == 2, "\(word) is not name=value")
            arguments[parts[0]] = parts[1]
        }
    }

    struct Malformed: Error {
        let name: String
        let value: String
    }

    var isDryRun: Bool { arguments["dry-run"] == "yes" }

    // MARK: Values

    func text(_ name: String) throws -> String { try #require(arguments[name], "\(verb) lacks \(name)") }
    func amount(_ name: String = "amount") throws -> Amount { try #require(Amount(yuan: try text(name))) }
    func day(_ name: String = "date") throws -> Day { try #require(Day(try text(name))) }
    func year(_ name: String) throws -> Int { try #require(Int(try text(name))) }

    func optional<Value>(_ name: String, _ read: (String) -> Value?) throws -> Value? {
        guard let text = arguments[name] else { return nil }
        guard let value = read(text) else { throw Malformed(name: name, value: text) }
        return value
    }

    func list(_ name: String) -> [String]? { arguments[name]?.split(separator: ",").map(String.init) }

    func term<Value>(_ name: String, _ read: (String) -> Value?) throws -> Term<Value> {
        if arguments[name] == "tenant" { return .payersOwn }
        return try optional(name, read).map(Term.fixed) ?? .absent
    }
}

// MARK: - Commands

extension ScriptLine {
    func command(key: String) throws -> Command {
        if let registration = try registration { return .registration(registration) }
        let action = try action
        return .posting(
            Posting(
                tenant: tenant, key: arguments["key"] ?? key, date: try day(), isDryRun: isDryRun, action: action,
                content: try content))
    }

    var question: RemainingQuestion {
        get throws {
            RemainingQuestion(
                scheme: try text("scheme"), subject: try text("subject"), on: try optional("on") { Day($0) },
                period: try optional("period") { Int($0) }, amount: try optional("amount") { Amount(yuan: $0) })
        }
    }

    private var registration: Registration? {
        get throws {
            let isCorrection = arguments["correct"] == "yes"
            let action: RegistrationAction
            switch verb {
            case "TENANT.CREATE": action = .createTenant(parent: arguments["parent"], name: try text("name"))
            case "SCHEME.PUT":
                action = .putScheme(scheme: try text("scheme"), version: try year("version"), terms: try terms)
            case "SCHEME.SET":
                action = .setParameters(
                    scheme: try text("scheme"), rate: try optional("rate") { Rate(percent: $0) },
                    cap: try optional("cap") { Amount(yuan: $0) })
            case "PARTY.PUT":
                action = .putParty(
                    PartyFacts(
                        party: try text("party"), kind: try text("kind"), name: arguments["name"] ?? "某公司",
                        creditCode: arguments["uscc"], group: arguments["group"], bank: arguments["bank"]))
            case "SUBJECT.OPEN":
                action = .openSubject(
                    scheme: try text("scheme"), subject: try text("subject"), party: try text("party"),
                    opened: try day("opened"), isCorrection: isCorrection)
            case "CONDITION.MEET":
                action = .meetCondition(
                    scheme: try text("scheme"), subject: try text("subject"), condition: try text("condition"),
                    date: try day(), evidence: arguments["evidence"], isCorrection: isCorrection)
            case "PERIOD.CLOSE": action = .closePeriod(through: try day("through"))
            default: return nil
            }
            return Registration(tenant: tenant, action: action)
        }
    }

    private var terms: SchemeTerms {
        get throws {
            SchemeTerms(
                name: arguments["name"] ?? "某政策", subjectKind: try text("subject-kind"),
                rate: try term("rate") { Rate(percent: $0) },
                rateRule: try optional("rule", RateRule.init(rawValue:)) ?? .ceiling,
                cap: try term("cap") { Amount(yuan: $0) }, window: try optional("window", Window.init) ?? .none,
                windowGoverns: try optional("governs", WindowGoverns.init(rawValue:)) ?? .payment,
                conditions: list("conditions") ?? [], payers: list("payers"), authorities: list("authorities") ?? [],
                section: arguments["section"])
        }
    }

    private var action: PostingAction {
        get throws {
            switch verb {
            case "BASIS.SET":
                .setBasis(
                    scheme: try text("scheme"), subject: try text("subject"), amount: try amount(),
                    period: try optional("period") { Int($0) })
            case "APPROPRIATE":
                .appropriate(
                    fund: try text("fund"), year: try year("year"), amount: try amount(),
                    isCut: arguments["change"] == "cut")
            case "CARRY":
                .carry(fund: try text("fund"), from: try year("from"), to: try year("to"), amount: try amount())
            case "COMMIT": .commit(try commitment)
            case "RESCHEDULE":
                .reschedule(award: try text("award"), from: try year("from"), to: try year("to"), amount: try amount())
            case "DISBURSE": .disburse(award: try text("award"), amount: try amount())
            case "RELEASE": .release(award: try text("award"), amount: try amount())
            case "RECOVER":
                .recover(award: try text("award"), amount: try amount(), restores: arguments["restore"] != "no")
            case "SETTLE": .settle(entry: try text("entry"))
            case "RETURN": .giveBack(entry: try text("entry"))
            default: .reverse(entry: try text("entry"))
            }
        }
    }

    private var commitment: Commitment {
        get throws {
            let schedule = try list("schedule")?.map { item in
                let parts = item.split(separator: ":")
                return Instalment(
                    year: try #require(Int(parts[0])), amount: try #require(Amount(yuan: parts[1])))
            }
            return Commitment(
                award: try text("award"), scheme: try text("scheme"), subject: try text("subject"),
                amount: try amount(), fund: arguments["fund"] ?? "general", schedule: schedule,
                incurred: try optional("incurred") { Day($0) }, fitsRoom: arguments["fit"] == "room",
                party: arguments["party"])
        }
    }

    /// The canonical content: every argument but `key` and `dry-run`, defaults filled in, amounts with two decimals.
    private var content: Content {
        get throws {
            var filled = arguments
            filled["key"] = nil
            filled["dry-run"] = nil
            filled["amount"] = try optional("amount") { Amount(yuan: $0)?.yuan }
            let defaults: [String: [String: String]] = [
                "APPROPRIATE": ["change": "add"], "COMMIT": ["fund": "general", "fit": "whole"],
                "RECOVER": ["restore": "yes"],
            ]
            filled.merge(defaults[verb] ?? [:]) { given, _ in given }
            let optionals = ["change", "fund", "schedule", "incurred", "fit", "party", "ref", "restore", "period"]
            let order = (ScriptLine.positions[verb] ?? []) + optionals
            return Content(
                verb: verb, arguments: order.compactMap { name in filled[name].map { Content.Argument(name, $0) } })
        }
    }
}
