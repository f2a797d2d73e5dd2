// COMMIT: what binds a cap and a budget.

/// A commitment that nothing refuses.
struct CommitmentPlan {
    var subject: SubjectRow
    var terms: SchemeTerms
    var payee: Int64
    var cap: CapName
    var amount: Amount
    var instalments: [Instalment]
}

extension Books {
    mutating func draftCommitment(
        _ commitment: Commitment, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        let plan = try plan(commitment, date, tenant)
        let fund = fundNumber(commitment.fund, of: tenant)
        if let row = awardNumbers[AwardName(tenant: tenant, award: commitment.award)].flatMap({ awards[$0] }) {
            guard row.dated.count < AccountID.mostOrdinals else {
                throw .tooLarge("the number of the award's commitments")
            }
        }
        let cap = capNumber(plan.cap)
        fixParameters(of: plan.subject.number, terms: plan.terms, payer: tenant)
        let award = awardNumber(commitment, plan, tenant: tenant, fund: fund, cap: cap, date: date)

        var transfers: [Transfer] = []
        for instalment in plan.instalments {
            transfers.append(Books.bind(fund: fund, instalment.year, instalment.amount))
            transfers.append(
                Transfer(
                    debit: AccountID(award, .awardCommitted, year: instalment.year),
                    credit: AccountID(award, .awardGranted, year: instalment.year), amount: instalment.amount))
        }
        transfers.append(
            Transfer(debit: AccountID(cap, .capCommitted), credit: AccountID(cap, .capUsed), amount: plan.amount))
        if case .rolling = plan.terms.window {
            let ordinal = (awards[award]?.dated.count ?? 0) + 1
            transfers.append(Books.date(plan.amount, on: date, cap: cap, award: award, ordinal: ordinal))
        }
        return Draft(kind: .commitment, amount: plan.amount, transfers: transfers, award: award)
    }

    /// Judges a commitment without changing anything; also what `REMAINING` asks for `would`.
    func plan(_ commitment: Commitment, _ date: Day, _ tenant: Int32) throws(Refusal) -> CommitmentPlan {
        let (name, subject, terms) = try subjectAndTerms(commitment.scheme, commitment.subject, seenFrom: tenant)
        let payee = try payee(of: commitment, subject, terms, tenant)
        let period = period(of: commitment, terms, date)
        let award = awardNumbers[AwardName(tenant: tenant, award: commitment.award)].flatMap { awards[$0] }
        if let award { try requireSame(award, commitment, subject, terms, period: period) }

        guard registry.isPayer(tenant, terms: terms, owner: name.owner) else {
            throw .notAPayer(id(of: tenant), scheme: commitment.scheme)
        }
        try requireOpen(date, tenant)
        for condition in terms.conditions {
            guard let met = subject.condition(condition), met.date <= date else {
                throw .conditionUnmet(condition, subject: commitment.subject, date: date)
            }
        }
        let limit: Limit
        do {
            limit = try self.limit(of: subject, terms: terms, payer: tenant, period: period)
        } catch {
            throw .unset(error, scheme: commitment.scheme)
        }
        try requireDate(date, inWindowOf: subject, terms, period: period)
        try requireCost(commitment.incurred, inWindowOf: subject, terms)
        if let award, date < award.latest { throw .outOfOrder(date, award: award.name.award, latest: award.latest) }

        let capName = capName(of: subject, terms: terms, payer: tenant, period: period)
        let fitted = try fit(commitment, into: limit, terms, cap(capName), subject, date, tenant)
        let instalments = try instalments(of: commitment, fitted, date, tenant)
        return CommitmentPlan(
            subject: subject, terms: terms, payee: payee, cap: capName,
            amount: instalments.lazy.map(\.amount).sum(), instalments: instalments)
    }

    // MARK: The parts of the judgement

    private func payee(
        of commitment: Commitment, _ subject: SubjectRow, _ terms: SchemeTerms, _ tenant: Int32
    ) throws(Refusal) -> Int64 {
        let number: Int64
        if let party = commitment.party {
            guard let found = partyNumber(party, seenFrom: tenant) else {
                throw .unknownParty(party, seenFrom: id(of: tenant))
            }
            number = found
        } else {
            number = subject.party
        }
        if terms.countsGroups, parties[number]?.facts.group != subject.name.subject {
            throw .invalid(
                "party",
                "party \"\(parties[number]?.facts.party ?? "")\" is no member of group \(subject.name.subject): "
                    + "name one that is"
            )
        }
        return number
    }

