import LedgerCore

/// Rows to be held against the journal: those that a commit wrote, and those that its transfers should have written.
struct SimulatedTouched {
    private var heads: Set<Int32>
    private var caps: Set<Int64>
    private var awards: Set<Int64>
    private var budgets: Set<BudgetName>
    private var subjects: Set<Int64>
    private var marks: Set<SequenceName>

    init(_ changes: Changes) {
        heads = changes.heads.union(changes.entries.map(\.tenant))
        (caps, awards, budgets) = (changes.caps, changes.awards, changes.budgets)
        subjects = changes.subjects.union(changes.entries.compactMap { $0.kind == .basis ? $0.subject : nil })
        marks = changes.marks
        for entry in changes.entries {
            if let target = entry.target { marks.insert(SequenceName(tenant: entry.tenant, sequence: target)) }
        }
    }

    init(allOf rows: Books) {
        heads = Set(rows.registry.tenants.keys)
        caps = Set(rows.caps.keys)
        awards = Set(rows.awards.keys)
        budgets = Set(rows.budgets.keys)
        subjects = Set(rows.subjects.keys)
        marks = Set(rows.marks.keys)
        for entry in rows.entries.values {
            for transfer in entry.transfers { insert(transfer) }
        }
    }

    mutating func insert(_ transfer: Transfer) {
        for account in [transfer.debit, transfer.credit] {
            switch account.slot?.owner {
            case .cap: caps.insert(account.owner)
            case .award: awards.insert(account.owner)
            case .fund where account.slot?.hasYear == true:
                budgets.insert(BudgetName(fund: account.owner, year: account.year))
            case .fund, .party, nil: break
            }
        }
    }

    /// The first row that is not what the journal says; nil where all are.
    func difference(_ rows: Books, _ audit: SimulatedAudit) -> String? {
        for tenant in heads where rows.heads[tenant]?.lastSequence ?? 0 != audit.sequences[tenant] ?? 0 {
            return "the head of tenant \(tenant) is not where its journal ends"
        }
        for name in marks where rows.marks[name] ?? Mark() != audit.marks[name] ?? Mark() {
            return "the mark of \(name.text) is not what its journal says"
        }
        for number in caps where !agrees(rows.caps[number], audit) {
            return "cap \(number) is not what the journal says"
        }
        for number in awards where !agrees(rows.awards[number], audit) {
            return "award \(rows.awards[number]?.name.award ?? "\(number)") is not what the journal says"
        }
        for name in budgets where !agrees(rows.budgets[name], audit) {
            return "the \(name.year) budget of fund \(name.fund) is not what the journal says"
        }
        for number in subjects {
            for basis in rows.subjects[number]?.bases ?? []
            where basis.amount.fen != audit.basis(of: number, period: basis.period) {
                return "a basis of subject \(number) is not the one that was set last"
            }
        }
        return nil
    }

    private func agrees(_ row: CapRow?, _ audit: SimulatedAudit) -> Bool {
        guard let row else { return false }
        let use = audit.caps[row.number] ?? SimulatedUse()
        func balance(_ slot: AccountSlot) -> Int64 { audit.balances[AccountID(row.number, slot)] ?? 0 }
        return [row.committed.fen, use.committed].allSatisfy { $0 == balance(.capCommitted) }
            && [row.disbursed.fen, use.disbursed].allSatisfy { $0 == balance(.capDisbursed) }
            && [row.forfeited.fen, use.forfeited].allSatisfy { $0 == balance(.capForfeited) }
            && use.used == -balance(.capUsed)
            && agree(row.dated, use.holds) { audit.balances[AccountID(row.number, .capDated, day: $0)] ?? 0 }
    }

    private func agrees(_ row: AwardRow?, _ audit: SimulatedAudit) -> Bool {
        guard let row else { return false }
        let use = audit.awards[row.number] ?? SimulatedUse()
        return row.committed.fen == use.committed && row.disbursed.fen == use.disbursed
            && row.latest == audit.latest[row.number]
            && row.years.allSatisfy { year in
                func balance(_ slot: AccountSlot) -> Int64 {
                    audit.balances[AccountID(row.number, slot, year: year.year)] ?? 0
                }
                return year.committed.fen == balance(.awardCommitted) && year.disbursed.fen == balance(.awardDisbursed)
                    && year.released.fen == balance(.awardReleased) && year.recovered.fen == balance(.awardRecovered)
            }
            && row.dated.count == use.holds.count
            && use.holds.allSatisfy { hold, fen in
                let account = AccountID(row.number, .awardDated, ordinal: hold.ordinal)
                return row.dated[hold.ordinal - 1] == Dated(day: hold.day, amount: Amount(fen: fen))
                    && -(audit.balances[account] ?? 0) == fen
            }
    }

    /// What counts on a cap by day: as the row has it, as transfers have it, and as amounts have it.
    private func agree(_ dated: [Dated], _ holds: [SimulatedHold: Int64], _ balance: (Day) -> Int64) -> Bool {
        var days: [Day: Int64] = [:]
        for (hold, fen) in holds where fen != 0 { days[hold.day, default: 0] += fen }
        return dated.count == days.count
            && dated.allSatisfy { $0.amount.fen == balance($0.day) && $0.amount.fen == days[$0.day] }
    }

    private func agrees(_ row: BudgetRow?, _ audit: SimulatedAudit) -> Bool {
        guard let row else { return false }
        func balance(_ slot: AccountSlot) -> Int64 {
            audit.balances[AccountID(row.name.fund, slot, year: row.name.year)] ?? 0
        }
        return row.appropriated.fen == -balance(.budgetAppropriated) && row.committed.fen == balance(.budgetCommitted)
            && row.disbursed.fen == balance(.budgetDisbursed) && row.available.fen == balance(.budgetAvailable)
    }
}
