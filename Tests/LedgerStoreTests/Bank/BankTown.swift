import LedgerCore
import LedgerStore
import Reconciling
import Testing

/// A town with one fund, one account and parties that can be paid.
enum BankTown {
    static let account = "1001 2443 0902"

    static let registry = """
        TENANT.CREATE tenant=town name=Town
        SCHEME.PUT tenant=town scheme=grant version=1 name=Grant subject-kind=company cap=90000000
        PARTY.PUT tenant=town party=acme kind=company name=Acme bank=ICBC account="6222 0001"
        PARTY.PUT tenant=town party=bolt kind=company name=Bolt bank=BOC account=62220002
        PARTY.PUT tenant=town party=poor kind=company name=Poor
        SUBJECT.OPEN tenant=town scheme=grant subject=a party=acme opened=2024-01-01
        SUBJECT.OPEN tenant=town scheme=grant subject=b party=bolt opened=2024-01-01
        SUBJECT.OPEN tenant=town scheme=grant subject=p party=poor opened=2024-01-01
        APPROPRIATE tenant=town fund=general year=2024 amount=90000000 date=2024-01-02 key=fund
        COMMIT tenant=town award=A scheme=grant subject=a amount=1000000 date=2024-01-03 key=ca
        COMMIT tenant=town award=B scheme=grant subject=b amount=1000000 date=2024-01-03 key=cb
        COMMIT tenant=town award=P scheme=grant subject=p amount=1000000 date=2024-01-03 key=cp
        """

    /// Entries E1-5, E1-6 and E1-7.
    static let payments = """
        DISBURSE tenant=town award=A amount=100 date=2024-03-01 key=d1
        DISBURSE tenant=town award=A amount=200 date=2024-03-02 key=d2
        DISBURSE tenant=town award=B amount=300 date=2024-03-03 key=d3
        """

    static let fund = "FUND.PUT tenant=town fund=general bank=ICBKCNBJ account=\"1001 2443 0902\""

    static func ledger(today: String = "2024-04-15") throws -> TestLedger {
        let ledger = try TestLedger(today: today)
        try ledger.load([registry, payments, fund].joined(separator: "\n"))
        return ledger
    }

    static func reference(_ entry: Int64) throws -> String {
        try #require(PaymentReference(tenant: "town", entry: entry)).description
    }

    /// A statement over March with these lines; each is its amount and the rest of its arguments.
    static func statement(
        _ name: String = "march", opening: String = "1000.00", closing: String, from: String = "2024-03-01",
        to: String = "2024-03-31", _ lines: [(amount: String, rest: String)]
    ) -> String {
        let place = "tenant=town account=100124430902 statement=\(name)"
        let head = "STATEMENT.PUT \(place) from=\(from) to=\(to) opening=\(opening) closing=\(closing)"
        let sent = lines.enumerated().map { index, line in
            "STATEMENT.LINE \(place) line=\(index + 1) amount=\(line.amount) \(line.rest)"
        }
        return ([head] + sent + ["STATEMENT.CLOSE \(place)"]).joined(separator: "\n")
    }
}

extension TestLedger {
    func expect(
        _ line: String, _ figures: KeyValuePairs<String, String?>, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let outcome = try send(line)
        for (path, value) in figures {
            #expect(outcome[path] == value, "\(path) of \(line): \(outcome.fields)", sourceLocation: sourceLocation)
        }
    }

    func refusal(_ line: String) throws -> String {
        guard let refusal = try send(line).refusal else { return "accepted" }
        return "\(refusal.code.name): \(refusal.message)"
    }
}
