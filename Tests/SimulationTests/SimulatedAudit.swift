import LedgerCore

/// Follows the journal of one root, entry by entry in the order in which they were committed, and holds against it
/// every balance, every limit and every figure that was answered. It sums up transfers and amounts by itself, and uses
/// none of the core's judgements.
struct SimulatedAudit {
    private struct BasisName: Hashable {
        let subject: Int64
        let period: Int
    }

    /// Debits less credits.
    private(set) var balances: [AccountID: Int64] = [:]
    private(set) var awards: [Int64: SimulatedUse] = [:]
    private(set) var caps: [Int64: SimulatedUse] = [:]
    private(set) var latest: [Int64: Day] = [:]
    private(set) var marks: [SequenceName: Mark] = [:]
    private var terms: [Int64: SimulatedTerms] = [:]
    private var bases: [BasisName: Int64] = [:]
    private var effects: [SequenceName: SimulatedEffect] = [:]
    private var kinds: [SequenceName: EntryKind] = [:]
    private(set) var sequences: [Int32: Int64] = [:]
    private var keys: Set<KeyName> = []
    /// The first thing that does not agree.
    private(set) var difference: String?

    /// Reads what one commit added, and compares the rows that it should have written.
    mutating func follow(_ changes: Changes, in database: SimulatedDatabase, _ root: Int32) {
        guard let rows = database.roots[root] else { return differ("root \(root) has no rows") }
        for entry in changes.entries { read(entry, rows) }
        var touched = SimulatedTouched(changes)
        for transfer in changes.entries.lazy.flatMap(\.transfers) { touched.insert(transfer) }
        differ(touched.difference(rows, self))
    }

    /// Reads a whole journal and compares every row.
    static func difference(of rows: Books, journal: [Entry]) -> String? {
        var audit = SimulatedAudit()
        for entry in journal {
            audit.read(entry, rows)
            if rows.entries[entry.name] != entry { audit.differ("\(entry.name.text) was changed") }
        }
        if rows.entries.count != journal.count { audit.differ("not \(journal.count) entries, as were posted") }
        if audit.balances.values.reduce(0, +) != 0 { audit.differ("debits are not credits") }
        audit.differ(SimulatedTouched(allOf: rows).difference(rows, audit))
        return audit.difference
    }

    private mutating func differ(_ text: String?) { difference = difference ?? text }

    // MARK: One entry

    private mutating func read(_ entry: Entry, _ rows: Books) {
        let name = entry.name
        kinds[name] = entry.kind
        if entry.sequence != sequences[entry.tenant, default: 0] + 1 { differ("a gap before \(name.text)") }
        sequences[entry.tenant] = entry.sequence
        if !keys.insert(KeyName(tenant: entry.tenant, key: entry.key)).inserted { differ("key \(entry.key) twice") }
        for transfer in entry.transfers { post(transfer, name) }
        for account in entry.transfers.flatMap({ [$0.debit, $0.credit] }) {
            if isBelowZero(account) { differ("\(name.text) takes \(account.slot?.word ?? "?") below zero") }
        }
        mark(entry)
        if let subject = entry.subject, entry.kind == .basis {
            let period = entry.content["period"].flatMap(Int.init) ?? 0
            bases[BasisName(subject: subject, period: period)] = entry.amount.fen
        }
        guard let award = entry.award, !isSettlement(entry) else { return }
        if terms[award] == nil { terms[award] = SimulatedTerms(ofAward: award, in: rows) }
        guard let terms = terms[award] else { return differ("\(name.text) has no terms") }
        judge(entry, terms)
    }

    private mutating func post(_ transfer: Transfer, _ name: SequenceName) {
        if transfer.amount.fen <= 0 || transfer.debit == transfer.credit { differ("\(name.text) moves nothing") }
        balances[transfer.debit, default: 0] += transfer.amount.fen
        balances[transfer.credit, default: 0] -= transfer.amount.fen
    }

    private func isBelowZero(_ account: AccountID) -> Bool {
        let balance = balances[account, default: 0]
        switch account.slot {
        case .budgetAvailable, .budgetCommitted, .budgetDisbursed, .awardCommitted, .awardDisbursed, .awardReleased,
            .awardRecovered, .capCommitted, .capDisbursed, .capForfeited, .capDated, .receivable:
            return balance < 0
        case .budgetAppropriated, .awardGranted, .awardDated, .capUsed, .payable: return balance > 0
        case .expense, .cash: return false
        case nil: return true
        }
    }

    private func isSettlement(_ entry: Entry) -> Bool {
        let kind = entry.kind == .reversal ? target(of: entry).flatMap { kinds[$0] } : entry.kind
        return kind == .settlement
    }

    private func target(of entry: Entry) -> SequenceName? {
        entry.target.map { SequenceName(tenant: entry.tenant, sequence: $0) }
    }

