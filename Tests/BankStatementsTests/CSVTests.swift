import BankStatements
import LedgerCore
import Testing

/// CSV statements as banks write them, each with its mapping.
@Suite struct CSVTests {
    private static let mapping = """
        account: "6222000011112222"
        columns: {date: date, amount: amount, balance: balance, reference: ref, text: [memo]}
        """
    private static let file = """
        date,amount,balance,ref,memo
        2026-11-02,100.00,1100.00,B1,one
        2026-11-03,-30.50,1069.50,B2,"two, and ""more""
        lines"
        2026-11-05,0.5,1070.00,B3,

        """

    @Test func aStatement() throws {
        let item = try read(csv: Array(Self.file.utf8), mapping: Self.mapping)
        let statement = item.statement
        #expect(statement.account == "6222000011112222")
        #expect(statement.currency == "CNY")
        #expect(statement.id == "2026-11-02/2026-11-05")
        #expect(statement.opening == .yuan("1000.00"))
        #expect(statement.closing == .yuan("1070.00"))
        #expect(statement.credits == .yuan("100.50"))
        #expect(statement.debits == .yuan("-30.50"))
        #expect(item.lines.map(\.amount) == ["100.00", "-30.50", "0.50"].map { .yuan($0) })
        #expect(item.lines.map(\.reference) == ["B1", "B2", "B3"])
        #expect(item.lines.map(\.text) == ["one", "two, and \"more\" lines", nil])
        #expect(item.lines.map(\.line) == [2, 3, 5])
        #expect(item.lines.map(\.number) == [1, 2, 3])
    }

    @Test(arguments: [1, 2, 5, 64]) func chunksOfAnySize(size: Int) throws {
        let whole = try read(csv: Array(Self.file.utf8), mapping: Self.mapping)
        #expect(try read(csv: Array(Self.file.utf8), mapping: Self.mapping, chunkSize: size) == whole)
        let crlf = "\u{FEFF}" + Self.file.replacing("\n", with: "\r\n")
        #expect(try read(csv: Array(crlf.utf8), mapping: Self.mapping, chunkSize: size).lines == whole.lines)
    }

    /// A Chinese bank's file: two lines of title, debit and credit apart, newest first, in GB18030.
    @Test func aFileInGB18030() throws {
        let mapping = """
            encoding: gb18030
            skip-lines: 1
            order: newest-first
            date-format: yyyyMMdd HH:mm:ss
            thousands-mark: ","
            currency-words: [人民币]
            columns:
              date: 交易时间
              debit: 借方发生额
              credit: 贷方发生额
              balance: 余额
              currency: 币种
              account: 账号
              counterparty-name: 对方户名
              counterparty-account: 对方账号
              text: [摘要, 附言]
            """
        let rows = [
            "账户明细",
            "账号,交易时间,借方发生额,贷方发生额,余额,币种,对方户名,对方账号,摘要,附言,",
            "6222 0001,20261103 10:22:33,\"1,234.50\",,\"10,000.00\",人民币,上海临港,6217 0001,转账,补助,",
            "62220001\t,20261102 09:00:00,0.00,234.50,\"11,234.50\",人民币,财政局,,,,",
        ]
        let bytes = GB18030.encode(rows.joined(separator: "\r\n") + "\r\n")
        let item = try read(csv: bytes, mapping: mapping)
        #expect(item.statement.account == "62220001")
        #expect(item.statement.opening == .yuan("11000.00"))
        #expect(item.statement.closing == .yuan("10000.00"))
        #expect(item.statement.from == Day("2026-11-02"))
        #expect(item.lines.map(\.amount) == [.yuan("-1234.50"), .yuan("234.50")])
        #expect(item.lines.map(\.counterparty.name) == ["上海临港", "财政局"])
        #expect(item.lines.map(\.counterparty.account) == ["62170001", nil])
        #expect(item.lines.map(\.text) == ["转账 补助", nil])
        #expect(refusal { _ = try read(csv: bytes + [0xFF, 0x0A], mapping: mapping) }?.line == 5)
        let utf8 = mapping.replacing("gb18030", with: "utf-8")
        #expect(refusal { _ = try read(csv: bytes, mapping: utf8) }?.kind == .encoding)
    }

