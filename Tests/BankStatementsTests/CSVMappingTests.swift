import BankStatements
import Testing

/// Mapping files that are wrong, each with its line and the remedy.
@Suite struct CSVMappingTests {
    private static let columns = "columns: {date: d, amount: a}"

    @Test(
        arguments: [
            ("columns: [", nil, "not YAML"),
            ("- a", nil, "not a YAML mapping"),
            ("", nil, "not a YAML mapping"),
            ("delimiter: ;", 1, "columns of the mapping is wrong; give it"),
            ("colums: {}\n\(columns)", 1, "unknown key: \"colums\""),
            ("columns: {date: d, amount: a, refrence: r}", 1, "unknown key: \"columns.refrence\""),
            ("columns: {amount: a}", 1, "give the column date"),
            ("columns: {date: d}", 1, "give amount, amount and indicator, or debit and credit"),
            ("columns: {date: d, debit: a}", 1, "give amount"),
            ("columns: {date: d, amount: a, debit: b, credit: c}", 1, "give amount"),
            ("columns: {date: d, indicator: i, debit: b, credit: c}", 1, "give amount"),
            (
                "columns: {date: [d, e], amount: a}", 1,
                "columns.date of the mapping is wrong: \"d, e\"; give one column"
            ),
            ("columns: {date: 0, amount: a}", 1, "columns are numbered from 1"),
            ("columns: {date: {x: y}, amount: a}", 1, "give a word or a list of words"),
            ("columns: d", 1, "give a mapping of fields to columns"),
            ("header: no\n\(columns)", 2, "without a header a column is a number"),
            ("header: maybe\n\(columns)", 1, "write yes or no"),
            ("delimiter: ab\n\(columns)", 1, "one character"),
            ("delimiter: \"，\"\n\(columns)", 1, "one character"),
            ("delimiter: \"1\"\n\(columns)", 1, "one character"),
            ("delimiter: none\n\(columns)", 1, "or tab"),
            ("quote: \",\"\n\(columns)", 1, "it is the delimiter too"),
            ("decimal-mark: \",\"\nthousands-mark: \",\"\n\(columns)", 2, "it is the decimal-mark too"),
            ("encoding: latin1\n\(columns)", 1, "use utf-8 or gb18030"),
            ("order: random\n\(columns)", 1, "use oldest-first or newest-first"),
            ("skip-lines: -1\n\(columns)", 1, "from 0 to 1000"),
            ("date-format: yyyy-mm-dd\n\(columns)", 1, "use yyyy, MM, dd, once each"),
            ("date-format: yy-MM-dd\n\(columns)", 1, "use yyyy"),
            ("debit-words: [X]\ncredit-words: [X]\n\(columns)", 2, "among the debit-words too"),
            ("account: [1]\n\(columns)", 1, "give a single value"),
        ] as [(String, Int?, String)])
    func aMapping(yaml: String, line: Int?, words: String) {
        let error = refusal { _ = try CSVMapping(yaml: yaml) }
        #expect(error?.kind == .mapping)
        #expect(error?.line == line)
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(where: \.isNewline) == false)
    }

    @Test(arguments: [
        columns, "delimiter: tab\n\(columns)", "quote: none\n\(columns)", "encoding: UTF-8\n\(columns)",
        "thousands-mark: \" \"\n\(columns)", "columns: {date: 1, amount: 2, text: [3, 4]}",
    ])
    func aGoodMapping(yaml: String) {
        #expect(throws: Never.self) { try CSVMapping(yaml: yaml) }
    }

    @Test func aLongOne() {
        let yaml = Self.columns + String(repeating: "\n#", count: 40_000)
        #expect(refusal { _ = try CSVMapping(yaml: yaml) }?.description.contains("more than 64 KiB") == true)
    }
}
