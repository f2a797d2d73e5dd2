import LedgerCore

/// Makes a query of its arguments, and judges what they must be to each other.
enum QueryParser {
    static func query(_ arguments: Arguments) throws(Refusal) -> Query {
        Query(tenant: try arguments.text(.tenant), question: try question(arguments))
    }

    private static func question(_ arguments: Arguments) throws(Refusal) -> Question {
        switch arguments.spec.verb {
        case .remaining:
            return .remaining(
                scheme: try arguments.text(.scheme), subject: try arguments.text(.subject),
                on: arguments.optionalDay(.on), period: arguments.optionalNumber(.period),
                amount: arguments.optionalAmount(.amount))
        case .award: return .award(try arguments.text(.award))
        case .budget: return .budget(fund: try arguments.text(.fund), year: try arguments.number(.year))
        case .entry: return try entry(arguments)
        case .history: return .history(try historyOf(arguments), try page(arguments))
        case .schemes: return .schemes(try listing(arguments))
        case .subjects: return .subjects(try listing(arguments))
        case .awards: return .awards(try listing(arguments))
        case .parties: return .parties(try listing(arguments))
        case .party: return .party(try arguments.text(.party), on: arguments.optionalDay(.on))
        case .excess: return .excess(scheme: arguments.optionalText(.scheme))
        case .outstanding: return .outstanding(on: arguments.optionalDay(.on))
        case .summary:
            return .summary(
                on: arguments.optionalDay(.on), by: try arguments.required(.by, arguments.optionalChoice))
        case .journal:
            let page = try page(arguments)
            return .journal(after: page.after, limit: page.limit)
        case .trialBalance: return .trialBalance(on: arguments.optionalDay(.on))
        case .check: return .check
        case .seals:
            let page = try page(arguments)
            return .seals(after: page.after, limit: page.limit)
        default: throw .unknownCommand(arguments.spec.name)
        }
    }

    private static func entry(_ arguments: Arguments) throws(Refusal) -> Question {
        switch (arguments.optionalText(.entry), arguments.optionalText(.key)) {
        case (let entry?, nil): return .entry(entry)
        case (nil, let key?): return .entryByKey(key)
        case (nil, nil): throw .missing("entry", "ENTRY needs entry=… or key=…")
        case (_?, _?): throw .invalid("key", "key cannot be given with entry: ENTRY takes one of them")
        }
    }

    private static func historyOf(_ arguments: Arguments) throws(Refusal) -> HistoryOf {
        let subject = arguments.optionalText(.subject)
        let scheme = arguments.optionalText(.scheme)
        let party = arguments.optionalText(.party)
        let oneOf = "HISTORY takes one of award, subject with scheme, or party"
        if let award = arguments.optionalText(.award) {
            for (id, other) in [(ArgumentName.subject, subject), (.scheme, scheme), (.party, party)] where other != nil
            {
                throw .invalid(id.rawValue, "\(id.rawValue) cannot be given with award: \(oneOf)")
            }
            return .award(award)
        }
        if subject != nil || scheme != nil {
            guard party == nil else { throw .invalid("party", "party cannot be given with a subject: \(oneOf)") }
            guard let subject else { throw .missing("subject", "HISTORY needs subject=… with scheme") }
            guard let scheme else { throw .missing("scheme", "HISTORY needs scheme=… with subject") }
            return .subject(scheme: scheme, subject: subject)
        }
        guard let party else { throw .missing("award", "HISTORY needs award=…, subject=… with scheme=…, or party=…") }
        return .party(party)
    }

    private static func page(_ arguments: Arguments) throws(Refusal) -> Page {
        Page(after: Int64(try arguments.number(.after)), limit: try arguments.number(.limit))
    }

    private static func listing(_ arguments: Arguments) throws(Refusal) -> Listing {
        Listing(
            scheme: arguments.optionalText(.scheme), subject: arguments.optionalText(.subject),
            party: arguments.optionalText(.party), after: arguments.optionalText(.after),
            limit: try arguments.number(.limit))
    }
}
