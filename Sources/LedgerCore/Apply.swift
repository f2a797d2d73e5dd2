extension Books {
    /// Puts a transfer's amount on the balances of its two accounts and marks their rows as changed.
    mutating func apply(_ transfer: Transfer) {
        adjust(transfer.debit, by: transfer.amount)
        adjust(transfer.credit, by: -transfer.amount)
        if transfer.credit.slot == .awardDated {
            adjustDated(transfer.credit, by: transfer.amount, on: transfer.debit.day)
        } else if transfer.debit.slot == .awardDated {
            adjustDated(transfer.debit, by: -transfer.amount, on: transfer.credit.day)
        }
    }

    /// A commitment's day stands on the other side of its transfer: on the cap's account.
    private mutating func adjustDated(_ account: AccountID, by amount: Amount, on day: Day) {
        guard var row = awards.removeValue(forKey: account.owner) else { return }
        if account.ordinal == row.dated.count + 1 { row.dated.append(Dated(day: day, amount: .zero)) }
        if row.dated.indices.contains(account.ordinal - 1) { row.dated[account.ordinal - 1].amount += amount }
        awards[account.owner] = row
        changes.awards.insert(account.owner)
    }

    /// `amount` counts as a debit, negative as a credit. Accounts that are the other side of a balance (`available`,
    /// `granted`, `used`) and those of money have no field of their own: the journal holds them.
    private mutating func adjust(_ account: AccountID, by amount: Amount) {
        guard let slot = account.slot else { return }
        let owner = account.owner
        switch slot {
        case .budgetAppropriated: adjustBudget(owner, account.year) { $0.appropriated -= amount }
        case .budgetCommitted: adjustBudget(owner, account.year) { $0.committed += amount }
        case .budgetDisbursed: adjustBudget(owner, account.year) { $0.disbursed += amount }
        case .awardCommitted: adjustAward(owner, account.year) { $0.committed += amount }
        case .awardDisbursed: adjustAward(owner, account.year) { $0.disbursed += amount }
        case .awardReleased: adjustAward(owner, account.year) { $0.released += amount }
        case .awardRecovered: adjustAward(owner, account.year) { $0.recovered += amount }
        case .capCommitted: adjustCap(owner) { $0.committed += amount }
        case .capDisbursed: adjustCap(owner) { $0.disbursed += amount }
        case .capForfeited: adjustCap(owner) { $0.forfeited += amount }
        case .capDated: adjustCap(owner) { $0.dated.add(amount, on: account.day) }
        case .budgetAvailable, .awardGranted, .awardDated, .capUsed, .expense, .cash, .payable, .receivable: break
        }
    }

    private mutating func adjustBudget(_ fund: Int64, _ year: Int, _ change: (inout BudgetRow) -> Void) {
        let name = BudgetName(fund: fund, year: year)
        change(&budgets[name, default: BudgetRow(name: name)])
        changes.budgets.insert(name)
    }

    private mutating func adjustCap(_ number: Int64, _ change: (inout CapRow) -> Void) {
        guard var row = caps.removeValue(forKey: number) else { return }
        change(&row)
        caps[number] = row
        changes.caps.insert(number)
    }

    private mutating func adjustAward(_ number: Int64, _ year: Int, _ change: (inout AwardRow.Year) -> Void) {
        guard var row = awards.removeValue(forKey: number) else { return }
        if let index = row.years.firstIndex(where: { $0.year == year }) {
            change(&row.years[index])
        } else {
            var fresh = AwardRow.Year(year: year)
            change(&fresh)
            row.years.insert(fresh, at: row.years.firstIndex { $0.year > year } ?? row.years.endIndex)
        }
        awards[number] = row
        changes.awards.insert(number)
    }
}
