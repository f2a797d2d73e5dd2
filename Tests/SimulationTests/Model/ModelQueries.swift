/// The queries. Each gives only the fields whose content is defined.
extension ReferenceBooks {
    func query(_ arguments: ModelArguments, today: ModelDate) throws(ModelRefusal) -> [String: ModelJSON] {
        try requireTenant(arguments.tenant)
        switch arguments.verb {
        case "REMAINING": return try remaining(arguments, today: today)
        case "AWARD": return try award(arguments)
        case "BUDGET":
            let fund = ModelFundRef(tenant: arguments.tenant, fund: arguments.id("fund"))
            let budget = budget(fund, arguments.number("year") ?? 0)
            return [
                "appropriated": .money(budget.appropriated), "committed": .money(budget.committed),
                "disbursed": .money(budget.disbursed), "available": .money(budget.available),
            ]
        case "ENTRY":
            let key = arguments.text("key").map { ModelKeyRef(tenant: arguments.tenant, key: $0) }
            let found = key.map(entry(key:)) ?? entry(arguments.id("entry"), tenant: arguments.tenant)
            guard let found else { throw .notFound }
            return facts(found)
        case "HISTORY" where arguments.has("award") || arguments.has("subject"):
            return ["entries": .array(try history(arguments).map { .object(facts($0)) })]
        case "HISTORY":
            // Which entries touch a party is open where an award's payee has changed.
            _ = try findParty(arguments.id("party"), from: arguments.tenant)
            return [:]
        case "AWARDS": return awards(arguments)
        case "PARTY":
            _ = try findParty(arguments.id("party"), from: arguments.tenant)
            return [:]
        case "JOURNAL":
            let after = arguments.number("after") ?? 0
            let page = entries(tenant: arguments.tenant).dropFirst(after).prefix(arguments.number("limit") ?? 500)
            return [
                "entries": .array(page.map { .object(facts($0)) }), "last": .number(page.last?.seq ?? after),
            ]
        case "CHECK": return ["ok": .bool(true), "entries": .number(entries(tenant: arguments.tenant).count)]
        default: return [:]
        }
    }

    /// What an entry's line has in JOURNAL, as far as it is defined.
    private func facts(_ entry: ModelEntry) -> [String: ModelJSON] {
        [
            "entry": .string(entry.id), "seq": .number(entry.seq), "key": .string(entry.arguments.key),
            "date": .string(entry.date.text), "amount": .money(entry.amount),
        ]
    }

    private func award(_ arguments: ModelArguments) throws(ModelRefusal) -> [String: ModelJSON] {
        let ref = ModelAwardRef(tenant: arguments.tenant, award: arguments.id("award"))
        guard let award = entries(award: ref).first?.award else { throw .notFound }
        let changes = changes(ref)
        let years = byYear(ref, \.bound).map { year in
            ModelJSON.object([
                "year": .number(year.year), "committed": .money(year.amount),
                "disbursed": .money(changes.filter { $0.year == year.year }.fen(\.paid)),
            ])
        }
        return [
            "scheme": .string(award.subject.scheme.scheme), "subject": .string(award.subject.subject),
            "fund": .string(award.fund), "committed": .money(changes.fen(\.bound)),
            "disbursed": .money(changes.fen(\.paid)), "recovered": .money(changes.fen(\.recovered)),
            "years": .array(years),
        ]
    }

    private func history(_ arguments: ModelArguments) throws(ModelRefusal) -> [ModelEntry] {
        var touching: [ModelEntry] = []
        if let award = arguments.text("award") {
            touching = entries(award: ModelAwardRef(tenant: arguments.tenant, award: award))
            if touching.isEmpty { throw .notFound }
        } else if arguments.has("subject") {
            touching = entries(subject: try findSubject(arguments).0).filter { $0.tenant == arguments.tenant }
        }
        let after = arguments.number("after") ?? 0
        return Array(touching.filter { $0.seq > after }.prefix(arguments.number("limit") ?? .max))
    }

