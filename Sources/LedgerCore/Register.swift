// Registrations: tenants, schemes, parameters, parties, subjects, conditions, closed periods. Each may be sent again
// with the same content.

extension Books {
    mutating func register(_ registration: Registration) throws(Refusal) -> [Field] {
        if case .createTenant(let parent, let name) = registration.action {
            return try createTenant(registration.tenant, parent: parent, name: name)
        }
        guard let tenant = registry.tenant(registration.tenant)?.number else {
            throw .unknownTenant(registration.tenant)
        }
        switch registration.action {
        case .createTenant(let parent, let name):
            return try createTenant(registration.tenant, parent: parent, name: name)
        case .putScheme(let scheme, let version, let terms):
            return try putScheme(scheme, version, terms, tenant)
        case .setParameters(let scheme, let rate, let cap):
            return try setParameters(scheme, rate, cap, tenant)
        case .putParty(let facts):
            return try putParty(facts, tenant)
        case .openSubject(let scheme, let subject, let party, let opened, let isCorrection):
            return try openSubject(scheme, subject, party, opened, isCorrection: isCorrection, tenant)
        case .meetCondition(let scheme, let subject, let condition, let date, let evidence, let isCorrection):
            return try meet(
                SubjectRow.Condition(name: condition, date: date, evidence: evidence), scheme, subject,
                isCorrection: isCorrection, tenant)
        case .closePeriod(let through):
            return closePeriod(through, tenant)
        }
    }

    private mutating func createTenant(_ id: String, parent: String?, name: String) throws(Refusal) -> [Field] {
        let fields = [
            Field("tenant", .text(id)), Field("parent", .optional(parent)), Field("name", .text(name)),
        ]
        if let standing = registry.tenant(id) {
            if standing.parent.map({ self.id(of: $0) }) != parent { throw .exists("tenant", id, differsIn: "parent") }
            if standing.name != name { throw .exists("tenant", id, differsIn: "name") }
            return fields
        }
        if foreignTenants.contains(id) { throw .exists("tenant", id, differsIn: "parent") }
        var above: Int32?
        if let parent {
            guard let found = registry.tenant(parent)?.number else {
                throw .notFound("parent", parent, "make it with TENANT.CREATE first, or correct its name")
            }
            above = found
        }
        let number = nextTenant
        nextTenant += 1
        if above == nil { registry.root = number }
        registry.add(Registry.Tenant(number: number, id: id, parent: above, name: name))
        changes.tenants.append(number)
        return fields + [.created]
    }

    private mutating func putScheme(
        _ scheme: String, _ version: Int, _ terms: SchemeTerms, _ tenant: Int32
    ) throws(Refusal) -> [Field] {
        let name = SchemeName(owner: tenant, scheme: scheme)
        for payer in terms.payers ?? [] {
            guard registry.tenant(payer) != nil || foreignTenants.contains(payer) else {
                throw .notFound("payers", payer, "every payer is a tenant that exists")
            }
            guard let found = registry.tenant(payer)?.number, registry.isWithin(found, tenant) else {
                throw .invalid("payers", "payer \"\(payer)\" is neither \(id(of: tenant)) nor a tenant below it")
            }
        }
        let fields = [Field("scheme", .text(scheme)), Field("version", .number(Int64(version)))]
        if let standing = registry.terms(of: name, version: version) {
            if let argument = standing.firstDifference(from: terms) {
                throw .exists("version \(version) of scheme", scheme, differsIn: argument)
            }
            return fields
        }
        let next = registry.newestVersion(of: name) + 1
        guard version == next else {
            throw .invalid("version", "the next version of scheme \"\(scheme)\" is \(next), not \(version)")
        }
        registry.schemes[name, default: []].append(terms)
        changes.schemes.append(.init(name: name, version: version))
        return fields + [.created]
    }

    private mutating func setParameters(
        _ scheme: String, _ rate: Rate?, _ cap: Amount?, _ tenant: Int32
    ) throws(Refusal) -> [Field] {
        guard let name = registry.scheme(scheme, seenFrom: tenant),
            let terms = registry.terms(of: name, version: registry.newestVersion(of: name))
        else { throw .unknownScheme(scheme, seenFrom: id(of: tenant)) }
        // A subject keeps the version under which it was opened, and may need what the newest one leaves to nobody.
        let versions = registry.schemes[name] ?? []
        if rate != nil, !versions.contains(where: \.rate.isPayersOwn) {
            throw .invalid("rate", "scheme \(scheme) does not leave its rate to the payer: leave rate= out")
        }
        if cap != nil, !versions.contains(where: \.cap.isPayersOwn) {
            throw .invalid("cap", "scheme \(scheme) does not leave its cap to the payer: leave cap= out")
        }
        guard registry.isPayer(tenant, terms: terms, owner: name.owner) else {
            throw .notAPayer(id(of: tenant), scheme: scheme)
        }
        let parameter = Registry.ParameterName(payer: tenant, scheme: name)
        var own = registry.parameters[parameter] ?? Registry.Parameters()
        own.rate = rate ?? own.rate
        own.cap = cap ?? own.cap
        if registry.parameters[parameter] != own {
            registry.parameters[parameter] = own
            changes.parameters.insert(parameter)
        }
        return [
            Field("scheme", .text(scheme)), Field("rate", .optional(own.rate?.percent)),
            Field("cap", .optional(own.cap)),
        ]
    }

