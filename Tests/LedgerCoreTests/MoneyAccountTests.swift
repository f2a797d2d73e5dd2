import LedgerCore
import Testing

/// What is owed and what the bank has paid, on the accounts of money: no balance row holds them, only the transfers.
@Suite struct MoneyAccountTests {
    /// Debits less credits over all entries, by the account's name with its owner's: `payable Acme`, `cash general`.
    private func balances(_ town: TestBooks) -> [String: String] {
        var balances: [String: Amount] = [:]
        for transfer in town.books.entries.values.flatMap(\.transfers) {
            for (account, amount) in [(transfer.debit, transfer.amount), (transfer.credit, -transfer.amount)] {
                guard let slot = account.slot, [.expense, .cash, .payable, .receivable].contains(slot) else { continue }
                let owner = town.books.parties[account.owner]?.facts.party ?? town.books.funds[account.owner]?.name.fund
                balances["\(slot.word) \(owner ?? "nobody")", default: .zero] += amount
            }
        }
        return balances.filter { $0.value != .zero }.mapValues(\.yuan)
    }

    @Test func whatIsDisbursedIsOwedUntilTheBankHasPaid() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 600 2023-07-01")
        try town.run("DISBURSE A 300 2023-07-02 key=d")
        #expect(balances(town) == ["expense general": "300.00", "payable Acme": "-300.00"])
        try town.run("SETTLE @d 2023-07-03 key=s")
        #expect(balances(town) == ["expense general": "300.00", "cash general": "-300.00"])
        try town.run("REVERSE @s 2023-07-04\nREVERSE @d 2023-07-04")
        #expect(balances(town) == [:])
    }

    @Test func whatIsRecoveredIsOwedUntilItHasComeIn() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 600 2023-07-01\nDISBURSE A 300 2023-07-02 key=d")
        try town.run("SETTLE @d 2023-07-02\nRECOVER A 100 2023-07-03 key=r")
        #expect(balances(town)["receivable Acme"] == "100.00")
        try town.run("SETTLE @r 2023-07-04")
        #expect(balances(town) == ["expense general": "200.00", "cash general": "-200.00"])
    }

    /// Who is named by a later commitment is paid from then on; what was owed before is paid to whom it was owed.
    @Test func whoIsNamedLastIsPaid() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 300 2023-07-01\nDISBURSE A 100 2023-07-02 key=d")
        try town.run("COMMIT A capped C1 100 2023-07-03 party=Cone\nDISBURSE A 50 2023-07-03")
        #expect(balances(town) == ["expense general": "150.00", "payable Acme": "-100.00", "payable Cone": "-50.00"])
        // Nobody named is the subject's party, as the content of a key has it.
        try town.run("COMMIT A capped C1 100 2023-07-04\nDISBURSE A 50 2023-07-04\nSETTLE @d 2023-07-04")
        #expect(
            balances(town) == [
                "expense general": "200.00", "cash general": "-100.00", "payable Acme": "-50.00",
                "payable Cone": "-50.00",
            ])
    }

    /// The city paid Acme, then Cone; what it claims back it claims from who has it, the latest payee first.
    @Test func whatIsRecoveredIsClaimedFromWhoWasPaid() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 300 2023-07-01\nDISBURSE A 100 2023-07-02")
        try town.run("COMMIT A capped C1 100 2023-07-03 party=Cone\nRECOVER A 60 2023-07-04 key=r1")
        #expect(balances(town)["receivable Acme"] == "60.00" && balances(town)["receivable Cone"] == nil)
        // Acme has 40 of it left, Cone gets 50.
        try town.run("DISBURSE A 50 2023-07-05 key=d2\nRECOVER A 70 2023-07-06 key=r2")
        #expect(balances(town)["receivable Cone"] == "50.00" && balances(town)["receivable Acme"] == "80.00")
        // Both pay at once, and the claim can be taken back whole.
        try town.run("SETTLE @r2 2023-07-07 key=s")
        #expect(balances(town)["cash general"] == "70.00" && balances(town)["receivable Cone"] == nil)
        try town.run("REVERSE @s 2023-07-08\nREVERSE @r2 2023-07-08\nREVERSE @d2 2023-07-08")
        // Now Acme alone holds 40.
        try town.run("RECOVER A 41 2023-07-09 -> AWARD_EXCEEDED\nRECOVER A 40 2023-07-09")
        #expect(
            balances(town)
                == ["expense general": "0.00", "payable Acme": "-100.00", "receivable Acme": "100.00"].filter {
                    $0.value != "0.00"
                })
    }

    /// A payee that comes back takes up what it holds.
    @Test func aPayeeMayComeBack() throws {
        var town = try TestBooks(Town.all, "COMMIT A capped C1 300 2023-07-01\nDISBURSE A 100 2023-07-02")
        try town.run("COMMIT A capped C1 1 2023-07-03 party=Cone\nDISBURSE A 30 2023-07-03")
        try town.run("COMMIT A capped C1 1 2023-07-04 party=Acme\nRECOVER A 110 2023-07-04")
        #expect(balances(town)["receivable Acme"] == "100.00" && balances(town)["receivable Cone"] == "10.00")
    }
}
