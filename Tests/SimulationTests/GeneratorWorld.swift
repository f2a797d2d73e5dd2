/// The names of a generated world, and the commands that set it up.
struct GeneratorWorld {
    struct Scheme {
        var owner: String
        var name: String
        var payers: [String]?
        var isOfGroups: Bool
        var hasOwnRate: Bool
        var hasOwnCap: Bool
        var version = 1
        var arguments: [(String, String)]
    }

    static let windows = [
        "none", "P1Y", "P3Y", "P3Y", "P2M", "P18M", "P18M", "calendar-year", "calendar-year", "rolling-P12M",
        "rolling-P36M",
        "rolling-P1M",
    ]

    let root: String
    /// The tree of the root, parents first.
    let family: [String]
    /// A root of its own, which nothing else may touch.
    let island: String
    /// Money in it is near the largest amount there is, so that totals would pass it.
    let isRich: Bool
    var schemes: [Scheme] = []
    let parties = ["maker", "linked-1", "linked-2", "solo", "local"]
    let groups = ["alliance", "holding"]
    let funds = ["general", "special"]
    let conditions = ["filed", "recognised"]

    init(seed: UInt64, _ random: inout SplitMix64) {
        root = "city\(seed)"
        family = [root, "lingang\(seed)", "zhangjiang\(seed)", "zone\(seed)"]
        island = "island\(seed)"
        isRich = random.chance(20)
        let names = ["pilot-project", "first-of-kind", "innovation-voucher", "hq-support", "acquisition-support"]
        for name in names { schemes.append(scheme(name, owner: root, &random)) }
        // The same id again, nearer to some of the tenants.
        schemes.append(scheme(names[0], owner: family[1], &random))
        schemes.append(scheme("isolated", owner: island, &random))
    }

    private func scheme(_ name: String, owner: String, _ random: inout SplitMix64) -> Scheme {
        let isOfGroups = random.chance(20) && owner != island
        let below = owner == root ? family : owner == island ? [island] : [family[1], family[3]]
        let payers = random.chance(55) ? nil : below.filter { _ in random.chance(60) }
        var scheme = Scheme(
            owner: owner, name: name, payers: payers?.isEmpty == true ? nil : payers, isOfGroups: isOfGroups,
            hasOwnRate: random.chance(20), hasOwnCap: random.chance(20), arguments: [])
        scheme.arguments = rules(scheme, &random)
        return scheme
    }

    func hugeAmount(_ random: inout SplitMix64) -> Int64 {
        modelLargestAmount - (random.chance(50) ? 0 : Int64(random.below(2_000_000_000)))
    }

    /// The arguments of a version: who pays, and whose parameters they are, stays; the rest is drawn anew.
    func rules(_ scheme: Scheme, _ random: inout SplitMix64) -> [(String, String)] {
        var rules = [
            ("tenant", scheme.owner), ("scheme", scheme.name), ("version", "\(scheme.version)"),
            ("name", "扶持 \(scheme.name)"), ("subject-kind", scheme.isOfGroups ? "group" : "project"),
        ]
        let rate = random.pick(["50%", "33.3333%", "5%", "100%", "12.3457%", "20.5%", "50%"])
        if scheme.hasOwnRate {
            rules.append(("rate", "tenant"))
        } else if random.chance(55), let rate {
            rules.append(("rate", rate))
        }
        if rules.contains(where: { $0.0 == "rate" }), random.chance(40) { rules.append(("rate-rule", "exact")) }
        if scheme.hasOwnCap {
            rules.append(("cap", "tenant"))
        } else if random.chance(80) {
            rules.append(("cap", ModelJSON.yuan(isRich ? hugeAmount(&random) : Int64(50_000 + random.below(400_000)))))
        }
        if let window = random.pick(GeneratorWorld.windows), window != "none" || random.chance(50) {
            rules.append(("window", window))
        }
        if random.chance(70) { rules.append(("window-governs", random.chance(50) ? "payment" : "cost")) }
        if random.chance(40) {
            rules.append(("conditions", random.chance(50) ? conditions[0] : conditions.joined(separator: ",")))
        }
        if let payers = scheme.payers {
            rules.append(("payers", payers.joined(separator: ",")))
        } else if random.chance(30) {
            rules.append(("payers", "*"))
        }
        return rules
    }