    private func period(of commitment: Commitment, _ terms: SchemeTerms, _ date: Day) -> Int {
        guard terms.window == .calendarYear else { return 0 }
        switch terms.windowGoverns {
        case .cost: return (commitment.incurred ?? date).year
        case .payment: return date.year
        }
    }

    private func requireSame(
        _ award: AwardRow, _ commitment: Commitment, _ subject: SubjectRow, _ terms: SchemeTerms, period: Int
    ) throws(Refusal) {
        let standing = subjects[award.subject]?.name
        let differing: String? =
            if standing?.scheme != subject.name.scheme {
                "scheme"
            } else if award.subject != subject.number {
                "subject"
            } else if funds[award.fund]?.name.fund != commitment.fund {
                "fund"
            } else if caps[award.cap]?.name.period != period {
                // The calendar year that it counts in comes from one of its days.
                terms.windowGoverns == .cost && commitment.incurred != nil ? "incurred" : "date"
            } else {
                nil
            }
        if let differing { throw .exists("award", commitment.award, differsIn: differing) }
    }

    /// Where the window governs payment, a commitment and a payment are dated inside it.
    func requireDate(_ date: Day, inWindowOf subject: SubjectRow, _ terms: SchemeTerms, period: Int) throws(Refusal) {
        guard terms.windowGoverns == .payment else { return }
        let span: Span
        switch terms.window {
        case .none, .rolling: return
        case .fromOpening(let months, _): span = .fromOpening(subject.opened, months: months)
        case .calendarYear: span = .calendarYear(period)
        }
        guard span.contains(date) else { throw .windowClosed(span, day: date, dayName: "the date") }
    }

    /// Where a window that is counted from the subject's opening governs cost, a commitment says when its cost was
    /// incurred.
    private func requireCost(_ incurred: Day?, inWindowOf subject: SubjectRow, _ terms: SchemeTerms) throws(Refusal) {
        guard terms.windowGoverns == .cost, case .fromOpening(let months, _) = terms.window else { return }
        let span = Span.fromOpening(subject.opened, months: months)
        guard let incurred else { throw .incurredMissing(span) }
        guard span.contains(incurred) else { throw .windowClosed(span, day: incurred, dayName: "the day of the cost") }
    }

