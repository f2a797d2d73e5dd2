import LedgerCore

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same lines.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Lines of every posting verb and most registrations over a small city, often such that something refuses them.
struct RandomLines {
    private var random: SeededGenerator
    private var keys = 0
    private var posted: [String: Int64] = [:]
    /// What was last to be settled, by tenant.
    private var settled: [String: String] = [:]

    static let town = """
        TENANT.CREATE tenant=city name=City
        TENANT.CREATE tenant=north parent=city name=North
        TENANT.CREATE tenant=south parent=city name=South
        SCHEME.PUT tenant=city scheme=pilot version=1 name=Pilot subject-kind=project rate=50% cap=1000 window=P3Y \
        conditions=filed
        SCHEME.PUT tenant=city scheme=founder version=1 name=Founder subject-kind=company rate=tenant cap=tenant
        SCHEME.PUT tenant=city scheme=deal version=1 name=Deal subject-kind=deal rate=5% rate-rule=exact \
        payers=north,south
        SCHEME.PUT tenant=city scheme=yearly version=1 name=Yearly subject-kind=company rate=10% cap=500 \
        window=calendar-year
        SCHEME.PUT tenant=city scheme=rolling version=1 name=Rolling subject-kind=company cap=500 window=rolling-P12M
        SCHEME.PUT tenant=north scheme=clan version=1 name=Clan subject-kind=group cap=700
        PARTY.PUT tenant=city party=acme kind=company name=Acme group=G1
        PARTY.PUT tenant=city party=bolt kind=company name=Bolt group=G1
        PARTY.PUT tenant=north party=acme kind=company name=Nacme group=G1
        SUBJECT.OPEN tenant=north scheme=pilot subject=S1 party=acme opened=2023-01-15
        SUBJECT.OPEN tenant=north scheme=pilot subject=S2 party=bolt opened=2023-01-15
        SUBJECT.OPEN tenant=south scheme=founder subject=S1 party=acme opened=2023-01-15
        SUBJECT.OPEN tenant=south scheme=deal subject=S1 party=bolt opened=2023-01-15
        SUBJECT.OPEN tenant=south scheme=yearly subject=S1 party=bolt opened=2023-01-15
        SUBJECT.OPEN tenant=south scheme=rolling subject=S1 party=acme opened=2023-01-15
        SUBJECT.OPEN tenant=north scheme=clan subject=G1 party=acme opened=2023-01-15
        CONDITION.MEET tenant=north scheme=pilot subject=S1 condition=filed date=2023-01-20 evidence=no.7
        APPROPRIATE tenant=north fund=general year=2023 amount=3000 date=2023-01-02 key=n23
        APPROPRIATE tenant=north fund=general year=2024 amount=2000 date=2023-01-02 key=n24
        APPROPRIATE tenant=south fund=general year=2023 amount=3000 date=2023-01-02 key=s23
        """

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// Tells how far a journal is, so that later lines name entries that stand.
    mutating func note(_ outcome: Outcome, of line: String) {
        guard case .posted(let receipt) = outcome, let entry = receipt.entry else { return }
        posted[line.contains("tenant=north") ? "north" : "south"] = entry.sequence
    }

    mutating func next() -> String {
        let tenant = pick(["north", "south"])
        if Int.random(in: 0..<12, using: &random) == 0 { return registration(tenant) }
        keys += 1
        // Now and then a key comes back.
        let key = Int.random(in: 0..<25, using: &random) == 0 ? keys / 2 + 1 : keys
        let line = "\(posting(tenant)) tenant=\(tenant) date=\(date) key=k\(key)"
        return Int.random(in: 0..<20, using: &random) == 0 ? line + " dry-run=yes" : line
    }

