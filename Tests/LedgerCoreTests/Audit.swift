import LedgerCore
import Testing

/// Derives every balance anew from the transfers of all entries and compares the rows with it.
func audit(_ books: Books, sourceLocation: SourceLocation = #_sourceLocation) {
    var balances: [AccountID: Amount] = [:]
    for entry in books.entries.values {
        for transfer in entry.transfers {
            #expect(transfer.amount > .zero, sourceLocation: sourceLocation)
            #expect(transfer.debit != transfer.credit, sourceLocation: sourceLocation)
            balances[transfer.debit, default: .zero] += transfer.amount
            balances[transfer.credit, default: .zero] -= transfer.amount
        }
    }
    let auditor = Auditor(books: books, balances: balances, sourceLocation: sourceLocation)
    auditor.journals()
    auditor.budgets()
    auditor.awards()
    auditor.caps()
}

private struct Auditor {
    let books: Books
    let balances: [AccountID: Amount]
    let sourceLocation: SourceLocation

    /// Debits less credits.
    private func balance(_ owner: Int64, _ slot: AccountSlot, _ year: Int? = nil) -> Amount {
        balances[year.map { AccountID(owner, slot, year: $0) } ?? AccountID(owner, slot)] ?? .zero
    }

    /// What counts on each day of a cap.
    private func days(_ cap: Int64) -> [Dated] {
        balances.filter { $0.key.owner == cap && $0.key.slot == .capDated && $0.value != .zero }
            .map { Dated(day: $0.key.day, amount: $0.value) }
            .sorted { $0.day < $1.day }
    }

    private func years(_ owner: Int64, _ slots: [AccountSlot]) -> Set<Int> {
        Set(
            balances.keys.filter { account in account.owner == owner && slots.contains { $0 == account.slot } }.map(
                \.year))
    }

    private func equal(_ row: Amount, _ derived: Amount, _ what: String) {
        #expect(row == derived, "\(what)", sourceLocation: sourceLocation)
        #expect(!row.isNegative, "\(what)", sourceLocation: sourceLocation)
        #expect(row <= .maximum, "\(what)", sourceLocation: sourceLocation)
    }

    /// Sequences without gaps, keys and postings one to one, debits equal to credits in each tenant.
    func journals() {
        for (tenant, entries) in Dictionary(grouping: books.entries.values, by: \.tenant) {
            let sequences = entries.map(\.sequence).sorted()
            #expect(sequences == Array(1...Int64(entries.count)), sourceLocation: sourceLocation)
            #expect(books.heads[tenant]?.lastSequence == sequences.last, sourceLocation: sourceLocation)
            #expect(Set(entries.map(\.key)).count == entries.count, sourceLocation: sourceLocation)
            let transfers = entries.flatMap(\.transfers)
            let debits = Dictionary(grouping: transfers, by: \.debit).values.map { $0.map(\.amount).sum() }.sum()
            let credits = Dictionary(grouping: transfers, by: \.credit).values.map { $0.map(\.amount).sum() }.sum()
            #expect(debits == credits, sourceLocation: sourceLocation)
        }
        #expect(books.changes.entries.count == books.entries.count, sourceLocation: sourceLocation)
    }

    func budgets() {
        for fund in books.funds.values {
            let slots: [AccountSlot] = [.budgetAppropriated, .budgetAvailable, .budgetCommitted, .budgetDisbursed]
            for year in years(fund.number, slots) {
                let name = "\(fund.name.fund) \(year)"
                let row = books.budgets[BudgetName(fund: fund.number, year: year)]
                guard let row else {
                    Issue.record("no row for budget \(name)", sourceLocation: sourceLocation)
                    continue
                }
                equal(row.appropriated, -balance(fund.number, .budgetAppropriated, year), "appropriated of \(name)")
                equal(row.committed, balance(fund.number, .budgetCommitted, year), "committed of \(name)")
                equal(row.disbursed, balance(fund.number, .budgetDisbursed, year), "disbursed of \(name)")
                equal(row.available, balance(fund.number, .budgetAvailable, year), "available of \(name)")
            }
        }
    }

    func awards() {
        for award in books.awards.values {
            let name = award.name.award
            #expect(award.years.map(\.year) == award.years.map(\.year).sorted(), sourceLocation: sourceLocation)
            let slots: [AccountSlot] = [
                .awardGranted, .awardCommitted, .awardDisbursed, .awardReleased, .awardRecovered,
            ]
            #expect(years(award.number, slots).isSubset(of: award.years.map(\.year)), sourceLocation: sourceLocation)
            for row in award.years {
                equal(row.committed, balance(award.number, .awardCommitted, row.year), "committed of \(name)")
                equal(row.disbursed, balance(award.number, .awardDisbursed, row.year), "disbursed of \(name)")
                equal(row.released, balance(award.number, .awardReleased, row.year), "released of \(name)")
                equal(row.recovered, balance(award.number, .awardRecovered, row.year), "recovered of \(name)")
            }
            for (index, dated) in award.dated.enumerated() {
                let account = AccountID(award.number, .awardDated, ordinal: index + 1)
                equal(dated.amount, -(balances[account] ?? .zero), "commitment \(index + 1) of \(name)")
            }
            let own = books.entries.values.filter { $0.award == award.number && $0.standing != nil }
            let latest = own.map(\.date).max()
            #expect(award.latest == latest, "\(name)", sourceLocation: sourceLocation)
        }
    }

    func caps() {
        for cap in books.caps.values {
            let name = "cap \(cap.name)"
            equal(cap.committed, balance(cap.number, .capCommitted), "committed of \(name)")
            equal(cap.disbursed, balance(cap.number, .capDisbursed), "disbursed of \(name)")
            equal(cap.forfeited, balance(cap.number, .capForfeited), "forfeited of \(name)")
            equal(cap.used, -balance(cap.number, .capUsed), "used of \(name)")
            let awards = books.awards.values.filter { $0.cap == cap.number }
            equal(cap.committed, awards.map(\.committed).sum(), "committed of the awards of \(name)")
            equal(cap.disbursed, awards.map(\.disbursed).sum(), "disbursed of the awards of \(name)")
            #expect(cap.dated == days(cap.number), "\(name)", sourceLocation: sourceLocation)
            if !cap.dated.isEmpty {
                equal(cap.dated.map(\.amount).sum(), cap.used, "dated of \(name)")
            }
        }
    }
}
