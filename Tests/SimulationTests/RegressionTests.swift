import LedgerCore
import LineProtocol
import TestKit
import Testing

/// What went wrong in other ledgers, each under its name, so that it stays known what must not happen here.
struct RegressionTests {
    private var ledger: MemoryLedger

    init() throws {
        ledger = MemoryLedger(today: Day(year: 2024, month: 5, day: 1))
        for line in [
            "TENANT.CREATE tenant=shanghai name=city", "TENANT.CREATE tenant=lingang parent=shanghai name=zone",
            "TENANT.CREATE tenant=zhangjiang parent=shanghai name=park",
            "PARTY.PUT tenant=shanghai party=acme kind=company name=Acme",
            "SCHEME.PUT tenant=shanghai scheme=capped version=1 name=capped subject-kind=project cap=1000",
            "SCHEME.PUT tenant=shanghai scheme=third version=1 name=third subject-kind=project rate=33.3333%",
            "SUBJECT.OPEN tenant=lingang scheme=capped subject=S1 party=acme opened=2024-01-01",
            "SUBJECT.OPEN tenant=lingang scheme=third subject=T1 party=acme opened=2024-01-01",
            "APPROPRIATE tenant=lingang fund=general year=2024 amount=5000 date=2024-01-01 key=b24",
            "APPROPRIATE tenant=lingang fund=general year=2025 amount=5000 date=2024-01-01 key=b25",
            "APPROPRIATE tenant=zhangjiang fund=general year=2024 amount=5000 date=2024-01-01 key=b24",
        ] { try expect("+", line) }
    }

    /// A hold was taken, and the next one was judged as if it were not there: together they passed the limit.
    @Test mutating func aHoldThatWasNotCountedAgainstTheLimit() throws {
        try expect("+", "COMMIT tenant=lingang award=A scheme=capped subject=S1 amount=600 date=2024-02-01 key=a")
        let second = "COMMIT tenant=zhangjiang award=B scheme=capped subject=S1 amount=400.01 date=2024-02-01 key=b"
        let refusal = try expect("CAP_EXCEEDED", second).refusal
        #expect(refusal?.fields.contains(Field("remaining", .amount(Amount(fen: 40_000)))) == true)
        // Neither payment nor recovery without restoring makes room.
        try expect("+", "DISBURSE tenant=lingang award=A amount=600 date=2024-02-02 key=p")
        try expect("CAP_EXCEEDED", second)
        try expect("+", "RECOVER tenant=lingang award=A amount=600 restore=no date=2024-02-03 key=r")
        try expect("CAP_EXCEEDED", second)
        // Holds that are decided together see each other.
        let halves = ["h1", "h2"].map {
            "COMMIT tenant=zhangjiang award=\($0) scheme=capped subject=S1 amount=250 date=2024-02-04 key=\($0)"
        }
        let vouchers = try halves.map(envelope)
        guard case .aborted(index: 1, let reason) = ledger.answer(group: vouchers) else {
            Issue.record("both holds were taken")
            return
        }
        #expect(reason.code == .capExceeded)
    }

    /// A hold was refused, and yet it lay there: when room was made, or by what followed it, it came into force.
    @Test mutating func aRefusedHoldThatCouldBeAppliedLater() throws {
        let hold = "COMMIT tenant=lingang award=A scheme=third subject=T1 amount=50 date=2024-02-01 key=a"
        try expect("CAP_EXCEEDED", hold)
        let before = ledger.books(of: "lingang")
        try expect("CAP_EXCEEDED", hold)
        #expect(ledger.books(of: "lingang")?.nextNumber == before?.nextNumber)
        for (index, verb) in ["DISBURSE", "RELEASE", "RECOVER"].enumerated() {
            try expect("NOT_FOUND", "\(verb) tenant=lingang award=A amount=50 date=2024-02-02 key=x\(index)")
        }
        try expect("+", "BASIS.SET tenant=lingang scheme=third subject=T1 amount=1000 date=2024-02-02 key=basis")
        #expect(ledger.books(of: "lingang")?.awards.isEmpty == true)
        // Its key is free: what is posted under it now is posted now, and with its own content.
        let other = "COMMIT tenant=lingang award=A scheme=third subject=T1 amount=20 date=2024-02-03 key=a"
        guard case .posted(let receipt) = try expect("+", other) else { return }
        #expect(!receipt.isReplay)
        #expect(receipt.award?.committed == Amount(fen: 2_000))
        try expect("KEY_CONFLICT", hold)
    }

