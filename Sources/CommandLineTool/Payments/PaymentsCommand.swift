import ArgumentParser
import Foundation
import LedgerCore
import LineProtocol
import PaymentOrders

/// `grantledger payments`
struct PaymentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payments",
        abstract: "Write what is to be paid as a file for the bank, each payment once.",
        discussion: """
            Puts all disbursements of a fund that are not paid, not settled and in no other order into the order, and \
            writes it as ISO 20022 pain.001 (or CSV, to look at). Each payment carries a reference of 26 characters, \
            by which the bank's statement finds it again.

            The same order again writes what of it is still to be paid: an order whose file was lost is written anew, \
            and no payment is ever in two. FUND.PUT has to name the fund's account, and PARTY.PUT each payee's; who \
            has none is left out and named.

            Exit codes: 0 written, or nothing is to be paid; 1 refused (the reason is on standard error), 64 misused,
            69 no daemon answers.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case pain001 = "pain.001"
        case pain00100109 = "pain.001.001.09"
        case csv
    }

    @Option(help: "The order's name, new for each time; the file's MsgId.")
    var order: String

    @Option(help: "The fund that pays.")
    var fund: String

    @Option(help: "Payments dated on or before this day.")
    var until: String

    @Option(help: "pain.001 (version 001.03), pain.001.001.09 or csv.")
    var format = Format.pain001

    @Option(help: "The day on which the bank is to pay; left out: the day of --until.")
    var pay: String?

    @Option(help: "Who pays, as the bank knows it; left out: the tenant's identifier.")
    var payer: String?

    @Option(help: "The file to write.", completion: .file())
    var output: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    func run() async throws {
        guard let tenant = connection.tenant() else { throw Misuse("payments needs --tenant TENANT, whose these are") }
        let daemon = try connection.daemon()
        let request = try line(
            .paymentOrder, [("tenant", tenant), ("order", order), ("fund", fund), ("until", until)])
        let day = try executionDay()
        do {
            try await DaemonConnection.with(daemon) { connection in
                let made = try await Self.ask(request, &connection)
                Self.tellWhoIsLeftOut(made)
                guard made["payments"] != .number("0") else {
                    return Terminal.write(["nothing is to be paid: no file was written"])
                }
                let facts = try OrderFacts(made, name: order, payer: payer ?? tenant, day: day)
                try await write(facts, tenant: tenant, &connection)
                Terminal.write(["\(facts.count) payments of \(facts.sum) together are in \(output)"])
            }
        } catch let loss as ConnectionLost {
            throw Unanswered(
                address: daemon.address, reason: loss.reason,
                remedy: "Run the same again: the order stays the same, and its file is written anew.")
        } catch let error as PaymentOrderError {
            throw UnwrittenOrder(description: "\(output) was not written: \(error)")
        }
    }

    private func executionDay() throws(Misuse) -> Day {
        guard let day = Day(pay ?? until) else {
            throw Misuse("\(pay ?? until) is no day: write YYYY-MM-DD")
        }
        return day
    }

    private func line(_ verb: Verb, _ arguments: [(String, String)]) throws(Misuse) -> String {
        do {
            let words = arguments.map { "\($0)=\($1)" }
            _ = try RequestParser.parse(RawRequest(verb: verb.rawValue, words: words), tenant: nil).get()
            return try LineWriter.line(verb: verb.rawValue, arguments: arguments)
        } catch {
            throw Misuse(error.message)
        }
    }

    private static func ask(_ line: String, _ connection: inout DaemonConnection) async throws -> Reply {
        guard let reply = try await connection.exchange([line]).first else {
            throw ConnectionLost(reason: "the daemon closed the connection")
        }
        if let refusal = RefusedByDaemon(reply) { throw refusal }
        return reply
    }

    private static func tellWhoIsLeftOut(_ reply: Reply) {
        if case .number(let gone)? = reply["paid-or-reversed"], gone != "0" {
            Terminal.writeError("left out, because they are paid or reversed by now: \(gone) payments of the order\n")
        }
        if case .number(let others)? = reply["of-another-account"]?["count"], others != "0" {
            Terminal.writeError(
                "left out, because the fund paid from another account when they were posted: \(others) payments; "
                    + "name that account with FUND.PUT, order them, and name the new one again\n")
        }
        guard case .list(let parties)? = reply["parties-without-account"], !parties.isEmpty else { return }
        let names = parties.compactMap(\.string).map(printable).joined(separator: ", ")
        Terminal.writeError("left out, because PARTY.PUT has named no account of theirs: \(names)\n")
    }

    private func write(
        _ facts: OrderFacts, tenant: String, _ connection: inout DaemonConnection
    ) async throws {
        let file = try ReplacedFile(path: output)
        var form = try OrderForm(format, facts, file)
        var progress = LongRun()
        defer { progress.finish() }
        var after = "0"
        var count: Int64 = 0
        while true {
            let request = try line(
                .payments, [("tenant", tenant), ("order", order), ("after", after), ("limit", "1000")])
            let page = try await Self.ask(request, &connection)
            guard case .list(let items)? = page["list"], case .number(let last)? = page["last"] else { break }
            guard !items.isEmpty else { break }
            after = last
            for item in items where item["open"] == .flag(true) {
                count += 1
                try form.append(try LedgerPayment(item))
            }
            progress.update(count, "payments")
        }
        try form.finish()
        try file.keep()
    }
}

/// An order that cannot be written as its bank would have it.
struct UnwrittenOrder: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.refused }
}
