// SETTLE, REVERSE and RETURN: what is said of an entry that stands.

extension Books {
    func draftSettlement(_ entry: String, _ date: Day, _ tenant: Int32) throws(Refusal) -> Draft {
        let found = try self.entry(entry, tenant)
        let owed = found.transfers.filter { $0.payment != nil }
        guard found.kind == .disbursement || found.kind == .recovery, let party = owed.first?.payment?.party else {
            throw .invalid("entry", "entry \(entry) is a \(found.kind.verb): only a DISBURSE or a RECOVER is settled")
        }
        try requireUntouched(entry, found)
        try requireOpen(date, tenant)
        try requireNotBefore(found, date)
        return Draft(
            kind: .settlement, amount: found.amount, transfers: owed.map(Books.settle), award: found.award,
            party: party, target: found.sequence)
    }

    /// The bank has carried out a transfer between an expense and what was payable or receivable.
    private static func settle(_ owed: Transfer) -> Transfer {
        owed.credit.slot == .payable
            ? Transfer(debit: owed.credit, credit: AccountID(owed.debit.owner, .cash), amount: owed.amount)
            : Transfer(debit: AccountID(owed.credit.owner, .cash), credit: owed.debit, amount: owed.amount)
    }

    func draftReversal(_ entry: String, _ date: Day, _ tenant: Int32) throws(Refusal) -> Draft {
        let found = try self.entry(entry, tenant)
        guard ![.reversal, .bounce, .basis].contains(found.kind) else {
            throw .invalid(
                "entry", "entry \(entry) is a \(found.kind.verb), which is not reversed: post what is right instead")
        }
        try requireUntouched(entry, found)
        try requireOpen(date, tenant)
        try requireNotBefore(found, date)
        var transfers = found.transfers.map(\.reversed)
        if found.kind != .settlement, let number = found.award, let award = awards[number] {
            try requireOrder(date, award)
            if found.kind == .commitment, let own = transfers.first(where: { $0.debit.slot == .awardDated }) {
                transfers.removeAll { $0.debit.slot == .awardDated }
                transfers += Books.undate(award.taking(found.amount, from: own.debit.ordinal), award)
            }
            try requireYears(of: award, for: transfers, found.amount)
            try requireCap(of: award, for: transfers, found.amount)
        }
        try requireBudgets(for: transfers)
        return Draft(
            kind: .reversal, amount: found.amount, transfers: transfers, award: found.award, party: found.party,
            target: found.sequence)
    }

    /// Undoes a disbursement and its settlement at once: the money is back, and the same years of the award hold it
    /// again.
    func draftReturn(_ entry: String, _ date: Day, _ tenant: Int32) throws(Refusal) -> Draft {
        let found = try self.entry(entry, tenant)
        guard found.kind == .disbursement else {
            throw .invalid("entry", "entry \(entry) is a \(found.kind.verb): only a DISBURSE is returned")
        }
        let mark = marks[found.name] ?? Mark()
        if mark.reversedBy != nil { try requireUntouched(entry, found) }
        guard let settledBy = mark.settledBy,
            let settlement = entries[SequenceName(tenant: tenant, sequence: settledBy)]
        else {
            throw .invalid("entry", "entry \(entry) is not settled, so no money can come back: REVERSE it instead")
        }
        try requireOpen(date, tenant)
        try requireNotBefore(settlement, date)
        let transfers = (settlement.transfers + found.transfers).map(\.reversed)
        if let number = found.award, let award = awards[number] {
            try requireOrder(date, award)
            try requireYears(of: award, for: transfers, found.amount)
            try requireCap(of: award, for: transfers, found.amount)
        }
        return Draft(
            kind: .bounce, amount: found.amount, transfers: transfers, award: found.award, target: found.sequence)
    }

    // MARK: Parts

    private func entry(_ entry: String, _ tenant: Int32) throws(Refusal) -> Entry {
        guard let name = SequenceName(entry), name.tenant == tenant, let found = entries[name] else {
            throw .unknownEntry(entry, of: id(of: tenant))
        }
        return found
    }

