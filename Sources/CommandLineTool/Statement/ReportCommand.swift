import ArgumentParser
import Foundation
import LedgerCore
import LineProtocol
import Reconciling
import ReconciliationPage

/// `grantledger report`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page on how the books and the bank agree.",
        discussion: """
            One HTML file that opens anywhere: for each bank account the proof that the ledger's balance is the bank's \
            and the breaks, what each rule has matched, and the open breaks by kind and age, with the oldest of them. \
            Nothing is matched or posted for it: run reconcile before.

            Exit codes: 0 written, and the proof holds; 1 refused, or it does not hold; 64 misused, 69 no daemon
            answers.
            """)

    private static let mostBreaks = 50

    @Option(help: "The day that is proven; left out: today.")
    var on: String?

    @Option(help: "The file to write.", completion: .file(extensions: ["html"]))
    var output: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run() async throws {
        guard let tenant = connection.tenant() else {
            throw Misuse("report needs --tenant TENANT, whose books these are")
        }
        if let on, Day(on) == nil { throw Misuse("--on \(on) is no day: write YYYY-MM-DD") }
        let daemon = try connection.daemon()
        let (holds, isEmpty): (Bool, Bool)
        do {
            (holds, isEmpty) = try await DaemonConnection.with(daemon) { connection in
                var reading = ReportReading(connection: connection, tenant: tenant)
                let report = try await reading.report(on: on, mostBreaks: Self.mostBreaks)
                let file = try ReplacedFile(path: output)
                try file.write(ReconciliationPage.html(report).utf8)
                try file.keep()
                return (report.accounts.allSatisfy(\.holds), report.accounts.isEmpty)
            }
        } catch let loss as ConnectionLost {
            throw Unanswered(address: daemon.address, reason: loss.reason, remedy: "Ask again.")
        }
        Terminal.write([
            isEmpty
                ? "no account has a statement until then, so nothing is proven: \(output)"
                : holds ? "the proof holds: \(output)" : "the proof does not hold: see \(output)"
        ])
        if !holds { throw ToolExit.refused }
    }
}

/// Asks the daemon for all that a page shows.
struct ReportReading {
    var connection: DaemonConnection
    let tenant: String

    mutating func report(on day: String?, mostBreaks: Int) async throws -> ReconciliationReport {
        let proof = try await ask(.reconciliation, day.map { [("on", $0)] } ?? [])
        let summary = try await ask(.reconcile, [("dry-run", "yes")])
        let breaks = try await openBreaks()
        guard let day = proof["on"]?.string.flatMap({ Day($0) }) else { throw NotUnderstood(reply: "RECONCILIATION") }
        let oldest = breaks.sorted { ($1.age, $0.number) < ($0.age, $1.number) }.prefix(mostBreaks)
        return ReconciliationReport(
            tenant: tenant, day: day, madeAt: Self.now,
            accounts: try proof.items("accounts").map(Self.account), matches: try Self.matches(of: summary),
            breaks: Self.tallies(of: breaks), oldest: Array(oldest))
    }

    private mutating func ask(
        _ verb: Verb, _ arguments: [(String, String)]
    ) async throws -> Reply {
        let line: String
        do {
            line = try LineWriter.line(
                verb: verb.rawValue, arguments: [("tenant", tenant)] + arguments)
        } catch {
            throw Misuse(error.message)
        }
        guard let reply = try await connection.exchange([line]).first else {
            throw ConnectionLost(reason: "the daemon closed the connection")
        }
        if let refusal = RefusedByDaemon(reply) { throw refusal }
        return reply
    }

    private mutating func openBreaks() async throws -> [OpenBreak] {
        var breaks: [OpenBreak] = []
        var after = "0"
        while true {
            let page = try await ask(.breaks, [("after", after), ("limit", "5000")])
            let items = page.items("breaks")
            guard !items.isEmpty, case .number(let last)? = page["last"] else { return breaks }
            after = last
            breaks += try items.map(Self.openBreak)
        }
    }