    /// Columns by number, an indicator, and marks as on the Continent; balances given by the caller.
    @Test func aFileWithoutHeader() throws {
        let mapping = """
            delimiter: ";"
            quote: "'"
            header: no
            date-format: d.M.yyyy
            decimal-mark: ","
            thousands-mark: "."
            account: "1"
            columns: {date: 1, amount: 2, indicator: 3, end-to-end: 4, value-date: 5}
            """
        let file = "3.11.2026;1.234,5;借;'P;1';04.11.2026\n12.11.2026;-7;D;P2;\n13.11.2026;0,50;C;P3;\n"
        let facts = CSVFacts(
            id: "M11", sequence: 3, from: Day("2026-11-01"), to: Day("2026-11-30"), opening: .yuan("2000.00"),
            closing: .yuan("773.00"))
        let item = try read(csv: Array(file.utf8), mapping: mapping, facts: facts)
        #expect(item.statement.id == "M11")
        #expect(item.statement.sequence == 3)
        #expect(item.statement.to == Day("2026-11-30"))
        #expect(item.lines.map(\.amount) == [.yuan("-1234.50"), .yuan("7.00"), .yuan("0.50")])
        #expect(item.lines.map(\.endToEndID) == ["P;1", "P2", "P3"])
        #expect(item.lines.map(\.value) == [Day("2026-11-04"), nil, nil])
        #expect(item.lines.map(\.line) == [1, 2, 3])
    }

    @Test func aStatementWithoutLines() throws {
        let facts = CSVFacts(
            from: Day("2026-11-01"), to: Day("2026-11-30"), opening: .yuan("5.00"), closing: .yuan("5.00"))
        let item = try read(csv: Array("date,amount,balance,ref,memo\n".utf8), mapping: Self.mapping, facts: facts)
        #expect(item.lines.isEmpty)
        #expect(item.statement.id == "2026-11-01/2026-11-30")
        let unknown = refusal { _ = try read(csv: Array("date,amount,balance,ref,memo\n".utf8), mapping: Self.mapping) }
        #expect(unknown?.kind == .missing)
    }

    /// A running balance may be on some lines only.
    @Test func balancesHereAndThere() throws {
        let file = Self.file.replacing(",1100.00,", with: ",,")
        let item = try read(csv: Array(file.utf8), mapping: Self.mapping)
        #expect(item.statement.opening == .yuan("1000.00"))
        let wrong = Self.file.replacing(",1069.50,", with: ",,").replacing(",1070.00,", with: ",1071.00,")
        let error = refusal { _ = try read(csv: Array(wrong.utf8), mapping: Self.mapping) }
        #expect(error?.line == 5)
        #expect(error?.description.contains("should be 1070.00: \"1071.00\"") == true)
    }