    private func requireUntouched(_ entry: String, _ found: Entry) throws(Refusal) {
        let mark = marks[found.name] ?? Mark()
        if let sequence = mark.reversedBy {
            let by = SequenceName(tenant: found.tenant, sequence: sequence).text
            throw Refusal(.alreadyReversed, "entry \(entry) was reversed by \(by)", [Field("by", .text(by))])
        }
        if let sequence = mark.settledBy {
            let by = SequenceName(tenant: found.tenant, sequence: sequence).text
            throw Refusal(
                .alreadySettled, "entry \(entry) was settled by \(by): reverse that first", [Field("by", .text(by))])
        }
    }

    private func requireNotBefore(_ found: Entry, _ date: Day) throws(Refusal) {
        if date < found.date {
            throw .invalid("date", "\(date) is before entry \(found.name.text), which is dated \(found.date)")
        }
    }

    /// The years of the award must still hold the money that a reversal takes from them.
    private func requireYears(of award: AwardRow, for transfers: [Transfer], _ amount: Amount) throws(Refusal) {
        var short = Amount.zero
        for (account, change) in Books.changes(of: transfers) where account.owner == award.number {
            let year = award.year(account.year)
            let held =
                switch account.slot {
                case .awardCommitted: year.committed
                case .awardDisbursed: year.disbursed
                default: Amount.maximum
                }
            short += (-change - held).notBelowZero
        }
        guard short == .zero else {
            throw .awardExceeded(
                award, requested: amount, available: (amount - short).notBelowZero, what: "left of it in the same years"
            )
        }
    }

    /// What a reversal counts again must fit under the cap; under a rolling window, in every window that holds it.
    private func requireCap(of award: AwardRow, for transfers: [Transfer], _ amount: Amount) throws(Refusal) {
        let (subject, terms, cap, limit) = try standing(of: award)
        let changes = Books.changes(of: transfers).filter { $0.0.owner == cap.number }
        let added = changes.lazy.filter { $0.0.slot != .capUsed && $0.0.slot != .capDated }.map(\.1).sum()
        guard let most = limit.amount else { return try requireRoom(for: added, in: cap) }
        let room: Amount
        if case .rolling(let months) = terms.window {
            let restored = changes.filter { $0.0.slot == .capDated && $0.1 > .zero }
            guard !restored.isEmpty else { return try requireRoom(for: added, in: cap) }
            var dated = cap.dated
            for (account, change) in restored { dated.add(change, on: account.day) }
            let heaviest = dated.heaviestUse(holding: restored.map(\.0.day), months: months)
            room = most - heaviest + amount
        } else {
            guard added > .zero else { return }
            room = most - cap.used
        }
        guard amount <= room else {
            throw .capExceeded(
                subject: subject, limit: most, cap: cap, requested: amount, remaining: room.notBelowZero,
                reason:
                    "\(room.notBelowZero) remains of the limit of \(most), and the reversal would use \(amount) again")
        }
        try requireRoom(for: added, in: cap)
    }

    private func requireRoom(for added: Amount, in cap: CapRow) throws(Refusal) {
        guard cap.used + added <= .maximum else { throw .tooLarge("what is used by the subject") }
    }

    /// No year's budget may go below zero.
    private func requireBudgets(for transfers: [Transfer]) throws(Refusal) {
        let changes = Books.changes(of: transfers).filter { $0.0.slot == .budgetAvailable }
        for (account, change) in changes.sorted(by: { $0.0.year < $1.0.year }) {
            let budget = budget(account.owner, account.year)
            if change < .zero, budget.available + change < .zero {
                throw .budgetExceeded(budget, fund: fundName(account.owner), requested: -change)
            }
        }
        for (account, change) in Books.changes(of: transfers) where account.slot == .budgetAppropriated {
            let budget = budget(account.owner, account.year)
            guard budget.appropriated - change <= .maximum else {
                throw .tooLarge("the \(account.year) budget of fund \(fundName(account.owner))")
            }
        }
    }

    /// What transfers change in all, account by account: debits above zero, credits below; in the order of the
    /// accounts.
    private static func changes(of transfers: [Transfer]) -> [(AccountID, Amount)] {
        var changes: [AccountID: Amount] = [:]
        changes.reserveCapacity(transfers.count * 2)
        for transfer in transfers {
            changes[transfer.debit, default: .zero] += transfer.amount
            changes[transfer.credit, default: .zero] -= transfer.amount
        }
        return changes.map { ($0.key, $0.value) }.sorted { $0.0.raw < $1.0.raw }
    }
}
