/// Registry verbs.
extension CommandGenerator {
    mutating func registry() -> ModelRequest {
        switch random.below(100) {
        case 0..<10: tenant()
        case 10..<26: scheme()
        case 26..<42: parameter()
        case 42..<56: party()
        case 56..<74: subject()
        case 74..<86: condition()
        default: closing()
        }
    }

    /// What may stand in a group beside postings. It makes no tenants and no versions: these the generator keeps in mind, and a
    /// group may yet be refused.
    mutating func registrationOrQuery() -> ModelRequest {
        switch random.below(10) {
        case 0: parameter()
        case 1: party()
        case 2, 3: subject()
        case 4: condition()
        case 5: closing()
        default: query()
        }
    }

    mutating func anyTenant() -> String { random.pick(world.family + [world.island]) ?? world.root }

    private mutating func tenant() -> ModelRequest {
        counter += 1
        switch random.below(4) {
        case 0: return ModelRequest("TENANT.CREATE", [("tenant", world.root), ("name", "上海")])
        case 1: return ModelRequest("TENANT.CREATE", [("tenant", world.root), ("name", "another")])
        case 2: return ModelRequest("TENANT.CREATE", [("tenant", "t\(counter)"), ("parent", "nowhere"), ("name", "x")])
        default:
            return ModelRequest(
                "TENANT.CREATE", [("tenant", "\(world.root)-t\(counter)"), ("parent", anyTenant()), ("name", "新")])
        }
    }

    private mutating func scheme() -> ModelRequest {
        let index = random.below(world.schemes.count)
        let newest = world.schemes[index]
        func with(_ name: String, _ value: String) -> ModelRequest {
            ModelRequest("SCHEME.PUT", newest.arguments.map { $0.0 == name ? (name, value) : $0 })
        }
        switch random.below(8) {
        case 0, 1: return with("version", "\(newest.version)")
        case 2: return with("name", "another")
        case 3: return with("version", "\(newest.version + 2)")
        case 4:
            // Of another root, or beside the owner in its own.
            let isBeside = newest.owner == world.family[1] && random.chance(70)
            let stranger = isBeside ? world.family[2] : newest.owner == world.island ? world.root : world.island
            let plain = newest.arguments.filter { $0.0 != "payers" && $0.0 != "version" }
            let payer = random.chance(50) ? stranger : "nowhere"
            return ModelRequest("SCHEME.PUT", plain + [("version", "\(newest.version + 1)"), ("payers", payer)])
        case 5: return with("tenant", "nowhere")
        default:
            guard newest.version < 4 else { return with("version", "\(newest.version)") }
            world.schemes[index].version += 1
            let arguments = world.rules(world.schemes[index], &random)
            world.schemes[index].arguments = arguments
            return ModelRequest("SCHEME.PUT", arguments)
        }
    }

    private mutating func parameter() -> ModelRequest {
        let own = world.schemes.filter { $0.hasOwnRate || $0.hasOwnCap }
        let scheme = (random.chance(85) ? random.pick(own) : nil) ?? random.pick(world.schemes) ?? world.schemes[0]
        let payer = random.chance(85) ? random.pick(scheme.payers ?? world.family) : anyTenant()
        var arguments = [("tenant", payer ?? world.root), ("scheme", random.chance(95) ? scheme.name : "none-such")]
        let rate = random.pick(["40%", "12.5%", "99.9999%", "3%"]) ?? "40%"
        if scheme.hasOwnRate ? random.chance(70) : random.chance(10) { arguments.append(("rate", rate)) }
        if scheme.hasOwnCap && random.chance(80) || arguments.count == 2 {
            arguments.append(
                ("cap", text(world.isRich ? world.hugeAmount(&random) : Int64(50_000 + random.below(500_000)))))
        }
        return ModelRequest("SCHEME.SET", arguments)
    }

    /// A party sent again, with another group or another kind.
    private mutating func party() -> ModelRequest {
        var facts = random.pick(world.partyFacts) ?? []
        func set(_ name: String, _ value: String) {
            facts = facts.filter { $0.0 != name } + [(name, value)]
        }
        switch random.below(6) {
        case 0: set("group", random.pick(world.groups) ?? "alliance")
        case 1: facts = facts.filter { $0.0 != "group" }
        case 2: random.chance(50) ? set("kind", "robot") : set("uscc", "91310115MA1K3XYB2P")
        case 3: set("tenant", "nowhere")
        case 4:
            counter += 1
            set("party", "newcomer-\(counter)")
            facts = facts.filter { $0.0 != "uscc" }
        default: set("bank", "bank of \(counter)")
        }
        return ModelRequest("PARTY.PUT", facts)
    }

    private mutating func subject() -> ModelRequest {
        let scheme = random.pick(world.schemes) ?? world.schemes[0]
        let known = subjects.filter { $0.scheme.scheme == scheme.name && $0.scheme.owner == scheme.owner }
        let payer = random.chance(80) ? random.pick(scheme.payers ?? [scheme.owner]) : anyTenant()
        var name = "s\(3 + random.below(6))"
        var party = scheme.owner == world.island ? "islander" : random.pick(["maker", "solo", "linked-1"]) ?? "maker"
        var opened = clock.earlier(by: random.below(200))
        if random.chance(15) { opened = ModelDate(2024, 2, 29) }
        if scheme.isOfGroups {
            let group = random.pick(world.groups) ?? "alliance"
            let members = world.parties.filter {
                books.parties[ModelPartyRef(tenant: world.root, party: $0)]?.group == group
            }
            (name, party) = (group, random.pick(members) ?? "linked-1")
        }
        if random.chance(60), let ref = random.pick(known), let facts = books.subjects[ref] {
            name = ref.subject
            if !scheme.isOfGroups || random.chance(70) { party = facts.party.party }
            if random.chance(60) { opened = facts.opened }
        }
        var arguments = [
            ("tenant", payer ?? world.root), ("scheme", random.chance(97) ? scheme.name : "none-such"),
            ("subject", name), ("party", random.chance(97) ? party : "nobody"), ("opened", opened.text),
        ]
        if random.chance(30) { arguments.append(("correct", "yes")) }
        return ModelRequest("SUBJECT.OPEN", arguments)
    }

    private mutating func condition() -> ModelRequest {
        let wanting = subjects.filter { books.subjects[$0]?.scheme.conditions.isEmpty == false }
        guard let ref = random.pick(wanting), let subject = books.subjects[ref] else { return self.subject() }
        let names = random.chance(92) ? subject.scheme.conditions : ["never-heard-of"]
        let name = random.pick(names) ?? "filed"
        var date = clock.earlier(by: random.below(100))
        if let met = subject.conditions[name], random.chance(50) { date = met.date }
        let payers = world.family.filter { books.isPayer($0, subject.scheme, owner: ref.scheme.owner) }
        let tenant = random.chance(88) ? random.pick(payers + [ref.scheme.owner]) : anyTenant()
        var arguments = [
            ("tenant", tenant ?? world.root), ("scheme", ref.scheme.scheme), ("subject", ref.subject),
            ("condition", name), ("date", date.text),
        ]
        if random.chance(30) { arguments.append(("correct", "yes")) }
        return ModelRequest("CONDITION.MEET", arguments)
    }

    private mutating func closing() -> ModelRequest {
        let tenant = random.chance(97) ? anyTenant() : "nowhere"
        let age = random.chance(30) ? random.below(30) : 30 + random.below(150)
        return ModelRequest("PERIOD.CLOSE", [("tenant", tenant), ("through", clock.earlier(by: age).text)])
    }
}