    /// One change to the file above, and how it is refused.
    @Test(
        arguments: [
            (",100.00,", ",100.005,", .amount, 2, "more than two decimals"),
            (",100.00,", ",\"1,00.00\",", .amount, 2, "this is not an amount: \"1,00.00\""),
            (",100.00,", ",1e2,", .amount, 2, "this is not an amount"),
            (",100.00,", ",,", .missing, 2, "a record has no amount"),
            ("2026-11-02", "", .missing, 2, "a record has no date"),
            ("2026-11-02", "2026-11-31", .date, 2, "not a day of the form yyyy-MM-dd: \"2026-11-31\""),
            ("2026-11-02", "2026/11/02", .date, 2, "\"2026/11/02\""),
            (",1069.50,", ",1069.51,", .balance, 3, "the running balance should be 1069.50: \"1069.51\""),
            ("-30.50", "30.50", .balance, 3, "the running balance should be 1130.50"),
            ("B1,one", "B1,one,1", .syntax, 2, "a record with 6 fields where there are 5: \"2026-11-02\""),
            (",B1,one", ",B1", .syntax, 2, "a record with 4 fields"),
            ("B1", "B\"1", .syntax, 2, "a quote stands inside a field"),
            ("B1", "\"B\"1", .syntax, 2, "a closing quote is not followed"),
            ("lines\"", "lines", .truncated, 3, "a quote is opened here and never closed"),
            ("date,", "day,", .mapping, 1, "the file has no such column: \"date\""),
            ("memo", "ref", .mapping, 1, "2 columns of this name: \"ref\""),
            ("one", "\u{0}", .encoding, 2, "NUL"),
            ("one\n", "one\r", .encoding, 2, "carriage return"),
        ] as [(String, String, StatementError.Kind, Int, String)])
    func aChange(from: String, to: String, kind: StatementError.Kind, line: Int, words: String) {
        let changed = Self.file.replacing(from, with: to)
        #expect(changed != Self.file)
        let error = refusal { _ = try read(csv: Array(changed.utf8), mapping: Self.mapping) }
        #expect(error?.kind == kind)
        #expect(error?.line == line)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// What the caller knows must be what the file tells.
    @Test(
        arguments: [
            (CSVFacts(opening: .yuan("999.00")), .balance, "the opening balance is 1000.00"),
            (CSVFacts(closing: .yuan("999.00")), .balance, "out by 71.00"),
            (CSVFacts(from: Day("2026-11-03")), .period, "\"2026-11-02\""),
            (CSVFacts(to: Day("2026-11-04")), .period, "\"2026-11-05\""),
        ] as [(CSVFacts, StatementError.Kind, String)])
    func facts(facts: CSVFacts, kind: StatementError.Kind, words: String) {
        let error = refusal { _ = try read(csv: Array(Self.file.utf8), mapping: Self.mapping, facts: facts) }
        #expect(error?.kind == kind)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// Lines of debit, credit, indicator and other columns that make no sense.
    @Test(
        arguments: [
            ("debit: a, credit: b", "1.00,2.00,x", .amount, "a record has a debit and a credit: \"1.00 and 2.00\""),
            ("debit: a, credit: b", ",,x", .missing, "neither debit nor credit"),
            ("amount: a, indicator: b", "1.00,X,x", .value, "neither debit nor credit: \"X\""),
            ("amount: a, currency: b", "1.00,USD,x", .currency, "an amount is not in CNY: \"USD\""),
            ("amount: a, currency: b", "1.00,,x", .currency, "an amount is not in CNY: \"\""),
            ("amount: a, account: b", "1.00,9,x", .value, "of another account than 1: \"9\""),
            ("amount: a", "1.00,,x", .missing, "the statement has no opening balance"),
        ] as [(String, String, StatementError.Kind, String)])
    func aLine(columns: String, line: String, kind: StatementError.Kind, words: String) {
        let mapping = "account: \"1\"\ncolumns: {date: d, \(columns)}"
        let error = refusal { _ = try read(csv: Array("d,a,b,c\n2026-11-02,\(line)\n".utf8), mapping: mapping) }
        #expect(error?.kind == kind)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test func anAccountMustBeKnown() {
        let mapping = "columns: {date: date, amount: amount, balance: balance}"
        let error = refusal { _ = try read(csv: Array(Self.file.utf8), mapping: mapping) }
        #expect(error?.description.contains("the statement has no account") == true)
        #expect(refusal { _ = try read(csv: [], mapping: mapping) }?.kind == .format)
    }

    @Test func everyTruncationAndLongLines() {
        let bytes = Array(Self.file.utf8)
        for length in bytes.indices {
            // A file that ends after a whole record is a shorter statement; that it is, the next one's opening tells.
            _ = try? read(csv: Array(bytes[..<length]), mapping: Self.mapping)
        }
        let long = Array(repeating: UInt8(ascii: "x"), count: (1 << 20) + 1)
        #expect(refusal { _ = try read(csv: long, mapping: Self.mapping) }?.kind == .tooLarge)
        let quoted =
            Array(Self.file.utf8) + Array("\"".utf8) + Array(repeatElement(Array("x\n".utf8), count: 600_000).joined())
        #expect(refusal { _ = try read(csv: quoted, mapping: Self.mapping, chunkSize: 65_536) }?.kind == .tooLarge)
    }
}
