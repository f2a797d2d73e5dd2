/// What one cap counts: a subject, of one payer where each has its own, of one year under a calendar-year window.
struct ModelScope {
    var subject: ModelSubjectRef
    var payer: String?
    var year: Int?

    init(subject: ModelSubjectRef, scheme: ModelScheme, payer: String, year: Int?) {
        self.subject = subject
        self.payer = scheme.capsEachPayer ? payer : nil
        self.year = scheme.window == .calendarYear ? year : nil
    }

    init(award: ModelAward, scheme: ModelScheme) {
        self.init(subject: award.subject, scheme: scheme, payer: award.ref.tenant, year: award.calendarYear)
    }
}

struct ModelLimit {
    var cap: Int64?
    /// rate × basis, rounded down.
    var rated: Int64?

    var lower: Int64? {
        guard let cap, let rated else { return cap ?? rated }
        return min(cap, rated)
    }
}

struct ModelUse: Equatable {
    var committed: Int64
    var disbursed: Int64
    var forfeited: Int64

    var all: Int64 { committed + disbursed + forfeited }
}

/// Sums over the list of entries, and the limits that they are held against.
extension ReferenceBooks {
    func changes(_ award: ModelAwardRef) -> [ModelChange] { entries(award: award).flatMap(\.changes) }

    /// A year's budget: appropriated, committed, disbursed, available.
    func budget(
        _ fund: ModelFundRef, _ year: Int
    ) -> (appropriated: Int64, committed: Int64, disbursed: Int64, available: Int64) {
        let changes = entries(fund: fund).flatMap(\.changes).filter { $0.year == year }
        return (changes.fen(\.appropriated), changes.fen(\.bound), changes.fen(\.spent), changes.fen(\.available))
    }

    /// The entries that the cap counts; with `on` those dated until then.
    private func counted(_ scope: ModelScope, on: ModelDate?) -> [ModelEntry] {
        entries(subject: scope.subject).filter { entry in
            guard let award = entry.award else { return false }
            return (scope.payer == nil || scope.payer == award.ref.tenant)
                && (scope.year == nil || scope.year == award.calendarYear) && (on.map { entry.date <= $0 } ?? true)
        }
    }

    func used(_ scope: ModelScope, on: ModelDate? = nil) -> ModelUse {
        let changes = counted(scope, on: on).flatMap(\.changes)
        return ModelUse(
            committed: changes.fen(\.bound), disbursed: changes.fen(\.paid), forfeited: changes.fen(\.forfeited))
    }

    func holds(_ scope: ModelScope, on: ModelDate? = nil) -> [ModelHold] {
        counted(scope, on: on).flatMap(\.holds)
    }

    /// The commitments, less what was taken off them, that were made in the rolling window which ends on `last`.
    func held(_ scope: ModelScope, until last: ModelDate, on: ModelDate? = nil) -> Int64 {
        let first = rollingStart(scope.subject, until: last)
        return holds(scope, on: on).filter { first <= $0.date && $0.date <= last }.fen(\.change)
    }

    func rollingStart(_ subject: ModelSubjectRef, until last: ModelDate) -> ModelDate {
        guard case .rolling(let months)? = subjects[subject]?.scheme.window else { return last }
        return last.adding(months: -months).next
    }

    /// What holds of the payer's own parameters on the subject: as they stood before its first COMMIT on it.
    private func ownParameters(_ subject: ModelSubjectRef, _ payer: String) -> (rate: Int64?, cap: Int64?) {
        let firstCommit = entries(subject: subject).first { $0.verb == "COMMIT" && $0.tenant == payer }?.order
        let holding = settings.filter {
            $0.scheme == subject.scheme && $0.tenant == payer && $0.entriesBefore <= firstCommit ?? .max
        }
        return (holding.compactMap(\.rate).last, holding.compactMap(\.cap).last)
    }

    /// The subject's limits for the payer; nil where a parameter that it sets itself is not set.
    /// With `on`, a basis dated later is left out.
    func limit(_ scope: ModelScope, payer: String, on: ModelDate? = nil) -> ModelLimit? {
        guard let scheme = subjects[scope.subject]?.scheme else { return nil }
        let own = ownParameters(scope.subject, payer)
        if scheme.hasOwnRate && own.rate == nil || scheme.hasOwnCap && own.cap == nil { return nil }
        let basis = entries(subject: scope.subject).last { entry in
            entry.verb == "BASIS.SET" && entry.arguments.number("period") == scope.year
                && (on.map { entry.date <= $0 } ?? true)
        }
        let rate = scheme.content.rate("rate") ?? (scheme.hasOwnRate ? own.rate : nil)
        let cap = scheme.content.money("cap") ?? (scheme.hasOwnCap ? own.cap : nil)
        return ModelLimit(cap: cap, rated: rate.map { modelPart(rate: $0, of: basis?.amount ?? 0) })
    }

