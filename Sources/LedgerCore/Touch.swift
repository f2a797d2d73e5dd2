/// Every row that a batch may need, by the names in its commands. The store follows them: from an entry to its award,
/// from an award to its subject and fund, from a subject to its caps and party, from a fund to its years.
package struct Touch: Sendable, Hashable {
    package var tenants: Set<Int32> = []
    package var keys: Set<KeyName> = []
    package var entries: Set<SequenceName> = []
    package var awards: Set<AwardName> = []
    package var subjects: Set<SubjectName> = []
    package var parties: Set<PartyName> = []
    package var funds: Set<FundName> = []
    /// Identifiers of tenants that are to be created.
    package var newTenants: Set<String> = []
    /// Identifiers of tenants that are not in this root, if they are any at all.
    package var foreignTenants: Set<String> = []

    package init() {}

    package init(of work: some Sequence<Work>, registry: Registry) {
        for unit in work {
            for envelope in unit.envelopes { add(envelope.command, registry: registry) }
        }
    }

    private mutating func add(_ command: Command, registry: Registry) {
        if case .registration(let registration) = command, case .createTenant = registration.action {
            newTenants.insert(registration.tenant)
            return
        }
        guard let tenant = registry.tenant(command.tenant)?.number else { return }
        tenants.insert(tenant)
        switch command {
        case .posting(let posting): add(posting, of: tenant, registry: registry)
        case .registration(let registration): add(registration.action, of: tenant, registry: registry)
        }
    }

    private mutating func add(_ posting: Posting, of tenant: Int32, registry: Registry) {
        keys.insert(KeyName(tenant: tenant, key: posting.key))
        switch posting.action {
        case .setBasis(let scheme, let subject, _, _):
            add(subject: subject, of: scheme, seenFrom: tenant, registry: registry)
        case .appropriate(let fund, _, _, _), .carry(let fund, _, _, _):
            funds.insert(FundName(tenant: tenant, fund: fund))
        case .commit(let commitment):
            awards.insert(AwardName(tenant: tenant, award: commitment.award))
            funds.insert(FundName(tenant: tenant, fund: commitment.fund))
            add(subject: commitment.subject, of: commitment.scheme, seenFrom: tenant, registry: registry)
            if let party = commitment.party { add(party: party, seenFrom: tenant, registry: registry) }
        case .reschedule(let award, _, _, _), .disburse(let award, _), .release(let award, _),
            .recover(let award, _, _):
            awards.insert(AwardName(tenant: tenant, award: award))
        case .settle(let entry), .reverse(let entry), .giveBack(let entry):
            if let name = SequenceName(entry), name.tenant == tenant { entries.insert(name) }
        }
    }

    private mutating func add(_ action: RegistrationAction, of tenant: Int32, registry: Registry) {
        switch action {
        case .createTenant, .setParameters, .closePeriod: break
        case .putScheme(_, _, let terms):
            foreignTenants.formUnion((terms.payers ?? []).filter { registry.tenant($0) == nil })
        case .putParty(let facts): parties.insert(PartyName(owner: tenant, party: facts.party))
        case .openSubject(let scheme, let subject, let party, _, _):
            add(subject: subject, of: scheme, seenFrom: tenant, registry: registry)
            add(party: party, seenFrom: tenant, registry: registry)
        case .meetCondition(let scheme, let subject, _, _, _, _):
            add(subject: subject, of: scheme, seenFrom: tenant, registry: registry)
        }
    }

    private mutating func add(subject: String, of scheme: String, seenFrom tenant: Int32, registry: Registry) {
        if let name = registry.scheme(scheme, seenFrom: tenant) {
            subjects.insert(SubjectName(scheme: name, subject: subject))
        }
    }

    private mutating func add(party: String, seenFrom tenant: Int32, registry: Registry) {
        for owner in registry.lineage(of: tenant) { parties.insert(PartyName(owner: owner, party: party)) }
    }
}