    private func awards(_ arguments: ModelArguments) -> [String: ModelJSON] {
        let standing = Set(entries(tenant: arguments.tenant).compactMap { $0.award?.ref.award }).sorted()
        let listed = standing.filter { name in
            let ref = ModelAwardRef(tenant: arguments.tenant, award: name)
            guard let award = entries(award: ref).first?.award else { return false }
            return name > arguments.text("after") ?? ""
                && [nil, award.subject.scheme.scheme].contains(arguments.text("scheme"))
                && [nil, award.subject.subject].contains(arguments.text("subject"))
        }
        let rows = listed.prefix(arguments.number("limit") ?? .max).map { name in
            let changes = changes(ModelAwardRef(tenant: arguments.tenant, award: name))
            return ModelJSON.object([
                "award": .string(name), "committed": .money(changes.fen(\.bound)),
                "disbursed": .money(changes.fen(\.paid)),
            ])
        }
        return ["awards": .array(Array(rows))]
    }

    // MARK: REMAINING

    private func remaining(
        _ arguments: ModelArguments, today: ModelDate
    ) throws(ModelRefusal) -> [String: ModelJSON] {
        let (ref, subject) = try findSubject(arguments)
        let scheme = subject.scheme
        guard mayAsk(arguments.tenant, scheme, owner: ref.scheme.owner) else { throw .notAPayer }
        let on = arguments.date("on")
        let day = on ?? today
        let year = arguments.number("period") ?? day.year
        let scope = ModelScope(subject: ref, scheme: scheme, payer: arguments.tenant, year: year)
        let limit = limit(scope, payer: arguments.tenant, on: on)
        let used = used(scope, on: on)
        let interval = interval(subject, year: year)

        var reply: [String: ModelJSON] = [
            "committed": .money(used.committed), "disbursed": .money(used.disbursed),
            "forfeited": .money(used.forfeited),
        ]
        if let interval {
            reply["window"] = .object([
                "from": .string(interval.lowerBound.text), "until": .string(interval.upperBound.text),
                "open": .bool(interval.contains(day)),
            ])
        } else if scheme.isRolling {
            reply["window"] = .object([
                "from": .string(rollingStart(ref, until: day).text), "until": .string(day.text), "open": .bool(true),
            ])
        }
        if let limit {
            reply["limit"] = limit.lower.map { .money($0) } ?? .null
            let counted = scheme.isRolling ? held(scope, until: day, on: on) : used.all
            reply["remaining"] = limit.lower.map { .money(max(0, $0 - counted)) } ?? .null
            reply["excess"] = .money(limit.lower.map { max(0, counted - $0) } ?? 0)
        }
        var binding = "none"
        if let limit, let lower = limit.lower { binding = limit.cap == lower ? "cap" : "rate" }
        if let interval, !scheme.governsCost, !interval.contains(day) { binding = "window" }
        if limit == nil { binding = "parameter" }
        let isMet = scheme.conditions.allSatisfy { name in subject.conditions[name].map { $0.date <= day } ?? false }
        if !isMet { binding = "condition" }
        reply["binding"] = .string(binding)
        if ["window", "parameter", "condition"].contains(binding) { reply["remaining"] = .money(0) }
        reply["would"] = would(arguments, ref, subject, day: day)
        return reply
    }

    /// The owner, a payer, or an ancestor of a payer.
    private func mayAsk(_ tenant: String, _ scheme: ModelScheme, owner: String) -> Bool {
        tenant == owner
            || tenants.keys.contains { isPayer($0, scheme, owner: owner) && path($0).contains(tenant) }
    }

    /// What a COMMIT of the amount on the day would answer: a new award, general fund, no schedule. Where COMMIT would
    /// need what REMAINING cannot say (`incurred`, another period's date, a payee), the model says nothing.
    private func would(
        _ arguments: ModelArguments, _ ref: ModelSubjectRef, _ subject: ModelSubject, day: ModelDate
    ) -> ModelJSON? {
        guard let amount = arguments.money("amount"), (arguments.number("period") ?? day.year) == day.year else {
            return nil
        }
        if case .months = subject.scheme.window, subject.scheme.governsCost { return nil }
        if subject.scheme.isOfGroups, parties[subject.party]?.group != ref.subject { return nil }
        let commit = ModelArguments(
            verb: "COMMIT",
            values: [
                "tenant": .text(arguments.tenant), "award": .text("the one that is asked about"),
                "scheme": .text(ref.scheme.scheme), "subject": .text(ref.subject), "amount": .money(amount),
                "date": .date(day), "fund": .text("general"), "fit": .text("whole"), "key": .text("none"),
            ])
        do {
            _ = try draft(commit)
            return .string("+")
        } catch {
            return .string(error.code)
        }
    }
}