    private static var now: String {
        Moment(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)).text
    }

    // MARK: Parts of replies

    private static func openBreak(_ item: JSONText) throws -> OpenBreak {
        guard case .number(let number)? = item["break"], let number = Int64(number),
            let word = item["kind"]?.string, let kind = BreakKind.allCases.first(where: { $0.word == word }),
            case .number(let age)? = item["age"], let age = Int(age), let amount = total(item["amount"])
        else { throw NotUnderstood(reply: "BREAKS") }
        let what = item["entry"]?.string ?? item["line"]?.string.map { "line \($0)" } ?? ""
        let related = item.texts("related").joined(separator: ", ")
        return OpenBreak(
            number: number, kind: kind, age: age, amount: amount, owner: item["owner"]?.string,
            text: related.isEmpty ? what : "\(what), beside \(related)")
    }

    private static func tallies(of breaks: [OpenBreak]) -> [BreakTally] {
        struct Place: Hashable {
            let kind: BreakKind
            let age: BreakAge
        }
        let places = Dictionary(grouping: breaks) { Place(kind: $0.kind, age: BreakAge(days: $0.age)) }
        return places.map { place, breaks in
            BreakTally(
                kind: place.kind, age: place.age, count: breaks.count, sum: breaks.map(\.amount.magnitude).total())
        }
    }

    private static func account(_ item: JSONText) throws -> AccountProof {
        guard let account = item["account"]?.string, let ledger = total(item["ledger"]),
            let bank = total(item["bank"]), let open = total(item["open-payments"]?["sum"]),
            let noted = total(item["noted-payments"]?["sum"]), let lines = total(item["open-lines"]?["sum"]),
            let notedLines = total(item["noted-lines"]?["sum"]), let transit = total(item["in-transit"]?["sum"]),
            let differences = total(item["differences"]?["sum"])
        else { throw NotUnderstood(reply: "RECONCILIATION") }
        return AccountProof(
            bank: "", account: account, ledgerBalance: ledger, bankBalance: bank, openPayments: open, openLines: lines,
            acceptedDifferences: noted - notedLines + transit + differences)
    }

    /// Of all accounts together.
    private static func matches(of summary: Reply) throws -> [MatchTally] {
        var order: [String] = []
        var tallies: [String: MatchTally] = [:]
        for item in summary.items("accounts").flatMap({ $0.items("rules") }) {
            guard let rule = item["rule"]?.string, case .number(let matches)? = item["matches"],
                let matches = Int(matches), case .number(let lines)? = item["lines"], let lines = Int(lines),
                let sum = total(item["sum"])
            else { throw NotUnderstood(reply: "RECONCILE") }
            if tallies[rule] == nil { order.append(rule) }
            let before = tallies[rule]
            tallies[rule] = MatchTally(
                rule: rule, matches: matches + (before?.matches ?? 0), lines: lines + (before?.lines ?? 0),
                sum: sum + (before?.sum ?? .zero))
        }
        return order.compactMap { tallies[$0] }
    }

    /// Yuan with two decimals, of any size.
    private static func total(_ value: JSONText?) -> Total? {
        guard let text = value?.string, let point = text.firstIndex(of: "."), text[point...].utf8.count == 3 else {
            return nil
        }
        return Int128(text.replacing(".", with: "")).map(Total.init(fen:))
    }
}

/// A reply of the daemon that lacks what it must have.
struct NotUnderstood: ToolFailure {
    let reply: String
    var exitCode: ExitCode { ToolExit.refused }
    var description: String { "the daemon's reply to \(reply) is not understood: tool and daemon are of two versions" }
}

extension Reply {
    fileprivate func items(_ name: String) -> [JSONText] {
        if case .list(let items)? = self[name] { items } else { [] }
    }
}

extension JSONText {
    fileprivate func items(_ name: String) -> [JSONText] {
        if case .list(let items)? = self[name] { items } else { [] }
    }

    fileprivate func texts(_ name: String) -> [String] { items(name).compactMap(\.string) }
}
