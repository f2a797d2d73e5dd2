// What happens to an award after its commitment: rescheduled, disbursed, released, recovered.

extension Books {
    func draftReschedule(
        _ award: String, from: Int, to: Int, _ amount: Amount, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        let row = try self.award(award, tenant)
        try requireOpen(date, tenant)
        try requireOrder(date, row)
        let held = row.year(from).committed
        guard amount <= held else {
            throw .awardExceeded(row, requested: amount, available: held, what: "committed for \(from)")
        }
        let budget = budget(row.fund, to)
        guard amount <= budget.available else {
            throw .budgetExceeded(budget, fund: fundName(row.fund), requested: amount)
        }
        return Draft(
            kind: .reschedule, amount: amount,
            transfers: [
                Books.bind(fund: row.fund, from, amount).reversed,
                Books.bind(fund: row.fund, to, amount),
                Transfer(
                    debit: AccountID(row.number, .awardCommitted, year: to),
                    credit: AccountID(row.number, .awardCommitted, year: from), amount: amount),
            ], award: row.number)
    }

    func draftDisbursement(
        _ award: String, _ amount: Amount, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        let row = try self.award(award, tenant)
        try requireOpen(date, tenant)
        let (subject, terms, cap, limit) = try standing(of: row)
        try requireDate(date, inWindowOf: subject, terms, period: cap.name.period)
        try requireOrder(date, row)

        let payable = row.years.lazy.filter { $0.year <= date.year }.map(\.committed).sum()
        guard amount <= payable else {
            throw .awardExceeded(
                row, requested: amount, available: payable, what: "committed for \(date.year) and before")
        }
        try requireLimit(forPaying: amount, subject, terms, cap, limit)

        var transfers: [Transfer] = []
        for part in Books.take(amount, from: row.years.filter { $0.year <= date.year }, \.committed) {
            transfers.append(
                Transfer(
                    debit: AccountID(row.fund, .budgetDisbursed, year: part.year),
                    credit: AccountID(row.fund, .budgetCommitted, year: part.year), amount: part.amount))
            transfers.append(
                Transfer(
                    debit: AccountID(row.number, .awardDisbursed, year: part.year),
                    credit: AccountID(row.number, .awardCommitted, year: part.year), amount: part.amount))
        }
        transfers.append(
            Transfer(
                debit: AccountID(row.cap, .capDisbursed), credit: AccountID(row.cap, .capCommitted), amount: amount))
        transfers.append(
            Transfer(debit: AccountID(row.fund, .expense), credit: AccountID(row.party, .payable), amount: amount))
        return Draft(kind: .disbursement, amount: amount, transfers: transfers, award: row.number)
    }

    /// Committed money whose basis was cut since is not paid out, and an exact rate is first paid when it is met
    /// exactly. A rolling window limits commitments alone.
    private func requireLimit(
        forPaying amount: Amount, _ subject: SubjectRow, _ terms: SchemeTerms, _ cap: CapRow, _ limit: Limit
    ) throws(Refusal) {
        guard let most = limit.amount else { return }
        let paid = cap.disbursed + cap.forfeited
        if case .rolling = terms.window {
        } else if paid + amount > most {
            let payable = (most - paid).notBelowZero
            throw .capExceeded(
                subject: subject, limit: most, cap: cap, requested: amount, remaining: (most - cap.used).notBelowZero,
                reason: "at most \(payable) may still be paid under the limit of \(most), and \(amount) was to be")
        }
        if terms.rateRule == .exact, paid == .zero, cap.committed != most {
            throw .capExceeded(
                .rateMismatch, subject: subject, limit: most, cap: cap, requested: amount,
                remaining: (most - cap.used).notBelowZero,
                reason:
                    "the rate is exact: commitments of \(cap.committed) must come to \(most) before the first payment")
        }
    }

