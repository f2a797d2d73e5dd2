// A principal over some schemes alone: what it sends concerns one of them, or it is refused, whether or not it exists.

extension Books {
    /// Throws NOPERM where a posting concerns another scheme than these, or none. nil: all may be touched.
    func requireReach(of posting: Posting, within schemes: Set<String>?, _ tenant: Int32) throws(Refusal) {
        guard let schemes else { return }
        guard let scheme = scheme(of: posting.action, tenant), schemes.contains(scheme) else { throw .outOfReach }
        // The name of an award under another scheme tells that it exists.
        if case .commit(let commitment) = posting.action,
            let number = awardNumbers[AwardName(tenant: tenant, award: commitment.award)],
            self.scheme(ofAward: number).map(schemes.contains) != true
        {
            throw .outOfReach
        }
    }

    /// Throws NOPERM where an entry belongs to another scheme than these, or to none.
    func requireReach(of entry: Entry, within schemes: Set<String>?) throws(Refusal) {
        guard let schemes else { return }
        guard let scheme = scheme(of: entry), schemes.contains(scheme) else { throw .outOfReach }
    }

    /// Budgets belong to no scheme.
    private func scheme(of action: PostingAction, _ tenant: Int32) -> String? {
        switch action {
        case .setBasis(let scheme, _, _, _): scheme
        case .commit(let commitment): commitment.scheme
        case .reschedule(let award, _, _, _), .disburse(let award, _), .release(let award, _),
            .recover(let award, _, _):
            awardNumbers[AwardName(tenant: tenant, award: award)].flatMap(scheme(ofAward:))
        case .settle(let entry), .reverse(let entry), .giveBack(let entry):
            SequenceName(entry).flatMap { $0.tenant == tenant ? entries[$0] : nil }.flatMap(scheme(of:))
        case .appropriate, .carry: nil
        }
    }

    private func scheme(of entry: Entry) -> String? {
        if let award = entry.award { return scheme(ofAward: award) }
        return entry.subject.flatMap { subjects[$0] }?.name.scheme.scheme
    }

    private func scheme(ofAward number: Int64) -> String? {
        awards[number].flatMap { subjects[$0.subject] }?.name.scheme.scheme
    }
}

extension Refusal {
    /// What a principal over some schemes alone is told. A budget is of all schemes together: what is left of it shows
    /// in whatever is refused, but not how much there was and who has it.
    func seen(within schemes: Set<String>?) -> Refusal {
        guard code == .budgetExceeded, schemes != nil else { return self }
        let ofTheFund: Set = ["limit", "committed", "disbursed"]
        return Refusal(code, message, fields.map { ofTheFund.contains($0.name) ? Field($0.name, .null) : $0 })
    }
}

extension RegistrationAction {
    /// The scheme that it concerns; nil for what belongs to none.
    package var scheme: String? {
        switch self {
        case .putScheme(let scheme, _, _), .setParameters(let scheme, _, _), .openSubject(let scheme, _, _, _, _),
            .meetCondition(let scheme, _, _, _, _, _):
            scheme
        case .createTenant, .putParty, .closePeriod: nil
        }
    }
}

extension Question {
    /// What of it can be told from the question alone; the store looks at awards and entries.
    package enum Concern: Sendable, Hashable {
        case scheme(String)
        case award(String)
        case entry(String)
        case entryByKey(String)
        /// A list, or figures, of which the schemes in reach are shown.
        case many
        /// What is not parted by scheme.
        case whole
    }

    package var concern: Concern {
        switch self {
        case .remaining(let scheme, _, _, _, _), .history(.subject(let scheme, _), _), .excess(let scheme?):
            .scheme(scheme)
        case .award(let award), .history(.award(let award), _): .award(award)
        case .entry(let entry): .entry(entry)
        case .entryByKey(let key): .entryByKey(key)
        case .schemes(let listing), .subjects(let listing), .awards(let listing), .parties(let listing):
            listing.scheme.map { .scheme($0) } ?? .many
        case .history(.party, _), .party, .excess(nil), .outstanding, .summary: .many
        case .budget, .journal, .trialBalance, .check, .seals: .whole
        }
    }
}
