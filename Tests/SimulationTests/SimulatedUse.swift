import LedgerCore

/// A commitment under a rolling window: the how-manieth of its award, and its day.
struct SimulatedHold: Hashable {
    let award: Int64
    let ordinal: Int
    let day: Day
}

/// What an entry does to the figures of its award and of the award's cap, read from its verb and amount alone.
struct SimulatedEffect {
    var committed: Int64 = 0
    var disbursed: Int64 = 0
    var forfeited: Int64 = 0
    /// What counts on commitments' days, or counts there no longer.
    var holds: [SimulatedHold: Int64] = [:]

    var used: Int64 { committed + disbursed + forfeited }

    static prefix func - (effect: SimulatedEffect) -> SimulatedEffect {
        SimulatedEffect(
            committed: -effect.committed, disbursed: -effect.disbursed, forfeited: -effect.forfeited,
            holds: effect.holds.mapValues { -$0 })
    }
}

/// The figures of an award or a cap: the sum of the effects of its entries.
struct SimulatedUse {
    private(set) var committed: Int64 = 0
    private(set) var disbursed: Int64 = 0
    private(set) var forfeited: Int64 = 0
    /// Those of which nothing is left stay.
    private(set) var holds: [SimulatedHold: Int64] = [:]

    var used: Int64 { committed + disbursed + forfeited }

    mutating func add(_ effect: SimulatedEffect) {
        committed += effect.committed
        disbursed += effect.disbursed
        forfeited += effect.forfeited
        holds.merge(effect.holds, uniquingKeysWith: +)
    }

    /// What to take off, of the latest commitments first, or of one before all others.
    func taken(_ fen: Int64, first: SimulatedHold? = nil) -> [SimulatedHold: Int64] {
        var left = fen
        var taken: [SimulatedHold: Int64] = [:]
        let order = holds.keys.sorted { $0 == first || $1 != first && $0.ordinal > $1.ordinal }
        for hold in order where left > 0 {
            let part = min(left, holds[hold] ?? 0)
            taken[hold] = -part
            left -= part
        }
        return taken
    }

    /// What counts in the months that end on a day.
    func held(in months: Int, endingOn day: Day) -> Int64 {
        let before = day.corresponding(months: -months)
        return holds.reduce(0) { $1.key.day > before && $1.key.day <= day ? $0 + $1.value : $0 }
    }

    /// The most that counts in any such months that hold one of `days`.
    func most(in months: Int, holding days: some Sequence<Day>) -> Int64 {
        var most: Int64 = 0
        for day in days {
            // The fullest window that holds the day ends on it, or on a later day on which something counts.
            for end in [day] + holds.keys.map(\.day)
            where end >= day && end.corresponding(months: -months) < day {
                most = max(most, held(in: months, endingOn: end))
            }
        }
        return most
    }
}

/// The rules of an award, as they are fixed with its first commitment.
struct SimulatedTerms {
    let scheme: SchemeTerms
    let subject: SubjectRow
    let award: AwardRow
    let cap: CapName
    private let rate: Int64?
    private let most: Int64?

    /// nil where a row is missing.
    init?(ofAward number: Int64, in rows: Books) {
        guard let award = rows.awards[number], let cap = rows.caps[award.cap]?.name,
            let subject = rows.subjects[award.subject],
            let scheme = rows.registry.terms(of: subject.name.scheme, version: subject.version)
        else { return nil }
        (self.scheme, self.subject, self.award, self.cap) = (scheme, subject, award, cap)
        let own = subject.payerTerms.first { $0.payer == award.name.tenant }
        let rate: Rate? =
            switch scheme.rate {
            case .absent: nil
            case .fixed(let rate): rate
            case .payersOwn: own?.rate
            }
        let most: Amount? =
            switch scheme.cap {
            case .absent: nil
            case .fixed(let amount): amount
            case .payersOwn: own?.cap
            }
        self.rate = rate.map { Int64($0.partsPerMillion) }
        self.most = most?.fen
    }

    /// Months of a rolling window.
    var rollingMonths: Int? {
        if case .rolling(let months) = scheme.window { months } else { nil }
    }

    /// In fen; nil where there is none.
    func limit(basis: Int64) -> Int64? {
        let share = rate.map { Int64(Int128(basis) * Int128($0) / 1_000_000) }
        return [most, share].compactMap(\.self).min()
    }

    /// The cap on which a commitment of that day counts.
    func expectedCap(_ day: Day) -> CapName {
        let isEachPayers = scheme.rate == .payersOwn || scheme.cap == .payersOwn
        return CapName(
            subject: subject.number, payer: isEachPayers ? award.name.tenant : 0,
            period: scheme.window == .calendarYear ? day.year : 0)
    }

    /// The first and last day of a window that is fixed; nil where there is none.
    var span: (first: Day, last: Day)? {
        switch scheme.window {
        case .none, .rolling: nil
        case .fromOpening(let months, _): (subject.opened, subject.opened.corresponding(months: months))
        case .calendarYear: (Day(year: cap.period, month: 1, day: 1), Day(year: cap.period, month: 12, day: 31))
        }
    }
}
