/// Other ways to send what was made up: again, in other words, wrong in several ways, many at once.
extension CommandGenerator {
    /// Now and then a dry run, faults of the request or of the books, or another way to write it.
    mutating func varied(_ plain: ModelRequest) -> ModelRequest {
        var request = plain
        let isPosting = ModelGrammar.postingVerbs.contains(request.verb)
        if isPosting, random.chance(6) { request = wrongInManyWays(request) }
        if isPosting, request["dry-run"] == nil, random.chance(5) {
            request.arguments.append(.init(name: "dry-run", value: "yes"))
        }
        if random.chance(4) { return faulty(request) }
        if random.chance(3) {
            request.verb = request.verb.lowercased()
            for index in request.arguments.indices { request.arguments[index].name.uppercaseFirst() }
        }
        if random.chance(10) { random.shuffle(&request.arguments) }
        return request
    }

    /// A posting that several rules refuse: which one comes first is the contract's business.
    private mutating func wrongInManyWays(_ plain: ModelRequest) -> ModelRequest {
        var request = plain
        request.remove("schedule")
        let faults = [
            ("tenant", random.pick(world.family + [world.island]) ?? world.root),
            ("amount", random.pick(["80000000000000", "1", "999999.99"]) ?? "1"),
            ("date", random.pick(["2022-03-01", "2023-01-01", "2024-02-29", "2031-01-01"]) ?? "2022-03-01"),
            ("fund", "special"), ("incurred", "2019-12-31"), ("party", random.chance(50) ? "solo" : "nobody"),
            ("award", random.pick(awards)?.ref.award ?? "none-such"), ("subject", random.chance(50) ? "s1" : "s2"),
            ("key", random.pick(posted)?["key"] ?? "k1"), ("year", "2029"),
        ]
        for _ in 0..<(2 + random.below(3)) {
            guard let (name, value) = random.pick(faults) else { continue }
            let isKnown = ModelGrammar.verbs[request.verb]?.contains { $0.name == name } ?? false
            if isKnown { request.set(name, value) }
        }
        return request
    }

    /// A posting sent again: the same, the same in other words, or with other content under its key.
    mutating func repeated() -> ModelRequest? {
        guard var request = random.pick(posted) else { return nil }
        switch random.below(6) {
        case 0: spellOut(&request)
        case 1: if request.value("amount") != nil { request.set("amount", "7.77") }
        case 2: request.set("date", clock.later(by: 500).text)
        case 3:
            let swapped = [
                "DISBURSE": "RELEASE", "RELEASE": "RECOVER", "SETTLE": "REVERSE", "REVERSE": "RETURN",
                "RETURN": "SETTLE",
            ]
            if request["ref"] == nil { request.verb = swapped[request.verb] ?? request.verb }
        default: break
        }
        if random.chance(15), request["dry-run"] == nil { request.set("dry-run", "yes") }
        return request
    }

    /// Says outright what was left out, in other words that mean the same.
    private mutating func spellOut(_ request: inout ModelRequest) {
        let amount = request.value("amount") ?? ""
        if !amount.isEmpty, !amount.contains(".") { request.set("amount", amount + ".00") }
        let defaults = ["COMMIT": ("fund", "general"), "RECOVER": ("restore", "yes"), "APPROPRIATE": ("change", "add")]
        if let (name, value) = defaults[request.verb], request.value(name) == nil { request.set(name, value) }
        guard request.verb == "COMMIT", let arguments = try? ModelGrammar.read(request) else { return }
        if let schedule = request.value("schedule") {
            request.set("schedule", schedule.split(separator: ",").reversed().joined(separator: ","))
        } else if arguments.text("fit") == "whole" {
            request.set("schedule", "\(arguments.date.year):\(amount)")
        }
        if request.value("party") == nil, let (_, subject) = try? books.findSubject(arguments) {
            request.set("party", subject.party.party)
        }
    }

    // MARK: groups

    /// Two to five well-formed requests for MULTI and EXEC: postings, in half of the groups with registrations and queries
    /// among them. Most that would be refused are left out, so that many groups stand.
    mutating func group() -> ModelRequest {
        let before = (books, awards, subjects)
        scratchStart = books.entries.count
        let isMixed = random.chance(50)
        var requests: [ModelRequest] = []
        while requests.count < 2 || random.chance(60) {
            let isPosting = !isMixed || random.chance(50)
            let request = isPosting ? (random.chance(10) ? repeated() : nil) ?? posting() : registrationOrQuery()
            // What a group of two roots is answered is asked of groups of postings alone.
            if isMixed, let first = requests.first, root(of: first) != root(of: request) { continue }
            guard (try? ModelGrammar.read(request)) != nil else { continue }
            let reply = books.answer(request, today: today)
            if reply.code != "+" && random.chance(85) { continue }
            note(request, reply)
            requests.append(request)
        }
        scratchStart = nil
        (books, awards, subjects) = before
        return ModelRequest(group: requests)
    }

    private func root(of request: ModelRequest) -> String? { books.path(request["tenant"] ?? "").last }
}

extension ModelRequest {
    /// The value of an argument, however its name is written.
    fileprivate func value(_ name: String) -> String? {
        arguments.first { $0.name.lowercased() == name }?.value
    }

    fileprivate mutating func set(_ name: String, _ value: String) {
        if let index = arguments.firstIndex(where: { $0.name.lowercased() == name }) {
            arguments[index].value = value
        } else {
            arguments.append(.init(name: name, value: value))
        }
    }

    fileprivate mutating func remove(_ name: String) { arguments.removeAll { $0.name.lowercased() == name } }
}

extension String {
    fileprivate mutating func uppercaseFirst() {
        self = prefix(1).uppercased() + dropFirst()
    }
}
