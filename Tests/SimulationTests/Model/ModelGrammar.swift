/// A request whose arguments were read: every value is well formed, and defaults stand where nothing was given.
struct ModelArguments: Equatable, Sendable {
    var verb: String
    var values: [String: ModelValue]

    func has(_ name: String) -> Bool { values[name] != nil }

    func text(_ name: String) -> String? {
        if case .text(let text)? = values[name] { text } else { nil }
    }

    func money(_ name: String) -> Int64? {
        if case .money(let fen)? = values[name] { fen } else { nil }
    }

    func rate(_ name: String) -> Int64? {
        if case .rate(let millionths)? = values[name] { millionths } else { nil }
    }

    func date(_ name: String) -> ModelDate? {
        if case .date(let date)? = values[name] { date } else { nil }
    }

    func number(_ name: String) -> Int? {
        if case .number(let number)? = values[name] { number } else { nil }
    }

    func list(_ name: String) -> [String]? {
        if case .list(let list)? = values[name] { list } else { nil }
    }

    // What the grammar demands is there; the stand-ins below are never met.
    var tenant: String { text("tenant") ?? "" }
    var key: String { text("key") ?? "" }
    var amount: Int64 { money("amount") ?? 0 }
    var date: ModelDate { date("date") ?? ModelDate(1900, 1, 1) }
    var isDryRun: Bool { has("dry-run") }
    func id(_ name: String) -> String { text(name) ?? "" }

    /// A COMMIT with what stands where it leaves out its payee or its schedule.
    func completed(payee: String?) -> ModelArguments {
        var completed = self
        guard verb == "COMMIT" else { return completed }
        if !has("party"), let payee { completed.values["party"] = .text(payee) }
        if !has("schedule") { completed.values["schedule"] = .schedule([.init(year: date.year, amount: amount)]) }
        return completed
    }

    /// The first argument, in the grammar's order, whose value is not the other's; nil for the same content.
    func firstDifference(from other: ModelArguments) -> String? {
        if verb != other.verb { return "verb" }
        return ModelGrammar.verbs[verb]?.map(\.name).first {
            $0 != "key" && $0 != "dry-run" && values[$0] != other.values[$0]
        }
    }
}

/// The verbs and their arguments. `name?` may be left out, `name?:a|b=a` is `a` then.
enum ModelGrammar {
    struct Argument: Sendable {
        var name: String
        var isOptional: Bool
        var kind: String
        var fallback: String?
    }

    static let postingVerbs: Set<String> = [
        "BASIS.SET", "APPROPRIATE", "CARRY", "COMMIT", "RESCHEDULE", "DISBURSE", "RELEASE", "RECOVER", "SETTLE",
        "REVERSE", "RETURN",
    ]

    private static let lines = [
        "TENANT.CREATE tenant:id parent?:id name:name",
        """
        SCHEME.PUT tenant:id scheme:id version:number1 name:name subject-kind:id rate?:own-rate \
        rate-rule?:ceiling|exact=ceiling cap?:own-money window?:window=none window-governs?:payment|cost=payment \
        conditions?:ids payers?:payers=* authorities?:ids section?:text
        """,
        "SCHEME.SET tenant:id scheme:id rate?:rate cap?:money",
        "PARTY.PUT tenant:id party:id kind:id name:name uscc?:uscc group?:id bank?:text account?:text",
        "SUBJECT.OPEN tenant:id scheme:id subject:id party:id opened:date correct?:yes",
        "CONDITION.MEET tenant:id scheme:id subject:id condition:id date:date evidence?:text correct?:yes",
        "PERIOD.CLOSE tenant:id through:date",
        "BASIS.SET tenant:id scheme:id subject:id amount:money0 date:date key:id period?:year evidence?:text",
        "APPROPRIATE tenant:id fund:id year:year amount:money key:id date:date change?:add|cut=add",
        "CARRY tenant:id fund:id from:year to:year amount:money key:id date:date",
        """
        COMMIT tenant:id award:id scheme:id subject:id amount:money date:date key:id fund?:id=general \
        schedule?:schedule incurred?:date fit?:whole|room=whole party?:id
        """,
        "RESCHEDULE tenant:id award:id from:year to:year amount:money date:date key:id",
        "DISBURSE tenant:id award:id amount:money date:date key:id ref?:text",
        "RELEASE tenant:id award:id amount:money date:date key:id",
        "RECOVER tenant:id award:id amount:money date:date key:id restore?:yes|no=yes",
        "SETTLE tenant:id entry:id date:date key:id ref?:text",
        "RETURN tenant:id entry:id date:date key:id ref?:text",
        "REVERSE tenant:id entry:id date:date key:id",
        "REMAINING tenant:id scheme:id subject:id on?:date period?:year amount?:money",
        "AWARD tenant:id award:id",
        "BUDGET tenant:id fund:id year:year",
        "ENTRY tenant:id entry?:id key?:id",
        "HISTORY tenant:id award?:id subject?:id scheme?:id party?:id after?:number0=0 limit?:number1=500",
        "SCHEMES tenant:id scheme?:id subject?:id party?:id after?:id limit?:number1",
        "SUBJECTS tenant:id scheme?:id subject?:id party?:id after?:id limit?:number1",
        "AWARDS tenant:id scheme?:id subject?:id party?:id after?:id limit?:number1",
        "PARTIES tenant:id scheme?:id subject?:id party?:id after?:id limit?:number1",
        "PARTY tenant:id party:id on?:date",
        "JOURNAL tenant:id after?:number0 limit?:number1=500 wait?:text",
        "TRIAL.BALANCE tenant:id on?:date",
        "EXCESS tenant:id scheme?:id",
        "OUTSTANDING tenant:id on?:date",
        "SUMMARY tenant:id on?:date by?:scheme|authority|year|payer=scheme",
        "CHECK tenant:id",
    ]