    /// An entry is reversed once, and settled only while it is not.
    private mutating func mark(_ entry: Entry) {
        guard let target = target(of: entry) else { return }
        let mark = marks[target] ?? Mark()
        if entry.kind == .bounce {
            guard let settledBy = mark.settledBy, mark.reversedBy == nil else {
                return differ("\(entry.name.text) returns \(target.text), which is not settled, or no more")
            }
            marks[target]?.reversedBy = entry.sequence
            marks[SequenceName(tenant: entry.tenant, sequence: settledBy)] = Mark(reversedBy: entry.sequence)
            return
        }
        if mark != Mark() { differ("\(entry.name.text) undoes or settles \(target.text) once more") }
        if entry.kind == .settlement {
            marks[target, default: Mark()].settledBy = entry.sequence
        } else {
            marks[target, default: Mark()].reversedBy = entry.sequence
            for (settled, mark) in marks where settled.tenant == entry.tenant && mark.settledBy == target.sequence {
                marks[settled] = nil
            }
        }
    }

    // MARK: Limits and figures

    private mutating func judge(_ entry: Entry, _ terms: SimulatedTerms) {
        let award = terms.award.number
        let cap = terms.award.cap
        let before = caps[cap] ?? SimulatedUse()
        let effect = effect(of: entry, award: award, isRolling: terms.rollingMonths != nil)
        effects[entry.name] = effect
        awards[award, default: SimulatedUse()].add(effect)
        caps[cap, default: SimulatedUse()].add(effect)
        if let last = latest[award], entry.date < last { differ("\(entry.name.text) is dated before \(last)") }
        latest[award] = entry.date
        guard let use = awards[award], let used = caps[cap] else { return }

        let basis = bases[BasisName(subject: terms.subject.number, period: terms.cap.period), default: 0]
        let limit = terms.limit(basis: basis)
        if let wrong = terms.violation(by: entry, effect, limit: limit, before: before, after: used) {
            differ("\(entry.name.text) \(wrong)")
        }
        let counted = terms.rollingMonths.map { used.held(in: $0, endingOn: entry.date) } ?? used.used
        let standing = Receipt.Standing(
            award: terms.award.name.award, committed: Amount(fen: use.committed), disbursed: Amount(fen: use.disbursed),
            remaining: limit.map { Amount(fen: $0 - counted) })
        if entry.standing != standing {
            differ("\(entry.name.text) answered \(String(describing: entry.standing)), not \(standing)")
        }
    }

    private func effect(of entry: Entry, award: Int64, isRolling: Bool) -> SimulatedEffect {
        let fen = entry.amount.fen
        let use = awards[award] ?? SimulatedUse()
        switch entry.kind {
        case .commitment:
            let hold = SimulatedHold(award: award, ordinal: use.holds.count + 1, day: entry.date)
            return SimulatedEffect(committed: fen, holds: isRolling ? [hold: fen] : [:])
        case .disbursement: return SimulatedEffect(committed: -fen, disbursed: fen)
        case .release: return SimulatedEffect(committed: -fen, holds: use.taken(fen))
        case .recovery:
            if entry.content["restore"] == "no" { return SimulatedEffect(disbursed: -fen, forfeited: fen) }
            return SimulatedEffect(disbursed: -fen, holds: use.taken(fen))
        case .reversal:
            guard let target = target(of: entry), let undone = effects[target] else { return SimulatedEffect() }
            guard kinds[target] == .commitment else { return -undone }
            return SimulatedEffect(committed: -fen, holds: use.taken(fen, first: undone.holds.keys.first))
        case .bounce: return target(of: entry).flatMap { effects[$0] }.map { -$0 } ?? SimulatedEffect()
        case .basis, .appropriation, .carry, .reschedule, .settlement: return SimulatedEffect()
        }
    }

    func basis(of subject: Int64, period: Int) -> Int64? { bases[BasisName(subject: subject, period: period)] }
}

extension SimulatedTerms {
    /// What an entry breaks; nil where it keeps every limit. What only lowers the use breaks none.
    fileprivate func violation(
        by entry: Entry, _ effect: SimulatedEffect, limit: Int64?, before: SimulatedUse, after: SimulatedUse
    ) -> String? {
        let incurred = entry.content["incurred"].flatMap { Day($0) }
        let isPaid = entry.kind == .disbursement
        if entry.kind == .commitment || isPaid, scheme.windowGoverns == .payment, let span,
            entry.date < span.first || entry.date > span.last
        {
            return "is dated outside the window"
        }
        if entry.kind == .commitment {
            let counts = scheme.windowGoverns == .cost ? incurred ?? entry.date : entry.date
            if cap != expectedCap(counts) { return "counts on \(cap)" }
            if scheme.windowGoverns == .cost, case .fromOpening = scheme.window, let span {
                guard let incurred, incurred >= span.first, incurred <= span.last else {
                    return "has its cost outside the window"
                }
            }
        }
        guard let limit else { return nil }
        if let months = rollingMonths {
            let added = effect.holds.filter { $0.value > 0 }.map(\.key.day)
            if !added.isEmpty, after.most(in: months, holding: added) > limit { return "overfills a window" }
        } else {
            if effect.used > 0, after.used > limit { return "uses \(after.used) of \(limit)" }
            if isPaid, after.disbursed + after.forfeited > limit { return "pays out above \(limit)" }
        }
        if isPaid, scheme.rateRule == .exact, before.disbursed + before.forfeited == 0, before.committed != limit {
            return "pays while \(before.committed) is committed, and not \(limit)"
        }
        return nil
    }
}
