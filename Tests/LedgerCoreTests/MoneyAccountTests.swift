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
        // Nobody named leaves the payee as it is.
        try town.run("COMMIT A capped C1 100 2023-07-04\nDISBURSE A 50 2023-07-04\nSETTLE @d 2023-07-04")
        #expect(balances(town) == ["expense general": "200.00", "cash general": "-100.00", "payable Cone": "-100.00"])
    }
}
