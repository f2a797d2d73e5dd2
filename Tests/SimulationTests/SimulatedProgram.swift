import LedgerCore
import LedgerServer
import LineProtocol

/// What the clients of a simulation ask for: a generator's commands, without its queries and without what is refused
/// before it reaches a queue. The commands that make the world come first, in `setup`.
struct SimulatedProgram {
    struct Item {
        let source: ModelRequest
        /// nil where it depends on what entries are called.
        let job: WriteJob?
    }

    let setup: [Item]
    let rest: [Item]
    /// Under which key each of the generator's entries (`e1`, `e2`, …) was posted: the daemon gives it another name.
    let keys: [String: SimulatedKey]

    /// In commands and queries.
    static let longestVoucher = 12

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var world = GeneratorWorld(seed: seed, &random)
        let setupLength = world.setup(&random).count
        let length = 200 + random.below(300)
        world.schemes = []

        var generator = CommandGenerator(seed: seed)
        setup = (0..<setupLength).compactMap { _ in SimulatedProgram.item(generator.next(), island: world.island) }
        rest = (0..<length).compactMap { _ in SimulatedProgram.item(generator.next(), island: world.island) }
        let entries = generator.books.entries
        let names = entries.map { ($0.id, SimulatedKey(tenant: $0.tenant, key: $0.arguments.key)) }
        keys = Dictionary(names) { first, _ in first }
    }

    private static func item(_ request: ModelRequest, island: String) -> Item? {
        // A voucher of two roots, or one that is too long, is refused by the connection.
        let roots = Set(request.group.map { $0["tenant"] == island })
        guard roots.count <= 1, request.group.count < longestVoucher, let job = job(request, name: \.self) else {
            return nil
        }
        return Item(source: request, job: job.envelopes.contains(where: \.namesEntry) ? nil : job)
    }

    /// The job that a connection makes of a request; nil where it makes none. `name` puts the daemon's names of entries
    /// in place of the generator's.
    static func job(_ request: ModelRequest, name: (String) -> String) -> WriteJob? {
        guard !request.group.isEmpty else {
            return envelope(request, name).map { $0.createsTenant ? .tenant($0) : .work(.single($0)) }
        }
        var envelopes: [Envelope] = []
        for member in request.group {
            guard let envelope = envelope(member, name) else { return nil }
            envelopes.append(envelope)
        }
        guard envelopes.count % 2 == 1 else { return .work(.group(envelopes)) }
        let query = VoucherPart.query(Query(tenant: envelopes[0].command.tenant, question: .check))
        return .voucher(envelopes.map(VoucherPart.command) + [query])
    }

    private static func envelope(_ request: ModelRequest, _ name: (String) -> String) -> Envelope? {
        let words = request.arguments.map { argument in
            let isEntry = argument.name.lowercased() == "entry"
            return "\(argument.name)=\(isEntry ? name(argument.value) : argument.value)"
        }
        switch RequestParser.parse(RawRequest(verb: request.verb, words: words), tenant: nil) {
        case .success(.command(let command)): return Envelope(command: command, principal: "operator")
        case .success, .failure: return nil
        }
    }
}

/// A key as clients know it.
struct SimulatedKey: Hashable, CustomStringConvertible {
    let tenant: String
    let key: String

    var description: String { "\(tenant)/\(key)" }
}

/// A request of a client, which it may send more than once.
final class SimulatedRequest {
    let number: Int
    private let source: ModelRequest?
    /// The same whenever it is sent; nil until it is sent first where it names an entry.
    private(set) var job: WriteJob?
    /// What the client takes for the answer.
    var verdict: Verdict?

    init(number: Int, _ item: SimulatedProgram.Item) {
        self.number = number
        source = item.source
        job = item.job
    }

    init(number: Int, job: WriteJob) {
        self.number = number
        source = nil
        self.job = job
    }

    func job(name: (String) -> String) -> WriteJob? {
        if job == nil { job = source.flatMap { SimulatedProgram.job($0, name: name) } }
        return job
    }
}

extension WriteJob {
    var envelopes: [Envelope] {
        switch self {
        case .work(let work): work.envelopes
        case .tenant(let envelope): [envelope]
        case .principal, .seal, .bank: []
        case .voucher(let parts):
            parts.compactMap { part in
                if case .command(let envelope) = part { envelope } else { nil }
            }
        }
    }

    /// The keys that it uses up where it is posted.
    var keys: [SimulatedKey] {
        envelopes.compactMap { envelope in
            guard case .posting(let posting) = envelope.command, !posting.isDryRun else { return nil }
            return SimulatedKey(tenant: posting.tenant, key: posting.key)
        }
    }
}

extension Envelope {
    fileprivate var namesEntry: Bool {
        guard case .posting(let posting) = command else { return false }
        switch posting.action {
        case .settle, .reverse, .giveBack: return true
        case .setBasis, .appropriate, .carry, .commit, .reschedule, .disburse, .release, .recover: return false
        }
    }

    fileprivate var createsTenant: Bool {
        guard case .registration(let registration) = command else { return false }
        if case .createTenant = registration.action { return true } else { return false }
    }
}
