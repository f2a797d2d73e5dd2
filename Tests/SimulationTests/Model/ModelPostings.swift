/// The posting verbs: each judges in the order of the errors, and gives the entry that it would post.
extension ReferenceBooks {
    func draft(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        try requireTenant(arguments.tenant)
        return switch arguments.verb {
        case "BASIS.SET": try setBasis(arguments)
        case "APPROPRIATE": try appropriate(arguments)
        case "CARRY": try carry(arguments)
        case "COMMIT": try commit(arguments)
        case "RESCHEDULE": try reschedule(arguments)
        case "DISBURSE": try disburse(arguments)
        case "RELEASE": try release(arguments)
        case "RECOVER": try recover(arguments)
        case "SETTLE": try settle(arguments)
        case "RETURN": try giveBack(arguments)
        default: try reverse(arguments)
        }
    }

    private func setBasis(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (ref, subject) = try findSubject(arguments)
        let isYearly = subject.scheme.window == .calendarYear
        if isYearly && !arguments.has("period") { throw .missing("period") }
        if !isYearly && arguments.has("period") { throw .invalid("period") }
        try requirePayerOrOwner(arguments.tenant, subject.scheme, owner: ref.scheme.owner)
        try requireOpenPeriod(arguments)
        var entry = ModelEntry(arguments, amount: arguments.amount)
        entry.subject = ref
        return entry
    }

    private func appropriate(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let fund = ModelFundRef(tenant: arguments.tenant, fund: arguments.id("fund"))
        let year = arguments.number("year") ?? 0
        try requireOpenPeriod(arguments)
        var change = ModelChange(year: year, appropriated: arguments.amount)
        if arguments.text("change") == "cut" {
            change = change.opposite
            try requireBudget(fund, [ModelYearAmount(year: year, amount: arguments.amount)])
        }
        try requireTotal(budget(fund, year).appropriated + change.appropriated)
        var entry = ModelEntry(arguments, amount: arguments.amount)
        entry.fund = fund
        entry.changes = [change]
        return entry
    }

    private func carry(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let fund = ModelFundRef(tenant: arguments.tenant, fund: arguments.id("fund"))
        let (from, to) = (arguments.number("from") ?? 0, arguments.number("to") ?? 0)
        try requireOpenPeriod(arguments)
        try requireBudget(fund, [ModelYearAmount(year: from, amount: arguments.amount)])
        try requireTotal(budget(fund, to).appropriated + arguments.amount)
        var entry = ModelEntry(arguments, amount: arguments.amount)
        entry.fund = fund
        entry.changes = [
            ModelChange(year: from, appropriated: -arguments.amount),
            ModelChange(year: to, appropriated: arguments.amount),
        ]
        return entry
    }

    private func commit(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (ref, subject) = try findSubject(arguments)
        let scheme = subject.scheme
        let payee = try arguments.text("party").map { name throws(ModelRefusal) in
            try findParty(name, from: arguments.tenant)
        }
        if scheme.isOfGroups && parties[payee ?? subject.party]?.group != ref.subject { throw .invalid("party") }
        var award = ModelAward(
            ref: ModelAwardRef(tenant: arguments.tenant, award: arguments.id("award")), subject: ref,
            fund: arguments.id("fund"))
        if scheme.window == .calendarYear {
            let incurred = scheme.governsCost ? arguments.date("incurred") : nil
            award.calendarYear = (incurred ?? arguments.date).year
        }
        if let standing = entries(award: award.ref).first?.award, standing != award { throw .exists }
        guard isPayer(arguments.tenant, scheme, owner: ref.scheme.owner) else { throw .notAPayer }
        try requireOpenPeriod(arguments)
        for condition in scheme.conditions {
            guard let met = subject.conditions[condition], met.date <= arguments.date else {
                throw ModelRefusal(code: "CONDITION_UNMET")
            }
        }
        let scope = ModelScope(award: award, scheme: scheme)
        guard limit(scope, payer: arguments.tenant) != nil else { throw ModelRefusal(code: "PARAMETER_UNSET") }
        if case .months = scheme.window, let interval = interval(subject, year: 0) {
            let day = scheme.governsCost ? arguments.date("incurred") : arguments.date
            guard let day, interval.contains(day) else { throw .windowClosed }
        }
        try requireOrder(arguments.date, award.ref)

        var amount = arguments.amount
        let room = room(scope, payer: arguments.tenant, at: [arguments.date]) ?? .max
        let fund = ModelFundRef(tenant: arguments.tenant, fund: award.fund)
        let available = budget(fund, arguments.date.year).available
        if arguments.text("fit") == "room", room > 0 {
            if available == 0 { try requireBudget(fund, [ModelYearAmount(year: arguments.date.year, amount: amount)]) }
            amount = min(amount, room, available)
        }
        if amount > room { throw limitRefusal("CAP_EXCEEDED", scope, payer: arguments.tenant, requested: amount) }
        try requireTotal(used(scope).all + amount)
        var years = [ModelYearAmount(year: arguments.date.year, amount: amount)]
        if case .schedule(let schedule)? = arguments.values["schedule"] { years = schedule }
        try requireBudget(fund, years)

        var entry = ModelEntry(arguments, amount: amount, award: award)
        entry.changes = years.map { ModelChange(year: $0.year, bound: $0.amount) }
        entry.holds = [ModelHold(commitment: -1, date: arguments.date, change: amount)]
        return entry
    }