    private mutating func posting(_ tenant: String) -> String {
        let number = Int.random(in: 1...8, using: &random)
        let award = "A\(number)"
        switch Int.random(in: 0..<20, using: &random) {
        case 0: return "APPROPRIATE fund=\(fund) year=\(year) amount=\(amount) change=\(pick(["add", "add", "cut"]))"
        case 1: return "CARRY fund=general from=2023 to=2024 amount=\(part)"
        case 2, 3: return "BASIS.SET \(subject) amount=\(Int.random(in: 0...3_000, using: &random))"
        case 4:
            return
                "BASIS.SET scheme=yearly subject=S1 period=\(year) amount=\(Int.random(in: 0...6_000, using: &random))"
        case 5: return "COMMIT award=\(award) \(subject(of: number)) amount=30 schedule=2023:10,2024:20"
        case 6, 7, 8: return "COMMIT award=\(award) \(subject(of: number)) amount=\(amount) \(extras)"
        case 9, 10, 11: return "DISBURSE award=\(award) amount=\(part) ref=\"bank \\\"7\\\"\""
        case 12: return "RELEASE award=\(award) amount=\(part)"
        case 13, 14: return "RECOVER award=\(award) amount=\(part) restore=\(pick(["yes", "no"]))"
        case 15: return "RESCHEDULE award=\(award) from=2023 to=2024 amount=\(part)"
        case 16: return "RETURN entry=\(settled[tenant] ?? entry(tenant))"
        case 17, 18:
            let entry = entry(tenant)
            settled[tenant] = entry
            return "SETTLE entry=\(entry)"
        default: return "REVERSE entry=\(entry(tenant))"
        }
    }

    private mutating func registration(_ tenant: String) -> String {
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            return "SCHEME.SET tenant=\(tenant) scheme=founder rate=\(Int.random(in: 1...100, using: &random))% cap=800"
        case 1: return "PARTY.PUT tenant=city party=acme kind=company name=Acme\(keys) group=G1 bank=\"银行 \(keys)\""
        case 2:
            return
                "CONDITION.MEET tenant=north scheme=pilot subject=S2 condition=filed date=2023-0\(pick(["2", "3"]))-01"
        case 3:
            return
                "SUBJECT.OPEN tenant=north scheme=pilot subject=S3 party=\(pick(["acme", "bolt"])) "
                + "opened=\(date) correct=yes"
        case 4:
            return "SCHEME.PUT tenant=city scheme=pilot version=\(Int.random(in: 2...4, using: &random)) name=Pilot "
                + "subject-kind=project rate=40% cap=900 conditions=filed,listed payers=north section=2.3"
        case 5: return "PERIOD.CLOSE tenant=\(tenant) through=2023-01-\(pick(["05", "06", "07"]))"
        default: return "PARTY.PUT tenant=\(tenant) party=party\(keys) kind=person name=Somebody"
        }
    }

    private static let subjects = [
        "scheme=pilot subject=S1", "scheme=pilot subject=S2", "scheme=pilot subject=S3", "scheme=founder subject=S1",
        "scheme=deal subject=S1", "scheme=yearly subject=S1", "scheme=rolling subject=S1", "scheme=clan subject=G1",
    ]

    private var subject: String { mutating get { pick(Self.subjects) } }

    /// An award keeps to one subject, mostly.
    private mutating func subject(of award: Int) -> String {
        Int.random(in: 0..<15, using: &random) == 0 ? subject : Self.subjects[award % Self.subjects.count]
    }

    private var extras: String {
        mutating get { pick(["", "", "fit=room", "fund=special", "party=bolt", "party=acme"]) }
    }

    private var amount: String {
        mutating get { "\(Int.random(in: 0...150, using: &random)).\(Int.random(in: 1...99, using: &random))" }
    }

    /// Of a commitment.
    private var part: String {
        mutating get { "\(Int.random(in: 0...30, using: &random)).\(Int.random(in: 1...99, using: &random))" }
    }

    private var date: String {
        mutating get {
            Day(year: 2023, month: 1, day: 4).adding(days: Int32(keys / 4 + Int.random(in: 0...1, using: &random)))
                .description
        }
    }

    private var year: String { mutating get { pick(["2023", "2024"]) } }
    private var fund: String { mutating get { pick(["general", "general", "special"]) } }

    private mutating func entry(_ tenant: String) -> String {
        "E\(tenant == "north" ? 2 : 3)-\(Int64.random(in: 1...max(1, posted[tenant] ?? 1), using: &random))"
    }

    private mutating func pick(_ words: [String]) -> String { words[Int.random(in: 0..<words.count, using: &random)] }
}
