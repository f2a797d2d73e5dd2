import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// What the daemon answers once it has loaded the policy catalogue.
    struct CatalogueTests {
        /// Of each instrument that pays money: section, rate, cap, window and what it governs, conditions, and payers.
        /// A star is all of the city; see `groups`.
        private static let instruments = """
            hq-support             2.1.1,2.1.2 tenant tenant      none          payment recognised          *
            founder-rd-subsidy     2.1.3       tenant -           P3Y           cost    founder-is-inventor lingang
            rd-enterprise-reward   2.1.3       tenant tenant      calendar-year payment -                   districts
            acquisition-support    2.2.4       5%     5000000.00  none          payment qualified           parks
            pilot-project          2.3.7       50%    10000000.00 P3Y           payment filed               lingang
            platform-capability    2.3.7       tenant tenant      calendar-year payment evaluated           all
            proof-of-concept-fund  2.3.7       -      tenant      none          payment -                   *
            first-of-kind          2.3.8       30%    20000000.00 none          payment qualified           *
            scenario-award         2.3.9       20%    8000000.00  none          payment recognised          *
            transformation-support 2.4.11      tenant tenant      none          payment recognised          *
            standards-ip-award     2.4.11      -      2000000.00  none          payment -                   *
            service-platform       2.4.12      -      2000000.00  none          payment -                   *
            innovation-voucher     2.4.12      tenant tenant      calendar-year payment listed              *
            offshore-incubator     2.4.13      -      2000000.00  none          payment qualified           parks
            restart-grant          2.5.14      -      300000.00   none          payment assessed            lingang
            talent-award           2.5.15      -      500000.00   none          payment key-industry        *
            talent-housing         2.5.15      tenant tenant      none          payment -                   *
            project-finance        3.4         tenant tenant      none          payment -                   *
            insurance-compensation 3.4         tenant tenant      none          payment -                   *
            """

        private static let parks = ["lingang", "zhangjiang"]
        private static let districts = [
            "baoshan", "changning", "chongming", "fengxian", "hongkou", "huangpu", "jiading", "jingan", "jinshan",
            "minhang",
            "pudong", "putuo", "qingpu", "songjiang", "xuhui", "yangpu",
        ]
        private static let groups = ["parks": parks, "districts": districts, "all": (districts + parks).sorted()]

        @Test func schemesShowsEveryInstrument() async throws {
            let reply = try DaemonProcess.shared().connect().ask("SCHEMES tenant=shanghai")
            let shown = reply.list("schemes")
            #expect(shown.count == 19)
            for line in Self.instruments.split(separator: "\n") {
                let columns = line.split(separator: " ").map(String.init)
                guard let scheme = shown.first(where: { $0["scheme"] == .text(columns[0]) }) else {
                    Issue.record("\(columns[0]) is not shown")
                    continue
                }
                let names = ["section", "rate", "cap", "window", "window-governs", "conditions", "payers"]
                let found = names.map { Self.column(scheme[$0]) }
                var expected = Array(columns.dropFirst())
                expected[6] = Self.groups[expected[6]]?.joined(separator: ",") ?? expected[6]
                #expect(found == expected, "\(columns[0])")
                #expect(scheme["version"] == .number("1"))
                #expect(scheme["rate-rule"] == .text(columns[0] == "acquisition-support" ? "exact" : "ceiling"))
            }
            let pilot = shown.first { $0["scheme"] == .text("pilot-project") }
            #expect(pilot?["name"]?.plainText.hasPrefix("中试项目支持") == true)
        }

        /// A list in alphabetic order and without spaces, and `-` for what there is none of.
        private static func column(_ value: JSONText?) -> String {
            let text = (value?.plainText ?? "-").split(separator: ",")
                .map { String($0.drop { $0 == " " }) }.sorted().joined(separator: ",")
            return text.isEmpty || text == "null" ? "-" : text
        }

        @Test func aFoundersCompanyWaitsForLingangsRate() async throws {
            let client = try DaemonProcess.shared().connect()
            let commit = "COMMIT scheme=founder-rd-subsidy subject=founders fund=founders"
            try Dialogue(
                """
                USE tenant=lingang
                  +
                PARTY.PUT party=founders kind=company name="创始人公司"
                  +
                SUBJECT.OPEN scheme=founder-rd-subsidy subject=founders party=founders opened=2020-02-29
                  +
                CONDITION.MEET scheme=founder-rd-subsidy subject=founders condition=founder-is-inventor date=2020-02-29
                  +
                BASIS.SET scheme=founder-rd-subsidy subject=founders amount=1000000 date=2023-03-01 key=founders-basis
                  +
                APPROPRIATE fund=founders year=2023 amount=400000 key=founders-b date=2023-01-01
                  +
                \(commit) award=founders-A amount=100000 date=2023-06-01 incurred=2023-02-28 key=founders-1
                  PARAMETER_UNSET
                REMAINING scheme=founder-rd-subsidy subject=founders on=2023-01-31
                  + remaining=0.00 binding=parameter
                SCHEME.SET scheme=founder-rd-subsidy rate=33.3333%
                  +
                # Three years from a leap day end on the last of February, which governs the cost and not the payment.
                \(commit) award=founders-A amount=100000 date=2023-06-01 incurred=2023-03-01 key=founders-1
                  WINDOW_CLOSED
                \(commit) award=founders-A amount=100000 date=2023-06-01 key=founders-1
                  WINDOW_CLOSED
                \(commit) award=founders-A amount=100000 date=2023-06-01 incurred=2023-02-28 key=founders-1
                  + committed=100000.00 remaining=233333.00
                \(commit) award=founders-A amount=100000 date=2023-06-01 incurred=2020-02-28 key=founders-2
                  WINDOW_CLOSED
                \(commit) award=founders-A amount=233333.01 date=2023-06-01 incurred=2020-02-29 key=founders-2
                  CAP_EXCEEDED limit=333333.00 remaining=233333.00
                DISBURSE award=founders-A amount=100000 date=2027-01-01 key=founders-3
                  + disbursed=100000.00
                """
            ).play(client)
        }

        @Test func twoZonesShareOneAcquisitionUnseen() async throws {
            let client = try DaemonProcess.shared().connect()
            let deal = "scheme=acquisition-support subject=deal"
            let commit = "COMMIT award=deal \(deal) fund=deal key=deal-1"
            try Dialogue(
                """
                PARTY.PUT tenant=shanghai party=buyer kind=company name="并购方"
                  +
                SUBJECT.OPEN tenant=zhangjiang \(deal) party=buyer opened=2023-05-01
                  +
                SUBJECT.OPEN tenant=lingang \(deal) party=buyer opened=2023-05-01
                  +
                SUBJECT.OPEN tenant=lingang \(deal) party=buyer opened=2023-05-02
                  EXISTS
                CONDITION.MEET tenant=lingang \(deal) condition=qualified date=2023-05-01
                  +
                BASIS.SET tenant=zhangjiang \(deal) amount=120000000 date=2023-05-01 key=deal-basis
                  +
                APPROPRIATE tenant=zhangjiang fund=deal year=2023 amount=9000000 key=deal-b date=2023-05-01
                  +
                APPROPRIATE tenant=lingang fund=deal year=2023 amount=9000000 key=deal-b date=2023-05-01
                  +
                \(commit) tenant=zhangjiang amount=3000000 date=2023-06-01
                  + committed=3000000.00 remaining=2000000.00
                DISBURSE tenant=zhangjiang award=deal amount=1000000 date=2023-06-02 key=deal-2
                  RATE_MISMATCH
                \(commit) tenant=lingang amount=2000000.01 date=2023-06-03
                  CAP_EXCEEDED limit=5000000.00 committed=3000000.00 remaining=2000000.00
                REMAINING tenant=lingang \(deal) on=2023-06-03
                  + limit=5000000.00 committed=3000000.00 remaining=2000000.00
                \(commit) tenant=lingang amount=2000000 date=2023-06-03
                  + committed=2000000.00 remaining=0.00
                DISBURSE tenant=zhangjiang award=deal amount=1000000 date=2023-06-04 key=deal-2
                  + committed=2000000.00 disbursed=1000000.00
                """
            ).play(client)

            for (own, other) in [("zhangjiang", "lingang"), ("lingang", "zhangjiang")] {
                let ownEntries = try Self.entriesOfTheDeal(own, client)
                let otherEntries = try Self.entriesOfTheDeal(other, client)
                #expect(!ownEntries.isEmpty && ownEntries.isDisjoint(with: otherEntries))
                let visible = try journal(of: own, client) + [client.ask("TRIAL.BALANCE tenant=\(own)")]
                for entry in otherEntries {
                    let quoted = "\"\(entry)\""
                    #expect(!visible.contains { $0.description.contains(quoted) }, "\(own) sees \(entry) of \(other)")
                }
                #expect(!visible.contains { $0.description.contains(other) }, "\(own) sees the name of \(other)")
                try expectSoundBooks(of: own, client)
            }
            #expect(try Self.entriesOfTheDeal("zhangjiang", client).count == 3)
            #expect(try Self.entriesOfTheDeal("lingang", client).count == 1)
        }

        /// The names of the entries that touch the deal, as HISTORY shows them to a tenant.
        private static func entriesOfTheDeal(_ tenant: String, _ client: LineClient) throws -> Set<String> {
            let reply = try client.ask("HISTORY tenant=\(tenant) subject=deal scheme=acquisition-support")
            return Set((reply.list("entries")).compactMap { $0["entry"]?.plainText })
        }
    }
}