    func draftRelease(_ award: String, _ amount: Amount, _ date: Day, _ tenant: Int32) throws(Refusal) -> Draft {
        let row = try self.award(award, tenant)
        try requireOpen(date, tenant)
        try requireOrder(date, row)
        guard amount <= row.committed else {
            throw .awardExceeded(row, requested: amount, available: row.committed, what: "committed and not paid")
        }
        try Books.requireRoom(for: amount, beside: row.released, "what award \(award) has released in all")
        var transfers: [Transfer] = []
        for part in Books.take(amount, from: row.years.reversed(), \.committed) {
            transfers.append(Books.bind(fund: row.fund, part.year, part.amount).reversed)
            transfers.append(
                Transfer(
                    debit: AccountID(row.number, .awardReleased, year: part.year),
                    credit: AccountID(row.number, .awardCommitted, year: part.year), amount: part.amount))
        }
        transfers.append(
            Transfer(debit: AccountID(row.cap, .capUsed), credit: AccountID(row.cap, .capCommitted), amount: amount))
        transfers += Books.undate(row.taking(amount), row)
        return Draft(kind: .release, amount: amount, transfers: transfers, award: row.number)
    }

    func draftRecovery(
        _ award: String, _ amount: Amount, restores: Bool, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        let row = try self.award(award, tenant)
        try requireOpen(date, tenant)
        try requireOrder(date, row)
        guard amount <= row.disbursed else {
            throw .awardExceeded(row, requested: amount, available: row.disbursed, what: "paid and not recovered")
        }
        try Books.requireRoom(for: amount, beside: row.recovered, "what award \(award) has recovered in all")
        var transfers: [Transfer] = []
        for part in Books.take(amount, from: row.years.reversed(), \.disbursed) {
            if part.year == date.year {
                transfers.append(
                    Transfer(
                        debit: AccountID(row.fund, .budgetAvailable, year: part.year),
                        credit: AccountID(row.fund, .budgetDisbursed, year: part.year), amount: part.amount))
            }
            transfers.append(
                Transfer(
                    debit: AccountID(row.number, .awardRecovered, year: part.year),
                    credit: AccountID(row.number, .awardDisbursed, year: part.year), amount: part.amount))
        }
        transfers.append(
            Transfer(
                debit: AccountID(row.cap, restores ? .capUsed : .capForfeited),
                credit: AccountID(row.cap, .capDisbursed), amount: amount))
        for holder in row.holders(of: amount) {
            transfers.append(
                Transfer(
                    debit: AccountID(holder.party, .receivable), credit: AccountID(row.fund, .expense),
                    amount: holder.paid))
        }
        if restores { transfers += Books.undate(row.taking(amount), row) }
        return Draft(kind: .recovery, amount: amount, transfers: transfers, award: row.number)
    }

    // MARK: Parts

    func award(_ award: String, _ tenant: Int32) throws(Refusal) -> AwardRow {
        guard let row = awardNumbers[AwardName(tenant: tenant, award: award)].flatMap({ awards[$0] }) else {
            throw .unknownAward(award, of: id(of: tenant))
        }
        return row
    }

    func requireOrder(_ date: Day, _ award: AwardRow) throws(Refusal) {
        if date < award.latest { throw .outOfOrder(date, award: award.name.award, latest: award.latest) }
    }

    func fundName(_ number: Int64) -> String { funds[number]?.name.fund ?? String(number) }

    /// Takes an amount from the years in their order, as much of each as it holds; those that hold nothing are left
    /// out.
    private static func take(
        _ amount: Amount, from years: some Sequence<AwardRow.Year>, _ balance: (AwardRow.Year) -> Amount
    ) -> [Instalment] {
        var left = amount
        var parts: [Instalment] = []
        for year in years where left > .zero && balance(year) > .zero {
            let part = min(left, balance(year))
            parts.append(Instalment(year: year.year, amount: part))
            left -= part
        }
        return parts
    }

    static func undate(_ taken: [AwardRow.Taken], _ award: AwardRow) -> [Transfer] {
        taken.map {
            let day = award.dated[$0.ordinal - 1].day
            return date($0.amount, on: day, cap: award.cap, award: award.number, ordinal: $0.ordinal).reversed
        }
    }

    /// What was released or recovered in all, which grows with each time, is held to the maximum too.
    private static func requireRoom(for amount: Amount, beside sum: Amount, _ what: String) throws(Refusal) {
        guard sum + amount <= .maximum else { throw .tooLarge(what) }
    }
}
