// Appropriations and carried budget, and the basis of a subject.

extension Books {
    func draftBasis(
        _ scheme: String, _ subject: String, _ amount: Amount, _ period: Int?, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        let (name, row, terms) = try subjectAndTerms(scheme, subject, seenFrom: tenant)
        switch (terms.window, period) {
        case (.calendarYear, nil):
            throw .missing(
                "period",
                "scheme \(scheme) counts each calendar year by itself: say with period= for which year the basis is")
        case (.none, _?), (.fromOpening, _?), (.rolling, _?):
            throw .invalid("period", "scheme \(scheme) does not count calendar years: leave period= out")
        case (.calendarYear, _?), (.none, nil), (.fromOpening, nil), (.rolling, nil): break
        }
        try requirePayerOrOwner(tenant, name, terms)
        try requireOpen(date, tenant)
        return Draft(
            kind: .basis, amount: amount, subject: row.number,
            basis: SubjectRow.Basis(period: period ?? 0, amount: amount))
    }

    mutating func draftAppropriation(
        _ fund: String, _ year: Int, _ amount: Amount, isCut: Bool, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        try requireOpen(date, tenant)
        let budget = budget(of: fund, year: year, tenant: tenant)
        if isCut {
            guard amount <= budget.available else { throw .budgetExceeded(budget, fund: fund, requested: amount) }
        } else {
            guard budget.appropriated + amount <= .maximum else {
                throw .tooLarge("the \(year) budget of fund \(fund)")
            }
        }
        let number = fundNumber(fund, of: tenant)
        let added = Books.appropriation(number, year, amount)
        return Draft(kind: .appropriation, amount: amount, transfers: [isCut ? added.reversed : added])
    }

    mutating func draftCarry(
        _ fund: String, from: Int, to: Int, _ amount: Amount, _ date: Day, _ tenant: Int32
    ) throws(Refusal) -> Draft {
        try requireOpen(date, tenant)
        let source = budget(of: fund, year: from, tenant: tenant)
        guard amount <= source.available else { throw .budgetExceeded(source, fund: fund, requested: amount) }
        guard budget(of: fund, year: to, tenant: tenant).appropriated + amount <= .maximum else {
            throw .tooLarge("the \(to) budget of fund \(fund)")
        }
        let number = fundNumber(fund, of: tenant)
        return Draft(
            kind: .carry, amount: amount,
            transfers: [Books.appropriation(number, from, amount).reversed, Books.appropriation(number, to, amount)])
    }

    private static func appropriation(_ fund: Int64, _ year: Int, _ amount: Amount) -> Transfer {
        Transfer(
            debit: AccountID(fund, .budgetAvailable, year: year),
            credit: AccountID(fund, .budgetAppropriated, year: year), amount: amount)
    }

    // MARK: Funds and years

    func budget(of fund: String, year: Int, tenant: Int32) -> BudgetRow {
        let number = fundNumbers[FundName(tenant: tenant, fund: fund)] ?? 0
        return budget(number, year)
    }

    func budget(_ fund: Int64, _ year: Int) -> BudgetRow {
        let name = BudgetName(fund: fund, year: year)
        return budgets[name] ?? BudgetRow(name: name)
    }

    /// The fund's number; a fund is made by its first posting.
    mutating func fundNumber(_ fund: String, of tenant: Int32) -> Int64 {
        let name = FundName(tenant: tenant, fund: fund)
        if let number = fundNumbers[name] { return number }
        let row = FundRow(number: takeNumber(), name: name)
        load(row)
        changes.funds.insert(row.number)
        return row.number
    }
}