    /// The award that is named, for a verb that needs one to stand, with its subject.
    private func standingAward(_ arguments: ModelArguments) throws(ModelRefusal) -> (ModelAward, ModelSubject) {
        let ref = ModelAwardRef(tenant: arguments.tenant, award: arguments.id("award"))
        guard let award = entries(award: ref).first?.award, let subject = subjects[award.subject] else {
            throw .notFound
        }
        return (award, subject)
    }

    private func reschedule(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (award, _) = try standingAward(arguments)
        try requireOpenPeriod(arguments)
        try requireOrder(arguments.date, award.ref)
        let (from, to) = (arguments.number("from") ?? 0, arguments.number("to") ?? 0)
        let movable = changes(award.ref).filter { $0.year == from }.fen(\.bound)
        guard arguments.amount <= movable else {
            throw awardExceeded(award.ref, requested: arguments.amount, remaining: movable)
        }
        try requireBudget(
            ModelFundRef(tenant: arguments.tenant, fund: award.fund),
            [ModelYearAmount(year: to, amount: arguments.amount)])
        var entry = ModelEntry(arguments, amount: arguments.amount, award: award)
        entry.changes = [
            ModelChange(year: from, bound: -arguments.amount), ModelChange(year: to, bound: arguments.amount),
        ]
        return entry
    }

    private func disburse(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (award, subject) = try standingAward(arguments)
        let scheme = subject.scheme
        try requireOpenPeriod(arguments)
        if !scheme.governsCost, let interval = interval(subject, year: award.calendarYear ?? 0),
            !interval.contains(arguments.date)
        {
            throw .windowClosed
        }
        try requireOrder(arguments.date, award.ref)
        let payable = byYear(award.ref, \.bound).filter { $0.year <= arguments.date.year }
        let parts = try take(arguments.amount, from: payable, award.ref)
        let scope = ModelScope(award: award, scheme: scheme)
        if let limit = limit(scope, payer: arguments.tenant)?.lower {
            let used = used(scope)
            if !scheme.isRolling && used.disbursed + used.forfeited + arguments.amount > limit {
                var refusal = limitRefusal(
                    "CAP_EXCEEDED", scope, payer: arguments.tenant, requested: arguments.amount)
                refusal.fields["remaining"] = nil
                throw refusal
            }
            if scheme.isExact && used.disbursed == 0 && used.forfeited == 0 && used.committed != limit {
                throw limitRefusal("RATE_MISMATCH", scope, payer: arguments.tenant, requested: arguments.amount)
            }
        }
        var entry = ModelEntry(arguments, amount: arguments.amount, award: award)
        entry.changes = parts.map {
            ModelChange(year: $0.year, spent: $0.amount, bound: -$0.amount, paid: $0.amount)
        }
        return entry
    }

    private func release(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (award, _) = try standingAward(arguments)
        try requireOpenPeriod(arguments)
        try requireOrder(arguments.date, award.ref)
        let parts = try take(arguments.amount, from: byYear(award.ref, \.bound).reversed(), award.ref)
        try requireTotal(released(award.ref) + arguments.amount)
        var entry = ModelEntry(arguments, amount: arguments.amount, award: award)
        entry.changes = parts.map { ModelChange(year: $0.year, bound: -$0.amount) }
        entry.holds = takenOffLatest(arguments.amount, award.ref)
        return entry
    }

    private func recover(_ arguments: ModelArguments) throws(ModelRefusal) -> ModelEntry {
        let (award, _) = try standingAward(arguments)
        try requireOpenPeriod(arguments)
        try requireOrder(arguments.date, award.ref)
        let parts = try take(arguments.amount, from: byYear(award.ref, \.paid).reversed(), award.ref)
        try requireTotal(changes(award.ref).fen(\.recovered) + arguments.amount)
        let restores = arguments.text("restore") == "yes"
        var entry = ModelEntry(arguments, amount: arguments.amount, award: award)
        entry.changes = parts.map {
            ModelChange(
                year: $0.year, spent: $0.year == arguments.date.year ? -$0.amount : 0, paid: -$0.amount,
                recovered: $0.amount, forfeited: restores ? 0 : $0.amount)
        }
        entry.holds = restores ? takenOffLatest(arguments.amount, award.ref) : []
        return entry
    }

    /// A figure of the award by year, earliest first.
    func byYear(_ award: ModelAwardRef, _ figure: (ModelChange) -> Int64) -> [ModelYearAmount] {
        let changes = changes(award)
        return Set(changes.map(\.year)).sorted().map { year in
            ModelYearAmount(year: year, amount: changes.filter { $0.year == year }.fen(figure))
        }
    }

    /// Takes the amount from the years in their order.
    private func take(
        _ amount: Int64, from years: [ModelYearAmount], _ award: ModelAwardRef
    ) throws(ModelRefusal) -> [ModelYearAmount] {
        let all = years.fen(\.amount)
        guard amount <= all else { throw awardExceeded(award, requested: amount, remaining: all) }
        var rest = amount
        var parts: [ModelYearAmount] = []
        for year in years where rest > 0 && year.amount > 0 {
            parts.append(ModelYearAmount(year: year.year, amount: min(rest, year.amount)))
            rest -= min(rest, year.amount)
        }
        return parts
    }
}
