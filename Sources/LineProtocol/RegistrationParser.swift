import LedgerCore

/// Makes a registration of its arguments, and judges what they must be to each other.
enum RegistrationParser {
    static func registration(_ arguments: Arguments) throws(Refusal) -> Registration {
        Registration(tenant: try arguments.text(.tenant), action: try action(arguments))
    }

    private static func action(_ arguments: Arguments) throws(Refusal) -> RegistrationAction {
        switch arguments.spec.verb {
        case .tenantCreate:
            return .createTenant(parent: arguments.optionalText(.parent), name: try arguments.text(.name))
        case .schemePut:
            return .putScheme(
                scheme: try arguments.text(.scheme), version: try arguments.number(.version),
                terms: try terms(arguments))
        case .schemeSet:
            guard arguments.isGiven(.rate) || arguments.isGiven(.cap) else {
                throw .missing("rate", "SCHEME.SET needs rate=… or cap=…, or both")
            }
            return .setParameters(
                scheme: try arguments.text(.scheme), rate: arguments.optionalRate(.rate),
                cap: arguments.optionalAmount(.cap))
        case .partyPut:
            return .putParty(
                PartyFacts(
                    party: try arguments.text(.party), kind: try arguments.text(.kind),
                    name: try arguments.text(.name), creditCode: arguments.optionalText(.uscc),
                    group: arguments.optionalText(.group), bank: arguments.optionalText(.bank),
                    account: arguments.optionalText(.account)))
        case .subjectOpen:
            return .openSubject(
                scheme: try arguments.text(.scheme), subject: try arguments.text(.subject),
                party: try arguments.text(.party), opened: try arguments.day(.opened),
                isCorrection: arguments.isYes(.correct))
        case .conditionMeet:
            return .meetCondition(
                scheme: try arguments.text(.scheme), subject: try arguments.text(.subject),
                condition: try arguments.text(.condition), date: try arguments.day(),
                evidence: arguments.optionalText(.evidence), isCorrection: arguments.isYes(.correct))
        case .periodClose:
            return .closePeriod(through: try arguments.day(.through))
        default:
            throw .unknownCommand(arguments.spec.name)
        }
    }

    private static func terms(_ arguments: Arguments) throws(Refusal) -> SchemeTerms {
        let rateRule: RateRule = try arguments.required(.rateRule, arguments.optionalChoice)
        guard rateRule == .ceiling || arguments.isGiven(.rate) else {
            throw .invalid("rate-rule", "rate-rule=exact needs a rate=… to be exact about")
        }
        return SchemeTerms(
            name: try arguments.text(.name), subjectKind: try arguments.text(.subjectKind),
            rate: term(arguments.value(.rate), arguments.optionalRate(.rate)), rateRule: rateRule,
            cap: term(arguments.value(.cap), arguments.optionalAmount(.cap)),
            window: try arguments.required(.window, arguments.optionalWindow),
            windowGoverns: try arguments.required(.windowGoverns, arguments.optionalChoice),
            conditions: arguments.optionalList(.conditions) ?? [], payers: arguments.optionalList(.payers),
            authorities: arguments.optionalList(.authorities) ?? [], section: arguments.optionalText(.section))
    }

    private static func term<Figure>(_ value: ArgumentValue?, _ figure: Figure?) -> Term<Figure> {
        value == .payersOwn ? .payersOwn : figure.map(Term.fixed) ?? .absent
    }
}
