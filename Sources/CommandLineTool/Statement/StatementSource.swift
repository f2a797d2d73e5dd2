import ArgumentParser
import BankStatements
import LedgerCore

/// The files of bank statements that a command names, and how they are read.
struct StatementSource: ParsableArguments {
    static let explanation = """
        Reads ISO 20022 camt.053 (versions 001.02 to 001.08) or, with --mapping, CSV. Proves of each statement that \
        its opening balance and its lines add up to its closing balance, that every amount is in the currency and \
        every line within its period. Files of any size are read in little memory; a DOCTYPE is refused wherever it \
        stands.
        """

    static let mappingExplanation = """
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
        """

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

    /// Reads one file. Throws ``UnprovenStatement`` where it is not what a bank would have sent, or what `receive`
    /// throws.
    func read(_ path: String, receive: (StatementEvent) throws -> Void) throws {
        let reader = StatementReader(currency: currency)
        let csv = try mapping.map { try Self.mapping(in: $0) }
        let facts = try facts(isCSV: csv != nil)
        let file = try path == "-" ? InputFile.standardInput() : InputFile(path: path, role: "the statement")
        do {
            if let csv {
                try reader.read(csv: file.next, mapping: csv, facts: facts, receive: receive)
            } else {
                try reader.read(camt: file.next, receive: receive)
            }
        } catch let error as StatementError {
            throw UnprovenStatement(description: "\(path): \(error)")
        }
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