    /// How much more the limit holds, counting every entry; nil where there is no limit. Under a rolling window it is
    /// what every window that holds `dates` can take. Below zero where the subject is in excess.
    func room(_ scope: ModelScope, payer: String, at dates: [ModelDate]) -> Int64? {
        guard let scheme = subjects[scope.subject]?.scheme, let limit = limit(scope, payer: payer)?.lower else {
            return nil
        }
        guard scheme.isRolling else { return limit - used(scope).all }
        let holds = holds(scope)
        // A window that does not end on a commitment's date holds no more than one that does.
        let ends = Set(holds.map(\.date) + dates)
        return ends.compactMap { last -> Int64? in
            let first = rollingStart(scope.subject, until: last)
            guard dates.contains(where: { first <= $0 && $0 <= last }) else { return nil }
            return limit - holds.filter { first <= $0.date && $0.date <= last }.fen(\.change)
        }.min()
    }

    /// The interval of the subject's window, where it has one that is counted from `opened` or is a year.
    func interval(_ subject: ModelSubject, year: Int) -> ClosedRange<ModelDate>? {
        switch subject.scheme.window {
        case .none, .rolling: nil
        case .months(let months): subject.opened...subject.opened.adding(months: months)
        case .calendarYear: ModelDate(year, 1, 1)...ModelDate(year, 12, 31)
        }
    }

    // MARK: refusals

    func requireOpenPeriod(_ arguments: ModelArguments) throws(ModelRefusal) {
        if let through = closed[arguments.tenant], arguments.date <= through {
            throw ModelRefusal(code: "PERIOD_CLOSED")
        }
    }

    /// The entries of an award are dated in order.
    func requireOrder(_ date: ModelDate, _ award: ModelAwardRef) throws(ModelRefusal) {
        if let latest = latestDate(award), date < latest { throw .invalid("date") }
    }

    func latestDate(_ award: ModelAwardRef) -> ModelDate? {
        entries(award: award).filter(\.isOfAward).map(\.date).max()
    }

    /// The budget of each year must hold what is wanted of it; the earliest that does not is named.
    func requireBudget(_ fund: ModelFundRef, _ wanted: [ModelYearAmount]) throws(ModelRefusal) {
        for want in wanted.sorted(by: { $0.year < $1.year }) where want.amount > 0 {
            let budget = budget(fund, want.year)
            guard want.amount > budget.available else { continue }
            throw ModelRefusal(
                code: "BUDGET_EXCEEDED",
                fields: [
                    "limit": .money(budget.appropriated), "committed": .money(budget.committed),
                    "disbursed": .money(budget.disbursed), "requested": .money(want.amount),
                    "remaining": .money(budget.available), "year": .number(want.year),
                ])
        }
    }

    /// No total that the books show is larger than the largest amount.
    func requireTotal(_ total: Int64) throws(ModelRefusal) {
        guard total <= modelLargestAmount else { throw ModelRefusal(code: "TOO_LARGE") }
    }

    /// What the award has given back unpaid, less what of it was reversed.
    func released(_ award: ModelAwardRef) -> Int64 {
        let releases = entries(award: award).filter { $0.verb == "RELEASE" }
        return releases.filter { !isReversed($0) }.fen(\.amount)
    }

    func awardExceeded(_ award: ModelAwardRef, requested: Int64, remaining: Int64?) -> ModelRefusal {
        var fields: [String: ModelJSON] = [
            "committed": .money(changes(award).fen(\.bound)), "disbursed": .money(changes(award).fen(\.paid)),
            "requested": .money(requested),
        ]
        fields["remaining"] = remaining.map { .money($0) }
        return ModelRefusal(code: "AWARD_EXCEEDED", fields: fields)
    }

    /// A refusal by the cap or the rate. What `committed`, `disbursed` and `remaining` are under a rolling window, and
    /// `remaining` of a subject in excess, is not said, so the model says nothing.
    func limitRefusal(_ code: String, _ scope: ModelScope, payer: String, requested: Int64) -> ModelRefusal {
        var fields: [String: ModelJSON] = ["requested": .money(requested)]
        guard let limit = limit(scope, payer: payer)?.lower else { return ModelRefusal(code: code, fields: fields) }
        fields["limit"] = .money(limit)
        if subjects[scope.subject]?.scheme.isRolling == false {
            let used = used(scope)
            fields["committed"] = .money(used.committed)
            fields["disbursed"] = .money(used.disbursed)
            if limit >= used.all { fields["remaining"] = .money(limit - used.all) }
        }
        return ModelRefusal(code: code, fields: fields)
    }
}

/// Millionths of an amount, rounded down to a fen, in two steps that cannot overflow.
func modelPart(rate: Int64, of basis: Int64) -> Int64 {
    basis / 1_000_000 * rate + basis % 1_000_000 * rate / 1_000_000
}
