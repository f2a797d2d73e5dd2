import Crypto
import LedgerCore
import LedgerStore
import LineProtocol
import Postgres
import Testing

/// A ledger on a database of its own, which takes lines as clients send them and answers what they would be told.
final class TestLedger {
    let database: TestDatabase
    var writer: LedgerWriter
    var reader: LedgerReader<Outcome>
    var now: Moment
    private var roots: [String: Int32] = [:]

    init(today: String = "2023-07-01", on database: TestDatabase? = nil) throws {
        let database = try database ?? TestDatabase()
        self.database = database
        writer = try LedgerWriter(conninfo: database.conninfo, sealer: .forTests)
        reader = try LedgerReader(conninfo: database.conninfo)
        let day = try #require(Day(today))
        now = Moment(microseconds: (Int64(day.number) * 24 + 4) * 3_600_000_000)
    }

    /// One request.
    @discardableResult
    func send(_ line: String) throws -> Outcome {
        switch try TestLedger.parse(line) {
        case .failure(let refusal): return .refused(refusal)
        case .success(.query(let query, _)): return try reader.answer([query], at: now)[0]
        case .success(.command(let command)): return try post(command)
        case .success(.bank(let request)): return try reconcile(request)
        case .success(.session): throw Unfit(line: line)
        }
    }

    /// A request of the bank's side, with the postings that it asks for in between; `mostSteps` stops it early, as if
    /// the daemon had been killed.
    @discardableResult
    func reconcile(_ asked: BankRequest, mostSteps: Int = 32) throws -> Outcome {
        var request = asked
        request.principal = "robot"
        let root = try root(of: request.tenant) ?? 0
        for _ in 0..<mostSteps {
            switch try writer.answer([request], root: root, at: now).first {
            case .one(let outcome)?: return outcome
            case .unfinished(let progress)?:
                request.progress = progress
                request.progress.postings = []
                for posting in progress.postings {
                    let outcome = try post(try posting.command(of: request.tenant).get())
                    if let refusal = outcome.refusal {
                        request.progress.refused[posting.match] = refusal
                    } else {
                        request.progress.posted += 1
                    }
                }
            default: throw Unfit(line: "\(request)")
            }
        }
        return .answered([])
    }

    /// Lines that must all be accepted; empty ones and those that begin with `#` are passed over.
    func load(_ lines: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        for line in lines.split(separator: "\n") where !line.hasPrefix("#") {
            let outcome = try send(String(line))
            #expect(
                outcome.refusal == nil, "\(line): \(outcome.refusal?.message ?? "")", sourceLocation: sourceLocation)
        }
    }

    /// Many commands as one batch.
    func batch(_ lines: [String]) throws -> [Outcome] {
        let work = try lines.map { Work.single(try TestLedger.envelope($0)) }
        let root = try #require(try root(of: work[0].envelopes[0].command.tenant))
        defer { writer.tidy() }
        return try writer.post(work, root: root, at: now).map { verdict in
            guard case .one(let outcome) = verdict else { throw Unfit(line: "a group") }
            return outcome
        }
    }

    func root(of tenant: String) throws -> Int32? {
        if let known = roots[tenant] { return known }
        roots[tenant] = try reader.place(of: tenant)?.root
        return roots[tenant]
    }

    private func post(_ command: Command) throws -> Outcome {
        let envelope = Envelope(command: command, principal: "operator")
        if case .registration(let registration) = command, case .createTenant = registration.action {
            return try writer.createTenant(envelope, at: now)
        }
        let verdicts = try writer.post([.single(envelope)], root: try root(of: command.tenant) ?? 0, at: now)
        guard verdicts.count == 1, case .one(let outcome) = verdicts[0] else { throw Unfit(line: "\(command)") }
        return outcome
    }

    // MARK: Lines

    static func parse(_ line: String) throws -> Result<ParsedRequest, Refusal> {
        var decoder = RequestDecoder()
        decoder.append(Array("\(line)\n".utf8))
        guard case .request(let raw) = decoder.next() else { throw Unfit(line: line) }
        return RequestParser.parse(raw, tenant: nil)
    }

    static func envelope(_ line: String) throws -> Envelope {
        guard case .success(.command(let command)) = try parse(line) else { throw Unfit(line: line) }
        return Envelope(command: command, principal: "operator")
    }

    static func query(_ line: String) throws -> Query {
        guard case .success(.query(let query, _)) = try parse(line) else { throw Unfit(line: line) }
        return query
    }

    struct Unfit: Error {
        let line: String
    }
}

extension Sealer {
    static let forTests = Sealer(Curve25519.Signing.PrivateKey())
}
