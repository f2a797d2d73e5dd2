import ArgumentParser

/// What is asked of the ledger, over which books.
enum BenchScenario: String, CaseIterable, ExpressibleByArgument {
    case hot, spread, roots, mixed, remaining, refuse, lone

    /// Tenants, and what each of them has.
    struct Layout {
        let tenants: Int
        /// Whether each tenant is a root of its own; else all but the first stand below the first.
        let areRoots: Bool
        let subjects: Int
        let awardsPerSubject: Int

        var awards: Int { subjects * awardsPerSubject }
    }

    func layout(roots: Int) -> Layout {
        switch self {
        case .hot, .mixed, .remaining, .refuse, .lone:
            Layout(tenants: 1, areRoots: true, subjects: 100, awardsPerSubject: 10)
        case .spread: Layout(tenants: 20, areRoots: false, subjects: 50, awardsPerSubject: 10)
        case .roots: Layout(tenants: roots, areRoots: true, subjects: 1_000 / roots, awardsPerSubject: 10)
        }
    }

    var explanation: String {
        switch self {
        case .hot: "disbursements of 1,000 awards on one budget and one fund"
        case .spread: "disbursements of 10,000 awards of 1,000 subjects in 20 tenants of one root"
        case .roots: "disbursements of 10,000 awards of 1,000 subjects in 8 roots, or as many as --roots says"
        case .mixed: "half disbursements as in hot, half REMAINING"
        case .remaining: "REMAINING alone"
        case .refuse: "nine of ten are commitments over the cap, the tenth a disbursement"
        case .lone: "hot over one connection with one request in flight"
        }
    }
}

/// The requests of one scenario in one run: books of its own, so that runs never meet.
struct BenchWorkload: Sendable {
    /// One yuan at a time, an award lasts for ten million disbursements.
    private static let yuanPerAward = 10_000_000

    let scenario: BenchScenario
    let layout: BenchScenario.Layout
    /// Begins the names of its tenants.
    let run: String

    init(scenario: BenchScenario, run: String, roots: Int = 8) {
        self.scenario = scenario
        self.run = run
        layout = scenario.layout(roots: roots)
    }

    struct Request {
        let line: String
        /// The number of its tenant, where it is a posting.
        let tenant: Int?
    }

    func tenant(_ number: Int) -> String { "\(run)-\(scenario.rawValue)-\(number)" }

    static func key(connection: Int, number: Int) -> String { "\(connection)-\(number)" }

    /// `random` chooses the award.
    func request(connection: Int, number: Int, random: UInt64) -> Request {
        let chosen = Int(random >> 33)
        let tenant = chosen % layout.tenants
        let award = (chosen / layout.tenants) % layout.awards
        let subject = award % layout.subjects
        let isPosting =
            switch scenario {
            case .hot, .spread, .roots, .lone: true
            case .mixed: number % 2 == 0
            case .remaining: false
            case .refuse: number % 10 == 0
            }
        let name = self.tenant(tenant)
        let key = Self.key(connection: connection, number: number)
        if isPosting {
            return Request(
                line: "DISBURSE tenant=\(name) award=a\(award) amount=1 date=2024-06-01 key=\(key)", tenant: tenant)
        }
        if scenario == .refuse {
            return Request(
                line: "COMMIT tenant=\(name) award=a\(award) scheme=bench subject=s\(subject) "
                    + "amount=\(Self.yuanPerAward) date=2024-06-01 key=\(key)", tenant: tenant)
        }
        return Request(line: "REMAINING tenant=\(name) scheme=bench subject=s\(subject)", tenant: nil)
    }

    /// What makes its books, up to the awards.
    var foundation: [String] {
        return (0..<layout.tenants).flatMap { number in
            let name = tenant(number)
            let parent = layout.areRoots || number == 0 ? "" : " parent=\(tenant(0))"
            let cap = layout.awardsPerSubject * Self.yuanPerAward
            return [
                "TENANT.CREATE tenant=\(name)\(parent) name=\(name)",
                "SCHEME.PUT tenant=\(name) scheme=bench version=1 name=bench subject-kind=project cap=\(cap)",
                "PARTY.PUT tenant=\(name) party=acme kind=company name=Acme",
                "APPROPRIATE tenant=\(name) fund=general year=2024 amount=\(2 * cap * layout.subjects) "
                    + "date=2024-01-01 key=budget",
            ]
        }
    }

    var subjects: [String] {
        return (0..<layout.tenants).flatMap { number in
            (0..<layout.subjects).map {
                "SUBJECT.OPEN tenant=\(tenant(number)) scheme=bench subject=s\($0) party=acme opened=2024-01-01"
            }
        }
    }

    var awards: [String] {
        return (0..<layout.tenants).flatMap { number in
            (0..<layout.awards).map {
                "COMMIT tenant=\(tenant(number)) award=a\($0) scheme=bench subject=s\($0 % layout.subjects) "
                    + "amount=\(Self.yuanPerAward) date=2024-02-01 key=a\($0)"
            }
        }
    }
}
