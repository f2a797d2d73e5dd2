import LedgerCore
import LedgerStore
import TestKit
import Testing

/// Answers to REMAINING that were given are given again only as long as they stand.
struct RememberedAnswersTests {
    private static let question = "REMAINING tenant=lingang scheme=pilot subject=P1"
    private static let payment = "DISBURSE tenant=lingang award=A1 amount=1 date=2023-08-02 key="

    private static func ledger() throws -> TestLedger {
        let ledger = try TestLedger()
        try ledger.load(PilotProjectTests.town + "\n" + PilotProjectTests.days)
        return ledger
    }

    @Test func whatIsPostedChangesThem() throws {
        let ledger = try Self.ledger()
        let other = try TestLedger(on: ledger.database)
        let first = try ledger.send(Self.question)
        #expect(try ledger.send(Self.question) == first)
        try ledger.load(Self.payment + "r1")
        let second = try ledger.send(Self.question)
        #expect(second["disbursed"] != first["disbursed"])
        // Another daemon's posting, of which this one is not told.
        try other.load(Self.payment + "r2")
        let third = try ledger.send(Self.question)
        #expect(third["disbursed"] != second["disbursed"])
        #expect(try other.send(Self.question) == third)
    }

    /// Old and new questions of one batch are answered as of one state.
    @Test func oneBatchIsOfOneState() throws {
        let ledger = try Self.ledger()
        let other = try TestLedger(on: ledger.database)
        let asked = try TestLedger.query(Self.question)
        let new = try TestLedger.query(Self.question + " amount=1")
        let first = try ledger.reader.answer([asked], at: ledger.now)[0]
        try other.load(Self.payment + "r1")
        let both = try ledger.reader.answer([asked, new], at: ledger.now)
        #expect(both[0]["disbursed"] == both[1]["disbursed"])
        #expect(both[0]["disbursed"] != first["disbursed"])
    }

    @Test func theyAreOfTheirDay() throws {
        let ledger = try Self.ledger()
        let day = try ledger.send(Self.question)["on"]
        ledger.now = Moment(microseconds: ledger.now.microseconds + 86_400_000_000)
        #expect(try ledger.send(Self.question)["on"] != day)
    }
}