    /// The commands that make the world. Some facts are left out, so that what needs them is refused for a while.
    func setup(_ random: inout SplitMix64) -> [ModelRequest] {
        var setup = [
            ModelRequest("TENANT.CREATE", [("tenant", root), ("name", "上海")]),
            ModelRequest("TENANT.CREATE", [("tenant", family[1]), ("parent", root), ("name", "临港")]),
            ModelRequest("TENANT.CREATE", [("tenant", family[2]), ("parent", root), ("name", "张江")]),
            ModelRequest("TENANT.CREATE", [("tenant", family[3]), ("parent", family[1]), ("name", "zone")]),
            ModelRequest("TENANT.CREATE", [("tenant", island), ("name", "elsewhere")]),
        ]
        setup += partyFacts.map { ModelRequest("PARTY.PUT", $0) }
        setup += schemes.map { ModelRequest("SCHEME.PUT", $0.arguments) }
        for scheme in schemes {
            for payer in scheme.payers ?? (scheme.owner == island ? [island] : family) where random.chance(85) {
                var set = [("tenant", payer), ("scheme", scheme.name)]
                if scheme.hasOwnRate { set.append(("rate", "40%")) }
                if scheme.hasOwnCap && random.chance(90) { set.append(("cap", "3000")) }
                if set.count > 2 { setup.append(ModelRequest("SCHEME.SET", set)) }
            }
            for number in 1...2 { setup += subject(scheme, number, &random) }
        }
        for tenant in family + [island] {
            for year in 2022...2026 where random.chance(70) {
                setup.append(
                    ModelRequest(
                        "APPROPRIATE",
                        [
                            ("tenant", tenant), ("fund", "general"), ("year", "\(year)"),
                            (
                                "amount",
                                ModelJSON.yuan(isRich ? hugeAmount(&random) : Int64(200_000 + random.below(900_000)))
                            ),
                            ("key", "budget-\(year)"), ("date", "2022-01-0\(1 + random.below(9))"),
                        ]))
            }
        }
        return setup
    }

    var partyFacts: [[(String, String)]] {
        [
            [
                ("tenant", root), ("party", "maker"), ("kind", "company"), ("name", "制造"),
                ("uscc", "91310115MA1K3XYA1K"),
            ],
            [("tenant", root), ("party", "linked-1"), ("kind", "company"), ("name", "one"), ("group", groups[0])],
            [("tenant", root), ("party", "linked-2"), ("kind", "company"), ("name", "two"), ("group", groups[0])],
            [("tenant", root), ("party", "solo"), ("kind", "person"), ("name", "solo"), ("group", groups[1])],
            [("tenant", family[1]), ("party", "local"), ("kind", "company"), ("name", "near")],
            // The same id again, nearer to some of the tenants, and in no group.
            [("tenant", family[1]), ("party", "linked-2"), ("kind", "company"), ("name", "two of the zone")],
            [("tenant", island), ("party", "islander"), ("kind", "company"), ("name", "far")],
        ]
    }

    private func subject(_ scheme: Scheme, _ number: Int, _ random: inout SplitMix64) -> [ModelRequest] {
        let payer = random.pick(scheme.payers ?? [scheme.owner]) ?? scheme.owner
        let name = scheme.isOfGroups ? groups[number - 1] : "s\(number)"
        let party =
            switch (scheme.isOfGroups, number, scheme.owner == island) {
            case (_, _, true): "islander"
            case (true, 1, _): "linked-1"
            case (true, _, _): "solo"
            default: random.pick(["maker", "solo", "linked-2"]) ?? "maker"
            }
        let opened = random.pick(["2023-01-01", "2022-06-01", "2020-02-29", "2023-03-31", "2022-12-31", "2023-02-28"])
        let place = [("tenant", payer), ("scheme", scheme.name), ("subject", name)]
        var requests = [
            ModelRequest("SUBJECT.OPEN", place + [("party", party), ("opened", opened ?? "2023-01-01")])
        ]
        let text = scheme.arguments.first { $0.0 == "conditions" }?.1 ?? ""
        for condition in text.split(separator: ",") where random.chance(85) {
            let date = random.pick(["2022-11-11", "2023-01-15", "2023-05-01"]) ?? "2023-01-15"
            requests.append(
                ModelRequest("CONDITION.MEET", place + [("condition", String(condition)), ("date", date)]))
        }
        let isYearly = scheme.arguments.contains { $0.1 == "calendar-year" }
        for year in isYearly ? [2023, 2024] : [0] where random.chance(85) {
            let amount = isRich ? hugeAmount(&random) : Int64(200_000 + random.below(800_000))
            var basis = place + [("amount", ModelJSON.yuan(amount)), ("date", "2023-01-01")]
            basis.append(("key", "basis-\(scheme.owner)-\(scheme.name)-\(name)-\(year)"))
            if isYearly { basis.append(("period", "\(year)")) }
            requests.append(ModelRequest("BASIS.SET", basis))
        }
        return requests
    }
}

extension ModelJSON {
    /// Fen as a request may write them.
    static func yuan(_ fen: Int64) -> String {
        if case .string(let text) = ModelJSON.money(fen) { text } else { "" }
    }
}