    private mutating func putParty(_ facts: PartyFacts, _ tenant: Int32) throws(Refusal) -> [Field] {
        let fields = [
            Field("party", .text(facts.party)), Field("kind", .text(facts.kind)), Field("name", .text(facts.name)),
        ]
        guard let number = partyNumbers[PartyName(owner: tenant, party: facts.party)], var row = parties[number] else {
            let row = PartyRow(number: takeNumber(), owner: tenant, facts: facts)
            load(row)
            changes.parties.insert(row.number)
            return fields + [.created]
        }
        if row.facts.kind != facts.kind { throw .exists("party", facts.party, differsIn: "kind") }
        if let code = facts.creditCode, row.facts.creditCode != code {
            throw .exists("party", facts.party, differsIn: "uscc")
        }
        var replaced = facts
        replaced.creditCode = row.facts.creditCode
        if row.facts != replaced {
            row.facts = replaced
            parties[number] = row
            changes.parties.insert(number)
        }
        return fields
    }

    private mutating func openSubject(
        _ scheme: String, _ subject: String, _ party: String, _ opened: Day, isCorrection: Bool, _ tenant: Int32
    ) throws(Refusal) -> [Field] {
        guard let name = registry.scheme(scheme, seenFrom: tenant) else {
            throw .unknownScheme(scheme, seenFrom: id(of: tenant))
        }
        guard let holder = partyNumber(party, seenFrom: tenant) else {
            throw .unknownParty(party, seenFrom: id(of: tenant))
        }
        let subjectName = SubjectName(scheme: name, subject: subject)
        let standing = subjectNumbers[subjectName].flatMap { subjects[$0] }
        let version = standing?.version ?? registry.newestVersion(of: name)
        guard let terms = registry.terms(of: name, version: version) else {
            throw .unknownScheme(scheme, seenFrom: id(of: tenant))
        }
        if let standing {
            let differing = standing.party != holder ? "party" : standing.opened != opened ? "opened" : nil
            if let differing, !isCorrection || standing.wasCommitted {
                throw .exists("subject", subject, differsIn: differing)
            }
        }
        let stands = standing?.party == holder && standing?.opened == opened
        if terms.countsGroups, !stands, parties[holder]?.facts.group != subject {
            throw .invalid("party", "party \"\(party)\" is no member of group \"\(subject)\", which the subject is")
        }
        try requirePayerOrOwner(tenant, name, terms)

        var row =
            standing
            ?? SubjectRow(number: takeNumber(), name: subjectName, version: version, party: holder, opened: opened)
        if !stands {
            row.party = holder
            row.opened = opened
            load(row)
            changes.subjects.insert(row.number)
        }
        return [
            Field("scheme", .text(scheme)), Field("subject", .text(subject)), Field("version", .number(Int64(version))),
            Field("party", .text(party)), Field("opened", .day(opened)),
        ] + (standing == nil ? [.created] : [])
    }

    private mutating func meet(
        _ condition: SubjectRow.Condition, _ scheme: String, _ subject: String, isCorrection: Bool, _ tenant: Int32
    ) throws(Refusal) -> [Field] {
        var (name, row, terms) = try subjectAndTerms(scheme, subject, seenFrom: tenant)
        guard terms.conditions.contains(condition.name) else {
            let known = terms.conditions.isEmpty ? "it has none" : "it has \(terms.conditions.joined(separator: ", "))"
            throw .invalid("condition", "scheme \(scheme) has no condition \"\(condition.name)\": \(known)")
        }
        if let standing = row.condition(condition.name), standing != condition, !isCorrection || row.wasCommitted {
            throw .exists(
                "condition", condition.name, differsIn: standing.date != condition.date ? "date" : "evidence")
        }
        try requirePayerOrOwner(tenant, name, terms)
        if row.condition(condition.name) != condition {
            row.conditions.removeAll { $0.name == condition.name }
            row.conditions.append(condition)
            load(row)
            changes.subjects.insert(row.number)
        }
        return [
            Field("scheme", .text(scheme)), Field("subject", .text(subject)),
            Field("condition", .text(condition.name)), Field("date", .day(condition.date)),
        ]
    }

    private mutating func closePeriod(_ through: Day, _ tenant: Int32) -> [Field] {
        var head = heads[tenant] ?? .empty
        if head.closedThrough.map({ $0 < through }) ?? true {
            head.closedThrough = through
            heads[tenant] = head
            changes.heads.insert(tenant)
        }
        return [Field("through", .day(head.closedThrough ?? through))]
    }
}

extension Field {
    /// Said by a registration that made something; one that found it standing leaves it out.
    fileprivate static let created = Field("created", .flag(true))
}

extension SchemeTerms {
    /// The first argument of `SCHEME.PUT` in which other terms differ; nil where they are the same.
    func firstDifference(from other: SchemeTerms) -> String? {
        let pairs: [(String, Bool)] = [
            ("name", name == other.name), ("subject-kind", subjectKind == other.subjectKind),
            ("rate", rate == other.rate), ("rate-rule", rateRule == other.rateRule), ("cap", cap == other.cap),
            ("window", window == other.window), ("window-governs", windowGoverns == other.windowGoverns),
            ("conditions", conditions == other.conditions), ("payers", payers == other.payers),
            ("authorities", authorities == other.authorities), ("section", section == other.section),
        ]
        return pairs.first { !$0.1 }?.0
    }
}
