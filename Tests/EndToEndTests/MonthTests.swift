import Foundation
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// A month of payments against a bank that loses, doubles, changes and returns some of them. By hand:
    /// `GRANTLEDGER_MONTH=20000 swift test --filter MonthTests`.
    struct MonthTests {
        private static let count = number("GRANTLEDGER_MONTH", standard: 20_000)
        private static let awards = 50

        /// What the bank makes of a payment: by its place, so that the counts are exact.
        private enum Fate {
            case right, returned, wrongAmount, missing, doubled

            init(_ place: Int) {
                switch place % 1_000 {
                case 7, 107, 207, 307, 407, 507, 607, 707, 807, 907: self = .returned
                case 18, 118, 218, 318, 418, 518, 618, 718, 818, 918: self = .wrongAmount
                case 29, 229, 429, 629, 829: self = .missing
                case 131, 631: self = .doubled
                default: self = .right
                }
            }
        }

        private struct Payment {
            let reference: String
            let amount: Int
            let date: String
        }

        @Test(.timeLimit(.minutes(10))) func everyFaultIsABreakAndNothingElseIs() async throws {
            try await DaemonProcess.with { daemon in
                let payments = try Self.pay(daemon.connect())
                let folder = try TemporaryDirectory()
                defer { folder.remove() }
                let file = folder.path + "/month.csv"
                let opening = payments.reduce(0) { $0 + $1.amount }
                let lines = Self.lines(payments)
                try Self.text(lines, opening: opening).write(toFile: file, atomically: true, encoding: .utf8)
                try Self.mapping.write(toFile: folder.path + "/map.yaml", atomically: true, encoding: .utf8)
                let closing = opening + lines.reduce(0) { $0 + $1.amount }
                let arguments = [
                    "statement", "import", file, "--mapping", folder.path + "/map.yaml", "--account", "A1",
                    "--opening", Self.yuan(opening), "--closing", Self.yuan(closing), "--tenant", "city", "--unix",
                    daemon.socket,
                ]
                let first = try ProgramRun(Programs.commandLine, arguments)
                #expect(first.end == .exited(0) && first.output.contains("imported"), "\(first)")
                let second = try ProgramRun(Programs.commandLine, arguments)
                #expect(second.end == .exited(0) && second.output.contains("seen before"), "\(second)")

                try Self.killWhileReconciling(daemon)
                let client = try daemon.connect()
                try client.expect("RECONCILE tenant=city")
                try Self.expectExactlyTheFaults(client)
                let state = try Self.state(client)
                try client.expect("RECONCILE tenant=city")
                #expect(try Self.state(client) == state)
                try EndToEnd.expectSoundBooks(of: "city", client)
            }
        }

        // MARK: The payments

        private static func pay(_ client: LineClient) throws -> [Payment] {
            try client.expect(
                "TENANT.CREATE tenant=city name=城市",
                "SCHEME.PUT tenant=city scheme=grant version=1 name=资助 subject-kind=project cap=90000000000",
                "PARTY.PUT tenant=city party=acme kind=company name=公司 bank=ICBC account=62220001",
                "SUBJECT.OPEN tenant=city scheme=grant subject=p party=acme opened=2024-01-01",
                "APPROPRIATE tenant=city fund=general year=2024 amount=90000000000 date=2024-01-01 key=budget",
                "FUND.PUT tenant=city fund=general bank=ICBKCNBJ account=A1")
            let commit = "COMMIT tenant=city scheme=grant subject=p amount=1000000000 date=2024-02-01"
            try client.expect((0..<awards).map { "\(commit) award=A\($0) key=commit-\($0)" })
            try client.expect(
                (0..<count).map { place in
                    let day = 1 + place * 20 / count
                    return "DISBURSE tenant=city award=A\(place % awards) amount=\(yuan(1_000 + place * 7 % 50_000)) "
                        + "date=2024-03-\(day < 10 ? "0" : "")\(day) key=pay-\(place)"
                })
            let order = try client.ask("PAYMENT.ORDER tenant=city order=march fund=general until=2024-03-31")
            #expect(order["payments"] == "\(count)", "\(order)")
            var payments: [Payment] = []
            var after = "0"
            while payments.count < count {
                let page = try client.ask("PAYMENTS tenant=city order=march limit=5000 after=\(after)")
                let list = page.list("list")
                guard !list.isEmpty, let last = page["last"] else { break }
                after = last
                payments += list.map { item in
                    let digits = (item["amount"]?.plainText ?? "").filter { $0 != "." }
                    return Payment(
                        reference: item["reference"]?.plainText ?? "", amount: Int(digits) ?? 0,
                        date: item["date"]?.plainText ?? "")
                }
            }
            #expect(payments.count == count)
            return payments
        }

        // MARK: The bank's statement

        private struct Line {
            let day: String
            let amount: Int
            let reference: String
            var text = ""
        }

        private static func lines(_ payments: [Payment]) -> [Line] {
            var lines: [Line] = []
            for (place, payment) in payments.enumerated() {
                let line = Line(day: payment.date, amount: -payment.amount, reference: payment.reference)
                switch Fate(place) {
                case .right: lines.append(line)
                case .returned:
                    lines += [line, Line(day: "2024-03-25", amount: payment.amount, reference: payment.reference)]
                case .wrongAmount:
                    lines.append(Line(day: payment.date, amount: line.amount - 100, reference: payment.reference))
                case .missing:
                    lines.append(Line(day: "2024-03-26", amount: -place - 1, reference: "", text: "unknown \(place)"))
                case .doubled: lines += [line, line]
                }
            }
            return lines.sorted { ($0.day, $0.reference, $0.text) < ($1.day, $1.reference, $1.text) }
        }

        private static let mapping = """
            delimiter: ","
            date-format: yyyy-MM-dd
            columns:
              date: day
              amount: amount
              end-to-end: reference
              text: text
            """

        private static func text(_ lines: [Line], opening: Int) -> String {
            "day,amount,reference,text\n"
                + lines.map { "\($0.day),\(yuan($0.amount)),\($0.reference),\($0.text)\n" }.joined()
        }

        private static func yuan(_ fen: Int) -> String {
            let cents = fen.magnitude % 100
            return "\(fen < 0 ? "-" : "")\(fen.magnitude / 100).\(cents < 10 ? "0" : "")\(cents)"
        }

        // MARK: The faults

        private static func killWhileReconciling(_ daemon: DaemonProcess) throws {
            let client = try daemon.connect()
            try client.send("RECONCILE tenant=city\n")
            let watcher = try daemon.connect()
            let settled = "JOURNAL tenant=city limit=1 after=\(count + awards + 1 + count / 10)"
            let end = ContinuousClock.now.advanced(by: .seconds(60))
            while try watcher.ask(settled).list("entries").isEmpty, .now < end {}
            try daemon.kill(.daemon)
            try daemon.start()
        }

        private static func faults(_ fate: Fate) -> Int { (0..<count).count { Fate($0) == fate } }

        private static func expectExactlyTheFaults(_ client: LineClient) throws {
            let expected = [
                "missing-in-bank": faults(.missing), "missing-in-ledger": faults(.missing),
                "amount": faults(.wrongAmount) * 2, "duplicate": faults(.doubled), "ambiguous": 0, "timing": 0,
            ]
            let summary = try client.ask("RECONCILE tenant=city dry-run=yes")
            for item in summary.list("breaks") {
                let kind = item["kind"]?.plainText ?? ""
                #expect(item["count"] == .number("\(expected[kind] ?? -1)"), "\(kind): \(item)")
            }
            for day in ["2024-03-10", "2024-03-20", "2024-03-31"] {
                let proof = try client.ask("RECONCILIATION tenant=city on=\(day)")
                #expect(proof["holds"] == "true", "\(proof)")
            }
            let entries = try EndToEnd.journal(of: "city", client, page: 5_000).flatMap { $0.list("entries") }
            let returns = entries.count { $0["kind"]?.plainText == "RETURN" }
            let settlements = entries.count { $0["kind"]?.plainText == "SETTLE" }
            #expect(returns == faults(.returned))
            #expect(settlements == count - faults(.missing) - faults(.wrongAmount))
        }

        private static func state(_ client: LineClient) throws -> String {
            let breaks = try client.ask("BREAKS tenant=city limit=5000").description
            let proof = try client.ask("RECONCILIATION tenant=city on=2024-03-31").description
            let status = try client.ask("TRIAL.BALANCE tenant=city").description
            return [breaks, proof, status].joined(separator: "\n")
        }
    }
}

extension LineClient {
    /// Sends lines that must all be accepted.
    fileprivate func expect(_ lines: String...) throws { try expect(lines) }

    fileprivate func expect(_ lines: [String]) throws {
        // The daemon takes only so many that wait.
        var rest = lines[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(2_000))
            rest = rest.dropFirst(some.count)
            for (line, reply) in zip(some, try ask(some)) where !reply.isAccepted {
                throw PlayFailure("\(line): \(reply)")
            }
        }
    }
}
