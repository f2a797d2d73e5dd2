/// The registers: tenants, schemes, parties, subjects, parameters, conditions and closed periods.
extension ReferenceBooks {
    /// Performs a registry verb; false where the verb is none.
    mutating func register(_ arguments: ModelArguments) throws(ModelRefusal) -> Bool {
        switch arguments.verb {
        case "TENANT.CREATE": try createTenant(arguments)
        case "SCHEME.PUT": try putScheme(arguments)
        case "SCHEME.SET": try setParameter(arguments)
        case "PARTY.PUT": try putParty(arguments)
        case "SUBJECT.OPEN": try openSubject(arguments)
        case "CONDITION.MEET": try meetCondition(arguments)
        case "PERIOD.CLOSE":
            try requireTenant(arguments.tenant)
            let through = arguments.date("through") ?? arguments.date
            closed[arguments.tenant] = max(through, closed[arguments.tenant] ?? through)
        default: return false
        }
        return true
    }

    private mutating func createTenant(_ arguments: ModelArguments) throws(ModelRefusal) {
        let parent = arguments.text("parent")
        if let parent { try requireTenant(parent) }
        if let standing = tenants[arguments.tenant] {
            guard standing.parent == parent, standing.name == arguments.id("name") else { throw .exists }
        }
        tenants[arguments.tenant] = ModelTenant(parent: parent, name: arguments.id("name"))
    }

    private mutating func putScheme(_ arguments: ModelArguments) throws(ModelRefusal) {
        try requireTenant(arguments.tenant)
        let payers = (arguments.list("payers") ?? []).filter { $0 != "*" }
        for payer in payers { try requireTenant(payer) }
        for payer in payers where !path(payer).contains(arguments.tenant) { throw .invalid("payers") }
        let ref = ModelSchemeRef(owner: arguments.tenant, scheme: arguments.id("scheme"))
        let versions = schemes[ref] ?? []
        let version = arguments.number("version") ?? 0
        if version <= versions.count {
            guard arguments.firstDifference(from: versions[version - 1].content) == nil else { throw .exists }
        } else if version == versions.count + 1 {
            schemes[ref, default: []].append(ModelScheme(content: arguments))
        } else {
            throw .invalid("version")
        }
    }

    private mutating func setParameter(_ arguments: ModelArguments) throws(ModelRefusal) {
        let (ref, scheme) = try findScheme(arguments)
        if arguments.has("rate") && !scheme.hasOwnRate { throw .invalid("rate") }
        if arguments.has("cap") && !scheme.hasOwnCap { throw .invalid("cap") }
        guard isPayer(arguments.tenant, scheme, owner: ref.owner) else { throw .notAPayer }
        settings.append(
            ModelParameterSetting(
                scheme: ref, tenant: arguments.tenant, entriesBefore: entries.count, rate: arguments.rate("rate"),
                cap: arguments.money("cap")))
    }

    private mutating func putParty(_ arguments: ModelArguments) throws(ModelRefusal) {
        try requireTenant(arguments.tenant)
        let ref = ModelPartyRef(tenant: arguments.tenant, party: arguments.id("party"))
        let uscc = arguments.text("uscc") ?? parties[ref]?.uscc
        if let standing = parties[ref] {
            guard standing.kind == arguments.id("kind"), standing.uscc == uscc else { throw .exists }
        }
        parties[ref] = ModelParty(kind: arguments.id("kind"), uscc: uscc, group: arguments.text("group"))
    }

    private mutating func openSubject(_ arguments: ModelArguments) throws(ModelRefusal) {
        let (ref, newest) = try findScheme(arguments)
        let party = try findParty(arguments.id("party"), from: arguments.tenant)
        let opened = arguments.date("opened") ?? arguments.date
        let subjectRef = ModelSubjectRef(scheme: ref, subject: arguments.id("subject"))
        let standing = subjects[subjectRef]
        let isSame = standing?.party == party && standing?.opened == opened
        if standing != nil && !isSame { try requireCorrectable(arguments, subjectRef) }
        let scheme = standing?.scheme ?? newest
        if scheme.isOfGroups && !isSame && parties[party]?.group != subjectRef.subject { throw .invalid("party") }
        try requirePayerOrOwner(arguments.tenant, scheme, owner: ref.owner)
        subjects[subjectRef] = ModelSubject(
            scheme: scheme, party: party, opened: opened, conditions: standing?.conditions ?? [:])
    }

    private mutating func meetCondition(_ arguments: ModelArguments) throws(ModelRefusal) {
        let (ref, subject) = try findSubject(arguments)
        let name = arguments.id("condition")
        guard subject.scheme.conditions.contains(name) else { throw .invalid("condition") }
        let condition = ModelCondition(date: arguments.date, evidence: arguments.text("evidence"))
        if let standing = subject.conditions[name], standing != condition { try requireCorrectable(arguments, ref) }
        try requirePayerOrOwner(arguments.tenant, subject.scheme, owner: ref.scheme.owner)
        subjects[ref]?.conditions[name] = condition
    }

    /// Other facts than those that stand need `correct=yes`, and a subject on which nothing was ever committed.
    private func requireCorrectable(
        _ arguments: ModelArguments, _ subject: ModelSubjectRef
    ) throws(ModelRefusal) {
        let wasCommitted = entries(subject: subject).contains { $0.verb == "COMMIT" }
        guard arguments.has("correct"), !wasCommitted else { throw .exists }
    }

    // MARK: finding

    /// The tenant and its ancestors, nearest first.
    func path(_ tenant: String) -> [String] {
        var path: [String] = []
        var next: String? = tenant
        while let tenant = next, let facts = tenants[tenant] {
            path.append(tenant)
            next = facts.parent
        }
        return path
    }

    func requireTenant(_ tenant: String) throws(ModelRefusal) {
        guard tenants[tenant] != nil else { throw .notFound }
    }

    /// The scheme of that id which the tenant or its nearest ancestor owns, in its newest version.
    func findScheme(_ arguments: ModelArguments) throws(ModelRefusal) -> (ModelSchemeRef, ModelScheme) {
        for owner in path(arguments.tenant) {
            let ref = ModelSchemeRef(owner: owner, scheme: arguments.id("scheme"))
            if let newest = schemes[ref]?.last { return (ref, newest) }
        }
        throw .notFound
    }

    func findSubject(_ arguments: ModelArguments) throws(ModelRefusal) -> (ModelSubjectRef, ModelSubject) {
        let ref = ModelSubjectRef(scheme: try findScheme(arguments).0, subject: arguments.id("subject"))
        guard let subject = subjects[ref] else { throw .notFound }
        return (ref, subject)
    }

    func findParty(_ party: String, from tenant: String) throws(ModelRefusal) -> ModelPartyRef {
        for owner in path(tenant) {
            let ref = ModelPartyRef(tenant: owner, party: party)
            if parties[ref] != nil { return ref }
        }
        throw .notFound
    }

    func isPayer(_ tenant: String, _ scheme: ModelScheme, owner: String) -> Bool {
        let payers = scheme.content.list("payers") ?? ["*"]
        return payers == ["*"] ? path(tenant).contains(owner) : payers.contains(tenant)
    }

    func requirePayerOrOwner(_ tenant: String, _ scheme: ModelScheme, owner: String) throws(ModelRefusal) {
        guard tenant == owner || isPayer(tenant, scheme, owner: owner) else { throw .notAPayer }
    }
}
