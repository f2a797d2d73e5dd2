/// Postings that aim at what the books hold just now.
extension CommandGenerator {
    // MARK: dates and amounts

    /// A day near the clock, on an edge, or in the past; mostly not before `earliest`.
    mutating func date(notBefore earliest: ModelDate? = nil, edges: [ModelDate] = []) -> ModelDate {
        let leapAndYearEnds = [
            ModelDate(2024, 2, 29), ModelDate(2024, 2, 28), ModelDate(2023, 12, 31), ModelDate(2024, 1, 1),
        ]
        let date: ModelDate
        switch random.below(100) {
        case 0..<62: date = clock.later(by: random.below(10))
        case 62..<80: date = random.pick(edges) ?? clock
        case 80..<85: date = random.pick(leapAndYearEnds) ?? clock
        case 85..<96: date = clock.earlier(by: random.below(150))
        default: date = clock.later(by: random.below(250))
        }
        guard let earliest, random.chance(94) else { return date }
        return max(date, earliest)
    }

    /// The days about which the subject's window turns, and those on which its conditions were met.
    func edges(_ ref: ModelSubjectRef) -> [ModelDate] {
        guard let subject = books.subjects[ref] else { return [] }
        let met = subject.conditions.values.map(\.date).sorted()
        if case .rolling(let months) = subject.scheme.window {
            return books.entries(subject: ref).filter { $0.verb == "COMMIT" }.suffix(4).flatMap { commit in
                [commit.date.adding(months: months), commit.date.adding(months: months).previous, commit.date]
            } + met
        }
        guard let interval = books.interval(subject, year: clock.year) else { return met }
        let (first, last) = (interval.lowerBound, interval.upperBound)
        return [first, first.previous, last, last.next] + met
    }

    /// An amount about a target: mostly below it, often exactly it, sometimes a fen more.
    mutating func amount(about target: Int64) -> Int64 {
        guard target > 0 else { return Int64(1 + random.below(30_000)) }
        // What is wrong with an amount is that it is too much for the books, not for an amount.
        return min(modelLargestAmount, freeAmount(about: target))
    }

    private mutating func freeAmount(about target: Int64) -> Int64 {
        if world.isRich, random.chance(35) { return target }
        switch random.below(100) {
        case 0..<14: return target
        case 14..<19: return target + 1
        case 19..<22: return max(1, target - 1)
        case 22..<26: return target + Int64(random.below(50_000))
        case 26..<28: return 1
        default: return max(1, target / Int64(2 + random.below(6)))
        }
    }

    mutating func text(_ fen: Int64) -> String {
        let text = ModelJSON.yuan(fen)
        return text.hasSuffix(".00") && random.chance(70) ? String(text.dropLast(3)) : text
    }

    // MARK: commitments

    mutating func commit() -> ModelRequest {
        guard let ref = promisingSubject(), let subject = books.subjects[ref] else { return appropriate() }
        let scheme = subject.scheme
        let payers = world.family.filter {
            books.isPayer($0, scheme, owner: ref.scheme.owner) && isNearest(ref.scheme, from: $0)
        }
        let anybody = random.pick(world.family.filter { !payers.contains($0) }) ?? world.root
        var tenant = random.chance(93) ? random.pick(payers) ?? ref.scheme.owner : anybody
        counter += 1
        var name = "a\(counter)"
        var fund = random.chance(88) ? "general" : "special"
        let standing = awards.filter { $0.subject == ref }
        if random.chance(45), let award = random.chance(93) ? random.pick(standing) : random.pick(awards) {
            (name, tenant) = (award.ref.award, award.ref.tenant)
            fund = random.chance(94) ? award.fund : fund
        }
        let awardRef = ModelAwardRef(tenant: tenant, award: name)
        let date = date(notBefore: books.latestDate(awardRef), edges: edges(ref))
        var incurred: ModelDate?
        if random.chance(scheme.governsCost ? 88 : 8) {
            let soon = subject.opened.later(by: random.below(50))
            incurred = random.pick(edges(ref) + [date, date, soon, soon])
        }

        let year = scheme.window == .calendarYear ? (scheme.governsCost ? incurred ?? date : date).year : nil
        let scope = ModelScope(subject: ref, scheme: scheme, payer: tenant, year: year)
        let boundless = world.isRich ? modelLargestAmount - books.used(scope).all : 300_000
        let room = books.room(scope, payer: tenant, at: [date]) ?? boundless
        let available = books.budget(ModelFundRef(tenant: tenant, fund: fund), date.year).available
        let target = random.pick([room, available, min(room, available), min(room, available)]) ?? room
        let amount = scheme.isExact && room > 0 && random.chance(50) ? room : amount(about: target)

        var arguments = [
            ("tenant", tenant), ("award", name), ("scheme", ref.scheme.scheme),
            ("subject", random.chance(98) ? ref.subject : "nobody"), ("amount", text(amount)), ("date", date.text),
            ("key", key()),
        ]
        if fund != "general" || random.chance(20) { arguments.append(("fund", fund)) }
        if random.chance(22), amount > 3 {
            arguments.append(("schedule", schedule(amount, from: date.year)))
            // The two exclude each other.
            if random.chance(5) { arguments.append(("fit", "room")) }
        } else if random.chance(15) {
            arguments.append(("fit", random.chance(85) ? "room" : "whole"))
        }
        if let incurred { arguments.append(("incurred", incurred.text)) }
        if let party = payee(ref, subject) { arguments.append(("party", party)) }
        return ModelRequest("COMMIT", arguments)
    }

