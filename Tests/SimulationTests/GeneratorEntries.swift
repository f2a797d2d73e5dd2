/// Postings on entries that stand, on bases and on budgets.
extension CommandGenerator {
    mutating func settle() -> ModelRequest {
        onEntry("SETTLE") { books, entry in
            ["DISBURSE", "RECOVER"].contains(entry.verb) && !books.isSettled(entry) && !books.isReversed(entry)
        }
    }

    mutating func giveBack() -> ModelRequest {
        onEntry("RETURN") { books, entry in
            entry.verb == "DISBURSE" && books.isSettled(entry) && !books.isReversed(entry)
        }
    }

    mutating func reverse() -> ModelRequest {
        let isRare = random.chance(20)
        return onEntry("REVERSE") { books, entry in
            let isWanted =
                isRare
                ? ["CARRY", "RESCHEDULE"].contains(entry.verb)
                : !["REVERSE", "RETURN", "BASIS.SET"].contains(entry.verb)
            return isWanted && !books.isSettled(entry) && !books.isReversed(entry)
        }
    }

    /// Names an entry, mostly one that suits the verb and is not long past.
    private mutating func onEntry(
        _ verb: String, suits: (ReferenceBooks, ModelEntry) -> Bool
    ) -> ModelRequest {
        let namable = namableEntries
        var entry: ModelEntry?
        let isLate = random.chance(16)
        for attempt in 0..<14 where namable > 0 {
            let reach = random.chance(75) ? min(namable, 60) : namable
            let candidate = books.entries[namable - 1 - random.below(reach)]
            entry = candidate
            if attempt == 0 && random.chance(10) { break }
            let isDone = books.isSettled(candidate) || books.isReversed(candidate)
            if isLate && verb != "RETURN" ? isDone : suits(books, candidate) { break }
        }
        let latest = entry?.award.flatMap { books.latestDate($0.ref) }
        let date = date(notBefore: max(latest ?? clock, entry?.date ?? clock))
        let stranger = random.pick(world.family) ?? world.root
        return ModelRequest(
            verb,
            [
                ("tenant", random.chance(96) ? entry?.tenant ?? stranger : stranger),
                ("entry", random.chance(97) ? entry?.id ?? "none" : "unheard-of"), ("date", date.text), ("key", key()),
            ])
    }

    // MARK: basis and budget

    mutating func setBasis() -> ModelRequest {
        let inUse = random.chance(60) ? random.pick(awards)?.subject : nil
        guard let ref = inUse ?? random.pick(subjects), let subject = books.subjects[ref] else {
            return appropriate()
        }
        let payers = world.family.filter { books.isPayer($0, subject.scheme, owner: ref.scheme.owner) }
        let tenant = random.chance(90) ? random.pick(payers + [ref.scheme.owner]) : random.pick(world.family)
        var amount = world.isRich ? world.hugeAmount(&random) : Int64(random.below(2_000_000))
        let year = clock.year - random.below(2)
        let scope = ModelScope(subject: ref, scheme: subject.scheme, payer: ref.scheme.owner, year: year)
        // About what is used already, so that the limit is just kept, or is not.
        if random.chance(50), let rate = subject.scheme.content.rate("rate") {
            let used = books.used(scope).all
            amount = (used < 1_000_000_000_000 ? used * 1_000_000 / rate : used) + Int64(random.below(3)) - 1
            if random.chance(50) { amount /= Int64(1 + random.below(3)) }
        }
        // About the basis whose share is the cap.
        let content = subject.scheme.content
        if random.chance(15), let cap = content.money("cap"), cap < 1_000_000_000, let rate = content.rate("rate") {
            amount = cap * 1_000_000 / rate + Int64(random.below(3)) - 1
        }
        let isYearly = subject.scheme.window == .calendarYear
        var arguments = [
            ("tenant", tenant ?? world.root), ("scheme", ref.scheme.scheme), ("subject", ref.subject),
            ("amount", text(max(0, amount))), ("date", date().text), ("key", key()),
        ]
        if isYearly != random.chance(3) { arguments.append(("period", "\(year)")) }
        if random.chance(20) { arguments.append(("evidence", "audit \(counter)")) }
        return ModelRequest("BASIS.SET", arguments)
    }

    private mutating func fund() -> (ModelFundRef, Int) {
        let tenant = random.pick(world.family + [world.island]) ?? world.root
        let fund = random.chance(75) ? "general" : "special"
        return (ModelFundRef(tenant: tenant, fund: fund), 2022 + random.below(6))
    }

    mutating func appropriate() -> ModelRequest {
        let (fund, year) = fund()
        let isCut = random.chance(50)
        let budget = books.budget(fund, year)
        let free = world.isRich ? modelLargestAmount - budget.appropriated : 0
        let amount =
            if isCut {
                amount(about: budget.available)
            } else if world.isRich {
                random.chance(40) ? world.hugeAmount(&random) : amount(about: free)
            } else {
                Int64(1 + random.below(400_000))
            }
        var arguments = [
            ("tenant", random.chance(98) ? fund.tenant : "nowhere"), ("fund", fund.fund), ("year", "\(year)"),
            ("amount", text(amount)), ("key", key()), ("date", date().text),
        ]
        if isCut || random.chance(20) { arguments.append(("change", isCut ? "cut" : "add")) }
        return ModelRequest("APPROPRIATE", arguments)
    }

    mutating func carry() -> ModelRequest {
        let (fund, year) = fund()
        let target = amount(about: books.budget(fund, year).available)
        return ModelRequest(
            "CARRY",
            [
                ("tenant", fund.tenant), ("fund", fund.fund), ("from", "\(year)"),
                ("to", "\(year + 1 + random.below(2))"), ("amount", text(target)), ("key", key()),
                ("date", date().text),
            ])
    }
}
