/// Queries.
extension CommandGenerator {
    mutating func query() -> ModelRequest {
        switch random.below(100) {
        case 0..<36: return remaining()
        case 36..<50: return awardQuery()
        case 50..<57:
            return ModelRequest(
                "BUDGET",
                [
                    ("tenant", anyTenant()), ("fund", random.pick(world.funds) ?? "general"),
                    ("year", "\(2022 + random.below(5))"),
                ])
        case 57..<64: return entryQuery()
        case 64..<71: return journal()
        case 71..<73: return ModelRequest("CHECK", [("tenant", anyTenant())])
        case 73..<81: return report()
        case 81..<89:
            let list = random.pick(["SCHEMES", "SUBJECTS", "AWARDS", "PARTIES"]) ?? "AWARDS"
            var arguments = [("tenant", anyTenant())]
            if list == "AWARDS", random.chance(50), let award = random.pick(awards) {
                arguments = [("tenant", award.ref.tenant)]
                arguments.append(random.chance(50) ? ("after", award.ref.award) : ("subject", award.subject.subject))
            }
            if random.chance(30) { arguments.append(("limit", "\(1 + random.below(5))")) }
            return ModelRequest(list, arguments)
        case 89..<92:
            let party = random.pick(world.parties + ["nobody"]) ?? "maker"
            return ModelRequest("PARTY", [("tenant", anyTenant()), ("party", party)])
        default: return history()
        }
    }

    private mutating func report() -> ModelRequest {
        var arguments = [("tenant", anyTenant())]
        let verb = random.pick(["TRIAL.BALANCE", "EXCESS", "OUTSTANDING", "SUMMARY"]) ?? "SUMMARY"
        if verb != "EXCESS", random.chance(40) { arguments.append(("on", date().text)) }
        if verb == "SUMMARY", let by = random.pick(["scheme", "authority", "year", "payer"]), random.chance(80) {
            arguments.append(("by", by))
        }
        return ModelRequest(verb, arguments)
    }

    private mutating func awardQuery() -> ModelRequest {
        let award = random.chance(92) ? random.pick(awards)?.ref : nil
        return ModelRequest(
            "AWARD", [("tenant", award?.tenant ?? anyTenant()), ("award", award?.award ?? "none-such")])
    }

    private mutating func entryQuery() -> ModelRequest {
        guard let entry = random.pick(Array(books.entries.prefix(namableEntries))), random.chance(90) else {
            return ModelRequest("ENTRY", [("tenant", anyTenant()), ("entry", "none-such")])
        }
        let named = random.chance(50) ? ("entry", entry.id) : ("key", entry.arguments.key)
        return ModelRequest("ENTRY", [("tenant", random.chance(90) ? entry.tenant : anyTenant()), named])
    }

    private mutating func history() -> ModelRequest {
        guard let award = random.pick(awards) else { return journal() }
        var arguments = [("tenant", award.ref.tenant)]
        switch random.below(10) {
        case 0..<4: arguments.append(("award", random.chance(95) ? award.ref.award : "none-such"))
        case 4..<7:
            arguments.append(("subject", random.chance(95) ? award.subject.subject : "nobody"))
            arguments.append(("scheme", award.subject.scheme.scheme))
        default: arguments.append(("party", random.pick(world.parties + ["nobody"]) ?? "maker"))
        }
        if random.chance(30) {
            arguments.append(("after", "\(random.below(books.entries(tenant: award.ref.tenant).count))"))
        }
        if random.chance(30) { arguments.append(("limit", "\(1 + random.below(6))")) }
        return ModelRequest("HISTORY", arguments)
    }

    private mutating func journal() -> ModelRequest {
        let tenant = anyTenant()
        var arguments = [("tenant", tenant)]
        if random.chance(70) {
            arguments.append(("after", "\(random.below(books.entries(tenant: tenant).count + 1))"))
        }
        if random.chance(70) { arguments.append(("limit", "\(1 + random.below(10))")) }
        return ModelRequest("JOURNAL", arguments)
    }

    private mutating func remaining() -> ModelRequest {
        guard let ref = random.pick(subjects), let subject = books.subjects[ref] else { return journal() }
        // Where each payer has its own cap, only a payer's question has a defined answer.
        let payers = world.family.filter { books.isPayer($0, subject.scheme, owner: ref.scheme.owner) }
        let askers = subject.scheme.capsEachPayer ? payers : payers + world.family
        var arguments = [
            ("tenant", random.pick(askers) ?? ref.scheme.owner), ("scheme", ref.scheme.scheme),
            ("subject", random.chance(97) ? ref.subject : "nobody"),
        ]
        let on = date(edges: edges(ref))
        if random.chance(60) { arguments.append(("on", on.text)) }
        if subject.scheme.window == .calendarYear, random.chance(40) {
            arguments.append(("period", "\(on.year - random.below(2))"))
        }
        if random.chance(50) {
            let scope = ModelScope(
                subject: ref, scheme: subject.scheme, payer: arguments[0].1, year: arguments.count > 3 ? on.year : 2024)
            let room = books.room(scope, payer: arguments[0].1, at: [on]) ?? 200_000
            arguments.append(("amount", text(amount(about: room))))
        }
        return ModelRequest("REMAINING", arguments)
    }
}