    static let verbs: [String: [Argument]] = {
        var verbs: [String: [Argument]] = [:]
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            verbs[words[0]] = words.dropFirst().map(argument)
            if postingVerbs.contains(words[0]) { verbs[words[0]]?.append(argument("dry-run?:yes")) }
        }
        return verbs
    }()

    private static func argument(_ word: String) -> Argument {
        let halves = word.split(separator: ":").map(String.init)
        let kindAndFallback = halves[1].split(separator: "=").map(String.init)
        return Argument(
            name: halves[0].filter { $0 != "?" }, isOptional: halves[0].hasSuffix("?"), kind: kindAndFallback[0],
            fallback: kindAndFallback.count > 1 ? kindAndFallback[1] : nil)
    }

    /// Reads a request: unknown and double names, then missing ones, then values, then what binds arguments together.
    static func read(_ request: ModelRequest) throws(ModelRefusal) -> ModelArguments {
        let verb = request.verb.uppercased()
        guard let grammar = verbs[verb] else { throw ModelRefusal(code: "UNKNOWN_COMMAND") }
        var given: [String: String] = [:]
        for argument in request.arguments {
            let name = argument.name.lowercased()
            guard grammar.contains(where: { $0.name == name }), given[name] == nil else { throw .invalid(name) }
            given[name] = argument.value
        }
        for argument in grammar where !argument.isOptional && given[argument.name] == nil {
            throw .missing(argument.name)
        }
        var arguments = ModelArguments(verb: verb, values: [:])
        for argument in grammar {
            guard let text = given[argument.name] ?? argument.fallback else { continue }
            arguments.values[argument.name] = try value(text, argument)
        }
        try checkTogether(arguments)
        return arguments
    }

    private static func value(_ text: String, _ argument: Argument) throws(ModelRefusal) -> ModelValue {
        let name = argument.name
        switch argument.kind {
        case "id": return .text(try ModelReader.identifier(text, name))
        case "ids": return .list(try ModelReader.identifiers(text, name))
        case "payers": return .list(text == "*" ? ["*"] : try ModelReader.identifiers(text, name))
        case "text": return .text(text)
        case "name":
            guard text.count <= 200 else { throw .invalid(name) }
            return .text(text)
        case "money": return .money(try ModelReader.money(text, name))
        case "money0": return .money(try ModelReader.money(text, name, zeroAllowed: true))
        case "own-money": return text == "tenant" ? .own : .money(try ModelReader.money(text, name))
        case "rate": return .rate(try ModelReader.rate(text, name))
        case "own-rate": return text == "tenant" ? .own : .rate(try ModelReader.rate(text, name))
        case "date": return .date(try ModelReader.date(text, name))
        case "year": return .number(try ModelReader.year(text, name))
        case "number0": return .number(try ModelReader.count(text, name, from: 0))
        case "number1": return .number(try ModelReader.count(text, name, from: 1))
        case "window": return .window(try ModelReader.window(text, name))
        case "schedule": return .schedule(try ModelReader.schedule(text, name))
        case "uscc": return .text(try ModelReader.uscc(text, name))
        default:
            guard argument.kind.split(separator: "|").contains(text[...]) else { throw .invalid(name) }
            return .text(text)
        }
    }

    private static func checkTogether(_ arguments: ModelArguments) throws(ModelRefusal) {
        let (from, to) = (arguments.number("from") ?? 0, arguments.number("to") ?? 0)
        switch arguments.verb {
        case "CARRY" where to <= from, "RESCHEDULE" where to == from: throw .invalid("to")
        case "JOURNAL" where arguments.number("limit") ?? 0 > 5000,
            "HISTORY" where arguments.number("limit") ?? 0 > 5000:
            throw .invalid("limit")
        case "SCHEME.SET" where !arguments.has("rate") && !arguments.has("cap"): throw .missing("rate")
        case "ENTRY" where !arguments.has("entry") && !arguments.has("key"): throw .missing("entry")
        case "COMMIT":
            guard case .schedule(let parts)? = arguments.values["schedule"] else { return }
            // Which of the two is named is open.
            if arguments.text("fit") == "room" { throw ModelRefusal(code: "INVALID_ARGUMENT") }
            let sum = parts.reduce(0) { $0 + $1.amount }
            let years = parts.map(\.year)
            guard sum == arguments.amount, Set(years).count == years.count,
                years.allSatisfy({ $0 >= arguments.date.year })
            else { throw .invalid("schedule") }
        default: return
        }
    }
}
