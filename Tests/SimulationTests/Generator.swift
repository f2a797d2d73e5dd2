/// Random commands over one small world of tenants, schemes and awards: the same seed gives the same commands.
///
/// It plays each command into books of its own, and looks at them to aim: an amount that is exactly what a limit holds,
/// or a fen more; an entry that is already reversed; a date on a window's edge. A world is small, so a run of many
/// commands takes a new generator, and new books, every few hundred. The `entry` arguments are the model's ids
/// (`e1`, `e2`, …): a caller that compares with other books puts theirs in place.
struct CommandGenerator {
    /// The day on which queries without a date are asked.
    let today: String
    /// The books after the command given last, and what they answered to it.
    var books = ReferenceBooks()
    private(set) var reply = ModelReply.accepted([:])

    var random: SplitMix64
    var world: GeneratorWorld
    /// The day around which commands are dated; it moves on.
    var clock = ModelDate(2023, 1, 10)
    var counter = 0
    var awards: [ModelAward] = []
    var subjects: [ModelSubjectRef] = []
    /// How many entries a command may name: those of a group that is being made are not known to its sender.
    var namableEntries: Int { scratchStart ?? books.entries.count }

    private var setup: [ModelRequest]
    /// What was posted, to be sent again.
    var posted: [ModelRequest] = []
    private var freedKeys: [String] = []
    /// While a group is made up: how many entries stood before it.
    var scratchStart: Int?

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        world = GeneratorWorld(seed: seed, &random)
        setup = world.setup(&random).reversed()
        today = random.pick(["2023-06-01", "2023-12-31", "2024-02-29", "2024-07-15", "2025-01-01"]) ?? "2024-01-01"
    }

    mutating func next() -> ModelRequest {
        let request: ModelRequest
        if let first = setup.popLast() {
            request = first
        } else if random.chance(3) {
            request = group()
        } else {
            request = varied(single())
        }
        clock = random.chance(60) ? clock.later(by: random.below(4)) : clock
        reply = books.answer(request, today: today)
        remember(request)
        return request
    }

    private mutating func single() -> ModelRequest {
        let roll = random.below(100)
        switch roll {
        case 0..<68: return posting()
        case 68..<72: return repeated() ?? posting()
        case 72..<85: return registry()
        default: return query()
        }
    }

    mutating func posting() -> ModelRequest {
        switch random.below(100) {
        case 0..<34: return commit()
        case 34..<54: return disburse()
        case 54..<61: return release()
        case 61..<69: return recover()
        case 69..<73: return reschedule()
        case 73..<82: return reverse()
        case 82..<86: return settle()
        case 86..<89: return giveBack()
        case 89..<93: return setBasis()
        case 93..<97: return appropriate()
        default: return carry()
        }
    }

    /// A new key, or one that a refused posting left free.
    mutating func key() -> String {
        if random.chance(10), let freed = random.pick(freedKeys) { return freed }
        counter += 1
        return "k\(counter)"
    }

    // MARK: memory

    private mutating func remember(_ request: ModelRequest) {
        switch reply {
        case .group(let replies):
            for (member, reply) in zip(request.group, replies) {
                note(member, reply)
                if isPosted(member) { posted.append(member) }
            }
        case .accepted:
            note(request, reply)
            if isPosted(request) { posted.append(request) }
        case .refused(let code, _):
            if code != "KEY_CONFLICT", let arguments = try? ModelGrammar.read(request), !arguments.key.isEmpty {
                freedKeys.append(arguments.key)
            }
        }
    }

    private func isPosted(_ request: ModelRequest) -> Bool {
        ModelGrammar.postingVerbs.contains(request.verb)
            && !request.arguments.contains { $0.name.lowercased() == "dry-run" }
    }

    /// Learns the subject or award that a command made.
    mutating func note(_ request: ModelRequest, _ reply: ModelReply) {
        guard reply.code == "+", let arguments = try? ModelGrammar.read(request) else { return }
        if arguments.verb == "SUBJECT.OPEN", let found = try? books.findSubject(arguments).0 {
            if !subjects.contains(found) { subjects.append(found) }
        }
        if arguments.verb == "COMMIT" {
            let ref = ModelAwardRef(tenant: arguments.tenant, award: arguments.id("award"))
            guard !awards.contains(where: { $0.ref == ref }), let award = books.entries(award: ref).first?.award else {
                return
            }
            awards.append(award)
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, seedable, the same on every machine.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 to one below `bound`; 0 where that is none.
    mutating func below(_ bound: Int) -> Int {
        bound > 1 ? Int(next() % UInt64(bound)) : 0
    }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ list: [Element]) -> Element? {
        list.isEmpty ? nil : list[below(list.count)]
    }

    mutating func shuffle<Element>(_ list: inout [Element]) {
        for index in list.indices.dropFirst().reversed() { list.swapAt(index, below(index + 1)) }
    }
}

extension ModelDate {
    func later(by days: Int) -> ModelDate { (0..<days).reduce(self) { date, _ in date.next } }
    func earlier(by days: Int) -> ModelDate { (0..<days).reduce(self) { date, _ in date.previous } }
}