    /// A subject, mostly one whose window is open.
    private mutating func promisingSubject() -> ModelSubjectRef? {
        for _ in 0..<3 {
            guard let ref = random.pick(subjects), let subject = books.subjects[ref] else { return nil }
            let isOpen =
                subject.scheme.governsCost || books.interval(subject, year: clock.year)?.contains(clock) ?? true
            let isMet = subject.scheme.conditions.allSatisfy { subject.conditions[$0] != nil }
            if isOpen && isMet { return ref }
        }
        return random.pick(subjects)
    }

    /// Whether the tenant finds this scheme under its id, and no nearer one.
    private func isNearest(_ scheme: ModelSchemeRef, from tenant: String) -> Bool {
        books.path(tenant).first { books.schemes[ModelSchemeRef(owner: $0, scheme: scheme.scheme)] != nil }
            == scheme.owner
    }

    private mutating func schedule(_ amount: Int64, from first: Int) -> String {
        let start = first + random.below(2)
        let part = max(1, amount / Int64(2 + random.below(3)))
        let parts = [(start + 1, part), (start, amount - part)].filter { $0.1 > 0 }
        return parts.map { "\($0.0):\(ModelJSON.yuan($0.1))" }.joined(separator: ",")
    }

    /// A payee where one is to be named: always where the subject's own has left the group.
    private mutating func payee(_ ref: ModelSubjectRef, _ subject: ModelSubject) -> String? {
        if subject.scheme.isOfGroups {
            let members = world.parties.filter {
                books.parties[ModelPartyRef(tenant: world.root, party: $0)]?.group == ref.subject
            }
            let hasLeft = books.parties[subject.party]?.group != ref.subject
            guard hasLeft || random.chance(50) else { return nil }
            return random.chance(90) ? random.pick(members) ?? "maker" : random.pick(world.parties + ["nobody"])
        }
        return random.chance(8) ? random.pick(["maker", "solo", "maker", "solo", "nobody"]) : nil
    }

    // MARK: awards

    /// An award, mostly one of which the figure is above zero.
    private mutating func award(_ figure: (ModelChange) -> Int64) -> ModelAward? {
        for _ in 0..<6 {
            guard let award = random.pick(awards) else { return nil }
            if books.changes(award.ref).fen(figure) > 0 { return award }
        }
        return random.pick(awards)
    }

    private mutating func onAward(
        _ verb: String, _ award: ModelAward, target: Int64, _ date: ModelDate, _ more: [(String, String)] = []
    ) -> ModelRequest {
        let name = random.chance(98) ? award.ref.award : "unheard-of"
        return ModelRequest(
            verb,
            [
                ("tenant", award.ref.tenant), ("award", name), ("amount", text(amount(about: target))),
                ("date", date.text), ("key", key()),
            ] + more)
    }

    mutating func disburse() -> ModelRequest {
        guard let award = award(\.bound) else { return commit() }
        let date = date(notBefore: books.latestDate(award.ref), edges: edges(award.subject))
        let payable = books.changes(award.ref).filter { $0.year <= date.year }.fen(\.bound)
        return onAward(
            "DISBURSE", award, target: payable, date, random.chance(30) ? [("ref", "bank slip \(counter)")] : [])
    }

    mutating func release() -> ModelRequest {
        guard let award = award(\.bound) else { return commit() }
        let date = date(notBefore: books.latestDate(award.ref))
        return onAward("RELEASE", award, target: books.changes(award.ref).fen(\.bound), date)
    }

    mutating func recover() -> ModelRequest {
        guard let award = award(\.paid) else { return commit() }
        let date = date(notBefore: books.latestDate(award.ref))
        let restore = random.chance(50) ? [("restore", random.chance(60) ? "no" : "yes")] : []
        return onAward("RECOVER", award, target: books.changes(award.ref).fen(\.paid), date, restore)
    }

    mutating func reschedule() -> ModelRequest {
        guard let award = award(\.bound) else { return commit() }
        let date = date(notBefore: books.latestDate(award.ref))
        let years = books.byYear(award.ref, \.bound).filter { $0.amount > 0 }
        let from = random.pick(years) ?? ModelYearAmount(year: date.year, amount: 0)
        var to = 2023 + random.below(4)
        if to == from.year { to += 1 }
        let available = books.budget(ModelFundRef(tenant: award.ref.tenant, fund: award.fund), to)
        return onAward(
            "RESCHEDULE", award, target: random.chance(80) ? from.amount : available.available, date,
            [("from", "\(from.year)"), ("to", "\(to)")])
    }
}
