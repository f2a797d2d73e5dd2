import BankStatements
import LedgerCore
import Testing

/// Entries with transactions: batches, returns, reversals, and who the other side is.
@Suite struct CamtTransactionTests {
    /// The lines of an entry over 100.00 on the credit side.
    private func lines(
        version: Int = 4, _ transactions: [CamtWriter.Transaction], change: (inout CamtWriter.Entry) -> Void = { _ in }
    ) throws -> [BankLine] {
        var file = CamtWriter(version: version)
        file.entries[0].transactions = transactions
        change(&file.entries[0])
        if file.entries[0].side == "DBIT" { file.balances[1].1 = "900.00" }
        return try #require(try read(camt: file.document).first).lines
    }

    @Test(arguments: [false, true]) func aBatchThatAddsUpIsDivided(isOlderAmount: Bool) throws {
        let lines = try lines([
            .init(
                amount: "60.00", isOlderAmount: isOlderAmount, endToEndID: "P1", reference: "B1", remittance: ["one"]),
            .init(amount: "40.00", isOlderAmount: isOlderAmount, endToEndID: "P2", remittance: ["two"]),
        ])
        #expect(lines.map(\.amount) == [.yuan("60.00"), .yuan("40.00")])
        #expect(lines.map(\.endToEndID) == ["P1", "P2"])
        #expect(lines.map(\.reference) == ["B1", "BANK1"])
        #expect(lines.map(\.text) == ["one", "two"])
        #expect(lines.map(\.number) == [1, 2])
        #expect(lines.map(\.line) == [9, 10])
        #expect(lines.map(\.transactionCount) == [1, 1])
    }

    @Test func aTransactionMayHaveASideOfItsOwn() throws {
        let lines = try lines([
            .init(amount: "130.00", side: "CRDT"), .init(amount: "30.00", side: "DBIT", returnReason: "AC04"),
        ])
        #expect(lines.map(\.amount) == [.yuan("130.00"), .yuan("-30.00")])
        #expect(lines.map(\.isReturn) == [false, true])
    }

    @Test(
        arguments: [
            [.init(amount: "60.00", endToEndID: "P1"), .init(amount: "41.00")],
            [.init(amount: "60.00", endToEndID: "P1"), .init()],
            [.init(), .init()],
            [.init(amount: "60.00"), .init(amount: "40.00", currency: "USD")],
        ] as [[CamtWriter.Transaction]])
    func aBatchThatDoesNotAddUpIsOneLine(transactions: [CamtWriter.Transaction]) throws {
        let lines = try lines(transactions) { $0.text = "salaries" }
        #expect(lines.map(\.amount) == [.yuan("100.00")])
        #expect(lines.first?.endToEndID == nil)
        #expect(lines.first?.text == "salaries")
        #expect(lines.first?.transactionCount == 2)
    }

    @Test func aSingleTransactionMayBeToldInAnotherCurrency() throws {
        let lines = try lines([.init(amount: "13.95", currency: "USD", endToEndID: "P1")])
        #expect(lines.map(\.amount) == [.yuan("100.00")])
        #expect(lines.first?.endToEndID == "P1")
    }

    @Test func whatIsNotProvidedIsNone() throws {
        #expect(try lines([.init(endToEndID: "NOTPROVIDED")]).first?.endToEndID == nil)
    }

    @Test func aReversalKeepsTheSideThatIsWritten() throws {
        let lines = try lines([]) { $0.isReversal = true }
        #expect(lines.first?.amount == .yuan("100.00"))
        #expect(lines.first?.isReversal == true)
    }

    @Test func aReturnHasItsReason() throws {
        let line = try #require(
            try lines([.init(endToEndID: "P1", creditor: ("临港精工", "6217"), returnReason: "AC04")]).first)
        #expect(line.isReturn)
        #expect(line.returnReason == "AC04")
        #expect(line.endToEndID == "P1")
        #expect(line.counterparty.name == "临港精工")
    }

    @Test func theFamilyToldByTheBankMakesAReturnToo() throws {
        let line = try #require(try lines([]) { $0.family = "RRTN" }.first)
        #expect(line.isReturn)
        #expect(line.returnReason == nil)
        #expect(try lines([]) { $0.family = "DMCT" }.first?.isReturn == false)
    }

    /// Debtor, creditor, side, whether it is a return; and the name of the other side.
    @Test(
        arguments: [
            (("a", "1"), ("b", "2"), "CRDT", false, "a"),
            (("a", "1"), ("b", "2"), "DBIT", false, "b"),
            (("a", "1"), ("b", "2"), "CRDT", true, "b"),
            (("a", "1"), ("b", "2"), "DBIT", true, "a"),
            // Our own account decides, whatever the side.
            (("us", "6222000011112222"), ("b", "2"), "CRDT", false, "b"),
            (("a", "1"), ("us", "6222000011112222"), "CRDT", true, "a"),
            (("us", "6222000011112222"), ("b", "2"), "CRDT", true, "b"),
            (nil, ("b", "2"), "CRDT", false, "b"),
            (("a", "1"), nil, "DBIT", false, "a"),
        ] as [((String, String)?, (String, String)?, String, Bool, String)])
    func theOtherSide(
        debtor: (String, String)?, creditor: (String, String)?, side: String, isReturn: Bool, name: String
    ) throws {
        let transaction = CamtWriter.Transaction(
            debtor: debtor.map { ($0.0, $0.1) }, creditor: creditor.map { ($0.0, $0.1) },
            returnReason: isReturn ? "AC04" : nil)
        for version in [2, 8] {
            #expect(try lines(version: version, [transaction]) { $0.side = side }.first?.counterparty.name == name)
        }
    }
}
