/// Decides a batch over the books: deterministic, without clock, identifiers of its own or I/O, so that a batch whose
/// transaction failed is simply loaded and decided again.
///
/// Returns one verdict for each unit of work, in order; each sees what those before it have posted. What is to be
/// written stands in `books.changes` afterwards. A refusal changes nothing.
package func decide(_ work: [Work], over books: inout Books, at now: Moment) -> [Verdict] {
    work.map { unit in
        switch unit {
        case .single(let envelope): .one(books.decide(envelope, at: now))
        case .group(let envelopes): books.decideAll(envelopes, at: now)
        }
    }
}

extension Books {
    mutating func decideAll(_ envelopes: [Envelope], at now: Moment) -> Verdict {
        let before = self
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(envelopes.count)
        for (index, envelope) in envelopes.enumerated() {
            let outcome = decide(envelope, at: now)
            if let refusal = outcome.refusal {
                self = before
                return .aborted(index: index, refusal)
            }
            outcomes.append(outcome)
        }
        return .all(outcomes)
    }

    mutating func decide(_ envelope: Envelope, at now: Moment) -> Outcome {
        do throws(Refusal) {
            switch envelope.command {
            case .posting(let posting):
                return .posted(try post(posting, from: envelope, at: now))
            case .registration(let registration):
                return .answered(try register(registration))
            }
        } catch {
            return .refused(error.seen(within: envelope.schemes))
        }
    }

    private mutating func post(
        _ posting: Posting, from envelope: Envelope, at now: Moment
    ) throws(Refusal) -> Receipt {
        guard let tenant = registry.tenant(posting.tenant)?.number else { throw .unknownTenant(posting.tenant) }
        try requireReach(of: posting, within: envelope.schemes, tenant)
        if let first = try firstReply(to: posting, of: tenant, within: envelope.schemes) { return first }
        guard posting.isDryRun else { return try record(posting, of: tenant, principal: envelope.principal, at: now) }
        let before = self
        defer { self = before }
        var receipt = try record(posting, of: tenant, principal: envelope.principal, at: now)
        receipt.entry = nil
        return receipt
    }

    /// The reply that a used key got when it was posted, or a conflict where the content is another.
    private func firstReply(
        to posting: Posting, of tenant: Int32, within schemes: Set<String>?
    ) throws(Refusal) -> Receipt? {
        guard let sequence = keys[KeyName(tenant: tenant, key: posting.key)],
            let entry = entries[SequenceName(tenant: tenant, sequence: sequence)]
        else { return nil }
        try requireReach(of: entry, within: schemes)
        if let argument = posting.content.firstDifference(from: entry.content, payee: subjectsParty(of: entry)) {
            throw .keyConflict(posting.key, entry: entry.name, argument: argument)
        }
        var receipt = entry.receipt
        receipt.isReplay = true
        if posting.isDryRun { receipt.entry = nil }
        return receipt
    }

    /// Who is paid where a commitment names nobody.
    private func subjectsParty(of entry: Entry) -> String? {
        entry.award.flatMap { awards[$0] }.flatMap { subjects[$0.subject] }.flatMap { parties[$0.party] }?.facts.party
    }

    /// Judges a posting and, where nothing refuses it, puts its entry on the books.
    private mutating func record(
        _ posting: Posting, of tenant: Int32, principal: String, at now: Moment
    ) throws(Refusal) -> Receipt {
        let draft = try draft(posting, of: tenant)
        for transfer in draft.transfers { apply(transfer) }
        var head = heads[tenant] ?? .empty
        head.lastSequence += 1
        heads[tenant] = head
        changes.heads.insert(tenant)

        var entry = Entry(
            tenant: tenant, sequence: head.lastSequence, kind: draft.kind, key: posting.key, date: posting.date,
            postedAt: now, amount: draft.amount, principal: principal, content: posting.content, award: draft.award,
            subject: draft.subject, party: draft.party, target: draft.target, transfers: draft.transfers)
        if let number = draft.award, !draft.isSettlement {
            note(draft.transfers, on: number, dated: posting.date)
            entry.standing = try standing(ofAward: number, on: posting.date)
        }
        if let basis = draft.basis { set(basis, by: entry) }
        if let target = draft.target { mark(target, by: entry) }
        put(entry)
        changes.entries.append(entry)
        return entry.receipt
    }

