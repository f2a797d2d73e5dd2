import LedgerCore
import LedgerStore
import Postgres
import Testing

/// STATEMENT.PUT, .LINE and .CLOSE: what is proven stands, and what is not proven is refused with the reason.
struct StatementTests {
    private static let place = "tenant=town account=100124430902 statement=march"
    private static let put =
        "STATEMENT.PUT \(place) from=2024-03-01 to=2024-03-31 opening=1000 closing=700.00 digest=x"
    private static let line = "STATEMENT.LINE \(place) line=1 booked=2024-03-04 amount=-300 end-to-end=E1"
    private static let close = "STATEMENT.CLOSE \(place)"

    @Test func whatWasSentBeforeChangesNothing() throws {
        let ledger = try BankTown.ledger()
        try ledger.expect(Self.put, ["new": "true", "closed": "false", "lines": "0"])
        try ledger.expect(Self.line, ["line": "1", "amount": "-300.00"])
        try ledger.expect(Self.put, ["new": "false", "lines": "1"])
        try ledger.expect(Self.close, ["new": "true", "closed": "true"])
        for line in [Self.put, Self.line, Self.close] {
            #expect(try ledger.send(line).refusal == nil, "\(line)")
        }
        try ledger.expect("STATEMENTS tenant=town", ["statements.0.lines": "1", "statements.0.sum": "-300.00"])
    }

    @Test func whatIsClosedStands() throws {
        let ledger = try BankTown.ledger()
        try ledger.load([Self.put, Self.line, Self.close].joined(separator: "\n"))
        #expect(try ledger.refusal(Self.put + "2").hasPrefix("EXISTS"))
        #expect(try ledger.refusal("STATEMENT.LINE \(Self.place) line=2 booked=2024-03-04 amount=1").contains("closed"))
        #expect(
            try ledger.refusal("STATEMENT.LINE \(Self.place) line=1 booked=2024-03-04 amount=-301").contains("closed"))
    }

    @Test func anotherDigestBeginsAnew() throws {
        let ledger = try BankTown.ledger()
        try ledger.load([Self.put, Self.line].joined(separator: "\n"))
        let other = Self.line.replacing("-300", with: "-299")
        #expect(try ledger.refusal(other).hasPrefix("EXISTS: line 1"))
        try ledger.expect(Self.put.replacing("digest=x", with: "digest=y"), ["new": "false", "lines": "0"])
        try ledger.expect(other, ["amount": "-299.00"])
    }

    @Test(arguments: [
        ("closing=700.00", "closing=700.01", "INVALID_ARGUMENT: statement \"march\" is out by 0.01"),
        ("line=1", "line=2", "INVALID_ARGUMENT: statement \"march\" has 1 lines up to line 2: 1 are missing"),
        (
            "booked=2024-03-04", "booked=2024-04-01",
            "INVALID_ARGUMENT: statement \"march\" has a line booked on 2024-04-01"
        ),
        ("account=100124430902", "account=5", "NOT_FOUND: town has no statement \"march\""),
    ])
    func whatIsWrongIsRefused(right: String, wrong: String, message: String) throws {
        let ledger = try BankTown.ledger()
        let lines = [Self.put, Self.line, Self.close].map { $0.replacing(right, with: wrong) }
        for line in lines.dropLast() { try ledger.send(line) }
        #expect(try ledger.refusal(lines[2]).hasPrefix(message))
        try ledger.expect("STATEMENTS tenant=town account=100124430902", ["statements.1": nil])
        #expect(try ledger.send("STATEMENTS tenant=town")["statements.0.closed"] != "true")
    }

    @Test func aStatementFollowsTheLastOne() throws {
        let ledger = try BankTown.ledger()
        try ledger.load(
            BankTown.statement(closing: "1000.00", []) + "\n"
                + BankTown.statement(
                    "april", closing: "900", from: "2024-04-01", to: "2024-04-30",
                    [
                        ("-100", "booked=2024-04-02")
                    ]))
        for (facts, message) in [
            (
                "from=2024-05-01 to=2024-05-31 opening=901 closing=901",
                "opens with 901.00, the one before closed with 900.00"
            ),
            ("from=2024-04-29 to=2024-05-31 opening=900 closing=900", "begins on 2024-04-29, before 2024-04-30"),
        ] {
            let place = "tenant=town account=100124430902 statement=may"
            try ledger.load("STATEMENT.PUT \(place) \(facts)")
            #expect(try ledger.refusal("STATEMENT.CLOSE \(place)").contains(message))
        }
    }

    @Test func theGuardHoldsWhatIsClosed() throws {
        let ledger = try BankTown.ledger()
        try ledger.load([Self.put, Self.line, Self.close].joined(separator: "\n"))
        for sql in [
            "UPDATE statements SET closing = 0", "DELETE FROM statements", "UPDATE statement_lines SET amount = 0",
            "DELETE FROM statement_lines", "TRUNCATE statement_lines CASCADE",
            "INSERT INTO statement_lines (root, tenant, statement, line, booked, amount, transactions, is_return) "
                + "VALUES (1, 1, 1, 2, '2024-03-05', 5, 1, false)",
        ] {
            var connection = try ledger.database.connect()
            #expect(failure { () throws(PostgresError) in try connection.execute(sql) } != nil, "\(sql)")
        }
    }

    /// Statements of one day, put in the wrong order and closed with one commit; and a month that comes late.
    @Test func statementsAreAChain() throws {
        let ledger = try BankTown.ledger()
        func place(_ name: String) -> String { "tenant=town account=100124430902 statement=\(name)" }
        try ledger.load(
            """
            STATEMENT.PUT \(place("b")) from=2024-04-01 to=2024-04-01 opening=95 closing=88
            STATEMENT.LINE \(place("b")) line=1 booked=2024-04-01 amount=-7
            STATEMENT.PUT \(place("a")) from=2024-04-01 to=2024-04-01 opening=100 closing=95
            STATEMENT.LINE \(place("a")) line=1 booked=2024-04-01 amount=-5
            """)
        let closing = ["a", "b"].map { name in
            BankRequest(tenant: "town", action: .closeStatement(account: "100124430902", statement: name))
        }
        let root = try #require(try ledger.root(of: "town"))
        for verdict in try ledger.writer.answer(closing, root: root, at: ledger.now) {
            guard case .one(.answered) = verdict else { throw TestLedger.Unfit(line: "\(verdict)") }
        }
        try ledger.load(BankTown.statement(opening: "100", closing: "100", []))
        try ledger.load(
            """
            STATEMENT.PUT \(place("c")) from=2024-04-02 to=2024-04-02 opening=88 closing=88
            STATEMENT.CLOSE \(place("c"))
            """)
        try ledger.expect(
            "RECONCILIATION tenant=town on=2024-04-01",
            ["holds": "true", "accounts.0.opening": "100.00", "accounts.0.bank": "88.00"])
    }
}