    /// As much of the commitment as the cap holds: all of it, or under `fit=room` what there is room for.
    private func fit(
        _ commitment: Commitment, into limit: Limit, _ terms: SchemeTerms, _ cap: CapRow, _ subject: SubjectRow,
        _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Amount {
        var fitted = try fitUnderLimit(commitment, limit, terms, cap, subject, date)
        // However much was asked for, only what the budget holds is counted.
        if commitment.fitsRoom {
            fitted = min(fitted, budget(of: commitment.fund, year: date.year, tenant: tenant).available)
        }
        guard cap.used + fitted <= .maximum else { throw .tooLarge("what is used by the subject") }
        return fitted
    }

    private func fitUnderLimit(
        _ commitment: Commitment, _ limit: Limit, _ terms: SchemeTerms, _ cap: CapRow, _ subject: SubjectRow,
        _ date: Day
    ) throws(Refusal) -> Amount {
        guard let amount = limit.amount else { return commitment.amount }
        let room =
            if case .rolling(let months) = terms.window {
                amount - cap.dated.heaviestUse(holding: [date], months: months)
            } else {
                amount - cap.used
            }
        if commitment.amount <= room { return commitment.amount }
        if commitment.fitsRoom, room > .zero { return room }
        throw .capExceeded(
            subject: subject, limit: amount, cap: cap, requested: commitment.amount, remaining: room.notBelowZero,
            reason:
                "\(room.notBelowZero) remains of the limit of \(amount), and \(commitment.amount) was to be committed")
    }

    private func instalments(
        of commitment: Commitment, _ fitted: Amount, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> [Instalment] {
        let instalments = commitment.schedule ?? [Instalment(year: date.year, amount: fitted)]
        if commitment.fitsRoom {
            let budget = budget(of: commitment.fund, year: date.year, tenant: tenant)
            guard budget.available > .zero else {
                throw .budgetExceeded(budget, fund: commitment.fund, requested: commitment.amount)
            }
        }
        for instalment in instalments {
            let budget = budget(of: commitment.fund, year: instalment.year, tenant: tenant)
            guard instalment.amount <= budget.available else {
                throw .budgetExceeded(budget, fund: commitment.fund, requested: instalment.amount)
            }
        }
        return instalments
    }

    // MARK: The rows that a first commitment makes

    private mutating func capNumber(_ name: CapName) -> Int64 {
        if let number = capNumbers[name] { return number }
        let row = CapRow(number: takeNumber(), name: name)
        load(row)
        changes.caps.insert(row.number)
        return row.number
    }

    /// A payer's own parameters hold for a subject as they are at the payer's first commitment on it.
    private mutating func fixParameters(of subject: Int64, terms: SchemeTerms, payer: Int32) {
        guard var row = subjects[subject] else { return }
        let needsTerms = terms.limitsEachPayer && row.terms(of: payer) == nil
        guard needsTerms || !row.wasCommitted else { return }
        row.wasCommitted = true
        if needsTerms {
            let own = registry.parameters[.init(payer: payer, scheme: row.name.scheme)]
            row.payerTerms.append(SubjectRow.PayerTerms(payer: payer, rate: own?.rate, cap: own?.cap))
        }
        subjects[subject] = row
        changes.subjects.insert(subject)
    }

    private mutating func awardNumber(
        _ commitment: Commitment, _ plan: CommitmentPlan, tenant: Int32, fund: Int64, cap: Int64, date: Day
    ) -> Int64 {
        let name = AwardName(tenant: tenant, award: commitment.award)
        if let number = awardNumbers[name] {
            awards[number]?.change(payee: plan.payee)
            return number
        }
        let row = AwardRow(
            number: takeNumber(), name: name, subject: plan.subject.number, cap: cap, fund: fund, party: plan.payee,
            latest: date)
        load(row)
        changes.awards.insert(row.number)
        return row.number
    }

    /// Budget that was available becomes committed.
    static func bind(fund: Int64, _ year: Int, _ amount: Amount) -> Transfer {
        Transfer(
            debit: AccountID(fund, .budgetCommitted, year: year),
            credit: AccountID(fund, .budgetAvailable, year: year), amount: amount)
    }

    /// A commitment counts on its day, under a rolling window.
    static func date(_ amount: Amount, on day: Day, cap: Int64, award: Int64, ordinal: Int) -> Transfer {
        Transfer(
            debit: AccountID(cap, .capDated, day: day), credit: AccountID(award, .awardDated, ordinal: ordinal),
            amount: amount)
    }
}

// MARK: - Looking up

extension Books {
    /// The scheme, the subject under it, and the terms that the subject keeps.
    func subjectAndTerms(
        _ scheme: String, _ subject: String, seenFrom tenant: Int32
    ) throws(Refusal) -> (SchemeName, SubjectRow, SchemeTerms) {
        guard let name = registry.scheme(scheme, seenFrom: tenant) else {
            throw .unknownScheme(scheme, seenFrom: id(of: tenant))
        }
        guard let number = subjectNumbers[SubjectName(scheme: name, subject: subject)], let row = subjects[number],
            let terms = registry.terms(of: name, version: row.version)
        else { throw .unknownSubject(subject, of: scheme) }
        return (name, row, terms)
    }

    func partyNumber(_ party: String, seenFrom tenant: Int32) -> Int64? {
        registry.lineage(of: tenant).lazy.compactMap { partyNumbers[PartyName(owner: $0, party: party)] }.first
    }

    func requirePayerOrOwner(_ tenant: Int32, _ scheme: SchemeName, _ terms: SchemeTerms) throws(Refusal) {
        guard tenant == scheme.owner || registry.isPayer(tenant, terms: terms, owner: scheme.owner) else {
            throw .notAPayer(id(of: tenant), scheme: scheme.scheme)
        }
    }
}