    /// A figure was changed in one place, and no entry told of it: the balance could not be explained any more.
    @Test mutating func aBalanceMovedWithoutItsTransfer() throws {
        var posted = 0
        for line in [
            "COMMIT award=A scheme=capped subject=S1 amount=900 schedule=2024:500,2025:400 date=2024-02-01",
            "RESCHEDULE award=A from=2025 to=2024 amount=100 date=2024-02-02",
            "DISBURSE award=A amount=300.33 date=2024-02-03", "SETTLE entry=E2-5 date=2024-02-04",
            "RELEASE award=A amount=0.67 date=2024-02-05", "RECOVER award=A amount=100 date=2024-02-06",
            "RECOVER award=A amount=0.33 restore=no date=2024-02-07", "REVERSE entry=E2-8 date=2024-02-08",
            "REVERSE entry=E2-6 date=2024-02-09", "REVERSE entry=E2-7 date=2024-02-10",
            "APPROPRIATE fund=general year=2024 amount=100 change=cut date=2024-02-11",
            "CARRY fund=general from=2024 to=2025 amount=50 date=2024-02-12",
        ] {
            posted += 1
            try expect("+", "\(line) tenant=lingang key=k\(posted)")
            let books = try #require(ledger.books(of: "lingang"))
            let journal = books.entries.values.sorted { ($0.tenant, $0.sequence) < ($1.tenant, $1.sequence) }
            #expect(SimulatedAudit.difference(of: books, journal: journal) == nil, "after \(line)")
        }
    }

    /// A share was rounded piece by piece, and each piece lost a fraction of a cent, or found one.
    @Test mutating func aFractionOfACentLost() throws {
        // 33.3333 % of 100.01 is 33.336…: 33.33, once for all pieces.
        try expect("+", "BASIS.SET tenant=lingang scheme=third subject=T1 amount=100.01 date=2024-02-01 key=basis")
        let commit = "COMMIT tenant=lingang award=A scheme=third subject=T1 date=2024-02-02"
        for (index, amount) in ["11.11", "0.01", "11.11", "11.09"].enumerated() {
            try expect("+", "\(commit) amount=\(amount) key=c\(index)")
        }
        guard case .posted(let last) = try expect("+", "\(commit) amount=1 fit=room key=rest") else { return }
        #expect(last.amount == Amount(fen: 1))
        #expect(last.award?.remaining == .zero)
        try expect("CAP_EXCEEDED", "\(commit) amount=0.01 key=more")
        // A schedule says of every fen in which year it is; what is a fen short is not evened out.
        let schedule = "schedule=2024:3.33,2025:3.33"
        try expect("INVALID_ARGUMENT", "\(commit) amount=6.67 \(schedule) key=uneven")
        // Paid in thirds and a rest, and given back in halves: nothing is left, and nothing is missing.
        for (index, amount) in ["11.11", "11.11", "11.10", "0.01"].enumerated() {
            try expect("+", "DISBURSE tenant=lingang award=A amount=\(amount) date=2024-02-03 key=p\(index)")
        }
        try expect("AWARD_EXCEEDED", "DISBURSE tenant=lingang award=A amount=0.01 date=2024-02-03 key=over")
        for (index, amount) in ["16.66", "16.67"].enumerated() {
            try expect("+", "RECOVER tenant=lingang award=A amount=\(amount) date=2024-02-04 key=r\(index)")
        }
        let award = ledger.books(of: "lingang")?.awards.values.first
        #expect(award?.committed == .zero && award?.disbursed == .zero)
        #expect(award?.recovered == Amount(fen: 3_333))
    }

    // MARK: Speaking

    @discardableResult
    private mutating func expect(
        _ code: String, _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Outcome {
        let answer = ledger.answer(raw(line))
        let outcome = try #require(answer, sourceLocation: sourceLocation)
        let refusal = outcome.refusal
        #expect(refusal?.code.name ?? "+" == code, "\(line): \(refusal?.message ?? "")", sourceLocation: sourceLocation)
        return outcome
    }

    private func envelope(_ line: String) throws -> Envelope {
        guard case .command(let command) = try RequestParser.parse(raw(line), tenant: nil).get() else {
            throw Refusal(.badRequest, "\(line) is no command")
        }
        return Envelope(command: command, principal: "operator")
    }

    private func raw(_ line: String) -> RawRequest {
        let words = line.split(separator: " ").map(String.init)
        return RawRequest(verb: words[0], words: Array(words.dropFirst()))
    }
}
