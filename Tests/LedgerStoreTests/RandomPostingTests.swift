import LedgerCore
@testable import LedgerStore
import LineProtocol
import Postgres
import TestKit
import Testing

/// The books in the database against the same core with its books in memory: what is loaded and written loses nothing.
struct RandomPostingTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func databaseAndMemoryAgree(seed: UInt64) throws {
        let ledger = try TestLedger(today: "2023-12-31")
        let other = try TestLedger(today: "2023-12-31", on: ledger.database)
        var memory = MemoryLedger(today: try #require(Day("2023-12-31")))
        memory.now = ledger.now
        for line in RandomLines.town.split(separator: "\n") {
            let outcome = try ledger.send(String(line))
            #expect(outcome == memory.answer(try raw(String(line))), "\(line)")
        }

        var lines = RandomLines(seed: seed)
        var random = SeededGenerator(seed: seed)
        var codes: Set<String> = []
        for _ in 0..<250 {
            // Two daemons take turns; each begins now and then without what it remembered.
            let turn = Bool.random(using: &random) ? ledger : other
            if Int.random(in: 0..<20, using: &random) == 0 {
                turn.writer = try LedgerWriter(conninfo: ledger.database.conninfo, sealer: .forTests)
            }
            let batch = (0..<Int.random(in: 1...8, using: &random)).map { _ in lines.next() }
            let outcomes = try turn.batch(batch)
            for (line, outcome) in zip(batch, outcomes) {
                let expected = memory.answer(try raw(line))
                #expect(outcome == expected, "seed \(seed): \(line)")
                lines.note(outcome, of: line)
                codes.insert(outcome.refusal?.code.name ?? "+")
            }
        }
        #expect(codes.count > 10, "too tame: \(codes)")
        try compareRows(ledger, memory)
        try compareRemaining(ledger, &memory)
        for tenant in ["city", "north", "south"] {
            let check = try ledger.send("CHECK tenant=\(tenant)")
            #expect(check["ok"] == "true", "\(check.fields)")
            let balance = try ledger.send("TRIAL.BALANCE tenant=\(tenant)")
            #expect(balance["debits"] == balance["credits"])
        }
        #expect(try Invariants.violations(in: ledger.database) == [])
        #expect(Invariants.queryCount > 20)
    }

    private func raw(_ line: String) throws -> RawRequest {
        var decoder = RequestDecoder()
        decoder.append(Array("\(line)\n".utf8))
        guard case .request(let raw) = decoder.next() else { throw TestLedger.Unfit(line: line) }
        return raw
    }

    /// Every row of every kind, as a batch would load it.
    private func compareRows(_ ledger: TestLedger, _ memory: MemoryLedger) throws {
        let expected = try #require(memory.books(of: "city"))
        var wanted = Wanted()
        wanted.tenants = Set(expected.registry.tenants.keys)
        wanted.entries = Set(expected.entries.keys)
        wanted.awards = Set(expected.awards.values.map(\.name))
        wanted.subjects = Set(expected.subjects.values.map(\.name))
        wanted.parties = Set(expected.parties.values.map { PartyName(owner: $0.owner, party: $0.facts.party) })
        wanted.funds = Set(expected.funds.values.map(\.name))
        var connection = try Session.open(ledger.database.conninfo, Session.forReading)
        let registry = try Registry.load(root: expected.registry.root, from: &connection)
        var found = Books(registry: registry)
        let load = Wanted.Load(wanted, root: registry.root)
        try load.read(connection.pipeline(load.statements)[...], into: &found)
        try Wanted.complete(&found, after: wanted, on: &connection)

        #expect(found.registry.tenants == expected.registry.tenants)
        #expect(found.registry.schemes == expected.registry.schemes)
        #expect(found.registry.parameters == expected.registry.parameters)
        #expect(found.parties == expected.parties)
        #expect(found.subjects == expected.subjects)
        #expect(found.caps == expected.caps)
        #expect(found.awards == expected.awards)
        #expect(found.funds == expected.funds)
        #expect(found.budgets == expected.budgets)
        #expect(found.entries == expected.entries)
        #expect(found.marks == expected.marks.filter { $0.value != Mark() })
        #expect(found.keys == expected.keys)
        #expect(
            found.heads.mapValues(\.lastSequence).filter { $0.value > 0 } == expected.heads.mapValues(\.lastSequence))
        #expect(
            found.heads.mapValues(\.closedThrough)
                == expected.heads.mapValues(\.closedThrough).merging([1: nil]) { old, _ in old })
        #expect(Set(found.entries.values.map(\.kind)).count == EntryKind.allCases.count)
        #expect(found.marks.count > 3)
    }

    private func compareRemaining(_ ledger: TestLedger, _ memory: inout MemoryLedger) throws {
        var lines: [String] = []
        for subject in [
            "pilot subject=S1", "pilot subject=S2", "founder subject=S1", "deal subject=S1", "yearly subject=S1",
            "rolling subject=S1", "clan subject=G1", "clan subject=G2",
        ] {
            for tenant in ["city", "north", "south", "nobody"] {
                for tail in ["", " amount=10", " on=2023-03-01", " on=2023-05-01 amount=400", " period=2024"] {
                    lines.append("REMAINING tenant=\(tenant) scheme=\(subject)\(tail)")
                }
            }
        }
        let outcomes = try ledger.reader.answer(lines.map { try TestLedger.query($0) }, at: ledger.now)
        for (line, outcome) in zip(lines, outcomes) {
            #expect(outcome == memory.answer(try raw(line)), "\(line)")
        }
        // Those without `on` take the short way when they come alone.
        let now = lines.filter { !$0.contains(" on=") }
        let again = try ledger.reader.answer(now.map { try TestLedger.query($0) }, at: ledger.now)
        for (line, outcome) in zip(now, again) { #expect(outcome == memory.answer(try raw(line)), "\(line)") }
    }
}
