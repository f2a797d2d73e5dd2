import ArgumentParser
import BankStatements
import LedgerCore

/// `grantledger statement check FILE …`
struct StatementCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Prove bank statements, without daemon and database.",
        discussion: """
            Reads ISO 20022 camt.053 (versions 001.02 to 001.08) or, with --mapping, CSV. Proves of each statement \
            that its opening balance and its lines add up to its closing balance, that every amount is in the \
            currency and every line within its period; and of several of one account, in the order given, that each \
            follows the one before without a gap: end to end with the same balance and the next number. A statement \
            that comes again is named and passed over; one of the same name with other lines is refused.

            A mapping is YAML that says where a CSV file has what; columns by name or number, text may be several:

              skip-lines: 0             # before the header; header: no where there is none
              encoding: gb18030         # or utf-8
              delimiter: ","            # or tab
              date-format: yyyy-MM-dd
              decimal-mark: "."
              thousands-mark: ","       # or none
              order: oldest-first       # or newest-first
              columns:
                date: 交易日期
                amount: 金额            # signed, or with indicator, or debit and credit
                balance: 余额
                reference: 流水号
                end-to-end: 客户附言
                counterparty-name: 对方户名
                counterparty-account: 对方账号
                text: [摘要, 用途]

            Files of any size are read in little memory; a DOCTYPE is refused wherever it stands.

            Exit codes: 0 proved, 1 not proved (file, line and reason are on standard error), 64 misused.
            """)

    @Argument(help: ArgumentHelp("Statements; - is standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @Option(help: "The files are CSV, and this YAML file says what is where in them.", completion: .file())
    var mapping: String?

    @Option(help: "The account, where a CSV file does not name it.")
    var account: String?

    @Option(help: "The opening balance, where a CSV file has none, as 1234.56.")
    var opening: String?

    @Option(help: "The closing balance, where a CSV file has none.")
    var closing: String?

    @Option(help: "What every amount must be in, by ISO 4217.")
    var currency = "CNY"

    @Flag(help: "Print every line too, as it would be matched.")
    var lines = false

    func run() throws {
        let reader = StatementReader(currency: currency)
        let csv = try mapping.map { path in try Self.mapping(in: path) }
        let facts = try facts(isCSV: csv != nil)
        var report = StatementReport(printsLines: lines)
        defer { report.finish() }
        for path in files {
            let file = try path == "-" ? InputFile.standardInput() : InputFile(path: path, role: "the statement")
            do {
                if let csv {
                    try reader.read(csv: file.next, mapping: csv, facts: facts) { try report.receive($0, from: path) }
                } else {
                    try reader.read(camt: file.next) { try report.receive($0, from: path) }
                }
            } catch let error as StatementError {
                throw UnprovenStatement(description: "\(path): \(error)")
            }
        }
        report.finish()
        Terminal.write(report.table.lines)
    }

    private static func mapping(in path: String) throws -> CSVMapping {
        let text = try InputFile.text(path: path, role: "the mapping")
        do throws(StatementError) {
            return try CSVMapping(yaml: text)
        } catch {
            throw Misuse("the mapping \(path): \(error)")
        }
    }

    private func facts(isCSV: Bool) throws(Misuse) -> CSVFacts {
        guard isCSV || (account == nil && opening == nil && closing == nil) else {
            throw Misuse("--account, --opening and --closing are for CSV files; name their --mapping too")
        }
        guard files.count == 1 || (opening == nil && closing == nil) else {
            throw Misuse("--opening and --closing are of one statement, and there are \(files.count) files")
        }
        return CSVFacts(
            account: account, opening: try Self.balance(opening, "--opening"),
            closing: try Self.balance(closing, "--closing"))
    }

    private static func balance(_ text: String?, _ option: String) throws(Misuse) -> Amount? {
        guard let text else { return nil }
        let isNegative = text.hasPrefix("-")
        guard let amount = Amount(yuan: isNegative ? text.dropFirst() : text[...]) else {
            throw Misuse("\(option) \(text) is no balance: write 1234.56 or -1234.56")
        }
        return isNegative ? .zero - amount : amount
    }
}

/// A file that is not what a bank would have sent.
struct UnprovenStatement: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.refused }
}
