/// SETTLE, REVERSE and RETURN, and what is taken off an award's commitments as a rolling window counts them.
extension ReferenceBooks {
    func settle(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let settled = try target(arguments)
        guard ["DISBURSE", "RECOVER"].contains(settled.verb) else { throw .invalid("entry") }
        if isSettled(settled) { throw ModelRefusal(code: "ALREADY_SETTLED") }
        if isReversed(settled) { throw ModelRefusal(code: "ALREADY_REVERSED") }
        try requireOpenPeriod(arguments)
        if arguments.date < settled.date { throw .invalid("date") }
        var entry = ModelEntry(arguments, amount: settled.amount, award: settled.award)
        entry.target = settled.order
        return entry
    }

    func reverse(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let reversed = try target(arguments)
        if ["REVERSE", "RETURN", "BASIS.SET"].contains(reversed.verb) { throw .invalid("entry") }
        if isReversed(reversed) { throw ModelRefusal(code: "ALREADY_REVERSED") }
        if isSettled(reversed) { throw ModelRefusal(code: "ALREADY_SETTLED") }
        try requireOpenPeriod(arguments)
        if arguments.date < reversed.date { throw .invalid("date") }
        var entry = ModelEntry(arguments, amount: reversed.amount, award: reversed.award)
        entry.target = reversed.order
        entry.fund = reversed.fund
        entry.changes = reversed.changes.map(\.opposite)
        if let award = reversed.award, reversed.isOfAward {
            try requireOrder(arguments.date, award.ref)
            entry.holds = reversed.verb == "COMMIT" ? takenOff(reversed) : reversed.holds.map(\.opposite)
            try requireAward(entry, award)
            try requireCap(entry, award)
        }
        if let fund = entry.fund {
            try requireBudget(fund, entry.changes.map { ModelYearAmount(year: $0.year, amount: -$0.available) })
            for change in entry.changes {
                try requireTotal(budget(fund, change.year).appropriated + change.appropriated)
            }
        }
        return entry
    }

    func giveBack(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let paid = try target(arguments)
        guard paid.verb == "DISBURSE", let award = paid.award else { throw .invalid("entry") }
        if isReversed(paid) { throw ModelRefusal(code: "ALREADY_REVERSED") }
        let settlement = entries(tenant: paid.tenant).first {
            $0.verb == "SETTLE" && $0.target == paid.order && !isReversed($0)
        }
        guard let settlement else { throw .invalid("entry") }
        try requireOpenPeriod(arguments)
        if arguments.date < settlement.date { throw .invalid("date") }
        try requireOrder(arguments.date, award.ref)
        var entry = ModelEntry(arguments, amount: paid.amount, award: award)
        entry.target = paid.order
        entry.fund = paid.fund
        entry.changes = paid.changes.map(\.opposite)
        try requireAward(entry, award)
        return entry
    }

    /// The same years of the award must still hold the money that goes.
    private func requireAward(_ entry: ModelEntry, _ award: ModelAward) throws(ModelRefusal) {
        let standing = changes(award.ref)
        for change in entry.changes {
            let year = standing.filter { $0.year == change.year }
            if year.fen(\.bound) + change.bound < 0 || year.fen(\.paid) + change.paid < 0 {
                throw awardExceeded(award.ref, requested: entry.amount, remaining: nil)
            }
        }
    }

    /// What is used again must have room under the cap.
    private func requireCap(_ entry: ModelEntry, _ award: ModelAward) throws(ModelRefusal) {
        guard entry.changes.fen(\.used) > 0, let scheme = subjects[award.subject]?.scheme else { return }
        let scope = ModelScope(award: award, scheme: scheme)
        guard scheme.isRolling else {
            if let room = room(scope, payer: entry.tenant, at: []), entry.amount > room {
                throw limitRefusal("CAP_EXCEEDED", scope, payer: entry.tenant, requested: entry.amount)
            }
            try requireTotal(used(scope).all + entry.changes.fen(\.used))
            return
        }
        guard let limit = limit(scope, payer: entry.tenant)?.lower else {
            return try requireTotal(used(scope).all + entry.changes.fen(\.used))
        }
        let after = holds(scope) + entry.holds
        for last in Set(after.map(\.date)) {
            let first = rollingStart(award.subject, until: last)
            guard entry.holds.contains(where: { first <= $0.date && $0.date <= last }) else { continue }
            if after.filter({ first <= $0.date && $0.date <= last }).fen(\.change) > limit {
                throw limitRefusal("CAP_EXCEEDED", scope, payer: entry.tenant, requested: entry.amount)
            }
        }
        try requireTotal(used(scope).all + entry.changes.fen(\.used))
    }

    private func target(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        guard let entry = entry(arguments.id("entry"), tenant: arguments.tenant) else { throw .notFound }
        return entry
    }

    func isReversed(_ entry: ModelEntry) -> Bool {
        let later = entries(tenant: entry.tenant)
        return later.contains {
            ($0.verb == "REVERSE" || $0.verb == "RETURN") && $0.target == entry.order
                || $0.verb == "RETURN" && entry.verb == "SETTLE" && $0.target == entry.target
        }
    }

    func isSettled(_ entry: ModelEntry) -> Bool {
        entries(tenant: entry.tenant).contains {
            $0.verb == "SETTLE" && $0.target == entry.order && !isReversed($0)
        }
    }

    /// Takes the amount off the award's commitments, latest first.
    func takenOffLatest(_ amount: Int64, _ award: ModelAwardRef, sparing spared: ModelHold? = nil) -> [ModelHold] {
        let entries = entries(award: award)
        let holds = entries.flatMap(\.holds)
        var rest = amount
        var taken: [ModelHold] = []
        for commit in entries.reversed() where commit.verb == "COMMIT" && commit.order != spared?.commitment {
            let standing = holds.filter { $0.commitment == commit.order }.fen(\.change)
            if rest > 0 && standing > 0 {
                taken.append(ModelHold(commitment: commit.order, date: commit.date, change: -min(rest, standing)))
                rest -= min(rest, standing)
            }
        }
        return taken
    }

    /// Takes a reversed COMMIT off itself first, then off the award's latest.
    private func takenOff(_ commit: ModelEntry) -> [ModelHold] {
        guard let award = commit.award else { return [] }
        let standing = entries(award: award.ref).flatMap(\.holds).filter { $0.commitment == commit.order }
            .fen(\.change)
        let own = ModelHold(commitment: commit.order, date: commit.date, change: -min(commit.amount, standing))
        return [own] + takenOffLatest(commit.amount + own.change, award.ref, sparing: own)
    }
}