    /// What an entry of its own changes on an award beside its balances.
    private mutating func note(_ transfers: [Transfer], on number: Int64, dated date: Day) {
        awards[number]?.latest = date
        changes.awards.insert(number)
        guard awards[number]?.formerPayees.isEmpty == false else { return }
        for payment in transfers.compactMap(\.payment) { awards[number]?.add(payment.amount, paidTo: payment.party) }
    }

    private func standing(ofAward number: Int64, on day: Day) throws(Refusal) -> Receipt.Standing? {
        guard let award = awards[number] else { return nil }
        let (_, terms, cap, limit) = try standing(of: award)
        return Receipt.Standing(
            award: award.name.award, committed: award.committed, disbursed: award.disbursed,
            remaining: remaining(of: limit, terms: terms, cap: cap, on: day))
    }

    private mutating func set(_ basis: SubjectRow.Basis, by entry: Entry) {
        guard let number = entry.subject, var row = subjects[number] else { return }
        row.bases.removeAll { $0.period == basis.period }
        row.bases.append(basis)
        subjects[number] = row
        changes.subjects.insert(number)
        changes.bases.append(
            BasisRow(
                subject: number, period: basis.period, order: takeNumber(), date: entry.date, amount: basis.amount,
                tenant: entry.tenant, sequence: entry.sequence))
    }

    /// Notes on `target` that `entry` settled, reversed or returned it. A reversed settlement leaves its own target
    /// unsettled; one that was returned is reversed with its target, which stays settled.
    private mutating func mark(_ target: Int64, by entry: Entry) {
        let name = SequenceName(tenant: entry.tenant, sequence: target)
        if entry.kind == .settlement {
            marks[name, default: Mark()].settledBy = entry.sequence
        } else {
            marks[name, default: Mark()].reversedBy = entry.sequence
            if entry.kind == .bounce, let settledBy = marks[name]?.settledBy {
                let settlement = SequenceName(tenant: entry.tenant, sequence: settledBy)
                marks[settlement, default: Mark()].reversedBy = entry.sequence
                changes.marks.insert(settlement)
            }
            if let reversed = entries[name], reversed.kind == .settlement, let settled = reversed.target {
                let settledName = SequenceName(tenant: entry.tenant, sequence: settled)
                marks[settledName, default: Mark()].settledBy = nil
                changes.marks.insert(settledName)
            }
        }
        changes.marks.insert(name)
    }
}

/// What a posting that is not refused will put on the books.
struct Draft {
    var kind: EntryKind
    var amount: Amount
    var transfers: [Transfer] = []
    var award: Int64?
    var subject: Int64?
    var party: Int64?
    var target: Int64?
    var basis: SubjectRow.Basis?

    /// A settlement, or the reversal of one: it tells of an award's entry, and is none of the award's own.
    var isSettlement: Bool { party != nil }
}

extension Books {
    /// Judges a posting in the one order of the errors; rows that a commitment makes are made once nothing refuses it.
    private mutating func draft(_ posting: Posting, of tenant: Int32) throws(Refusal) -> Draft {
        let date = posting.date
        switch posting.action {
        case .setBasis(let scheme, let subject, let amount, let period):
            return try draftBasis(scheme, subject, amount, period, date, tenant)
        case .appropriate(let fund, let year, let amount, let isCut):
            return try draftAppropriation(fund, year, amount, isCut: isCut, date, tenant)
        case .carry(let fund, let from, let to, let amount):
            return try draftCarry(fund, from: from, to: to, amount, date, tenant)
        case .commit(let commitment):
            return try draftCommitment(commitment, date, tenant)
        case .reschedule(let award, let from, let to, let amount):
            return try draftReschedule(award, from: from, to: to, amount, date, tenant)
        case .disburse(let award, let amount):
            return try draftDisbursement(award, amount, date, tenant)
        case .release(let award, let amount):
            return try draftRelease(award, amount, date, tenant)
        case .recover(let award, let amount, let restores):
            return try draftRecovery(award, amount, restores: restores, date, tenant)
        case .settle(let entry):
            return try draftSettlement(entry, date, tenant)
        case .reverse(let entry):
            return try draftReversal(entry, date, tenant)
        case .giveBack(let entry):
            return try draftReturn(entry, date, tenant)
        }
    }

    func requireOpen(_ date: Day, _ tenant: Int32) throws(Refusal) {
        if let through = heads[tenant]?.closedThrough, date <= through {
            throw .periodClosed(date, through: through)
        }
    }

    func id(of tenant: Int32) -> String { registry.tenants[tenant]?.id ?? String(tenant) }
}
