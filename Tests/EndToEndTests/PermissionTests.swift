import Foundation
import TestKit
import Testing

extension EndToEnd {
    /// Who may what, over TCP. What is expected is told here once more, from the roles' own words.
    struct PermissionTests {
        struct Speaker: Sendable, CustomStringConvertible {
            let name: String
            let role: String
            let tenant: String?
            let scheme: String?

            var description: String { "\(role) of \(tenant ?? "all") \(scheme ?? "")" }
        }

        /// A request, and what it concerns.
        struct Asked: Sendable {
            let line: String
            let verb: String
            /// nil where it is about no tenant.
            let tenant: String?
            let concern: Concern
        }

        enum Concern: Sendable {
            case scheme(String)
            /// Lists and sums of which a part can be shown.
            case parts
            /// Whatever is not told apart by scheme.
            case whole
        }

        static let parents =
            ["pm-root": nil, "pm-a": "pm-root", "pm-b": "pm-root", "pm-a1": "pm-a"] as [String: String?]
        static let tenants = ["pm-root", "pm-a", "pm-b", "pm-a1", "pm-nowhere"]
        static let schemes = ["pm-s1", "pm-s2", "pm-none"]

        @Test func aRandomMatrixAnswersNoPermissionExactlyWhereItMust() async throws {
            let daemon = try DaemonProcess.shared()
            try Self.found(daemon.connect())
            var speakers: [(Speaker, LineClient)] = []
            for role in ["operator", "finance", "committee", "reconciler"] {
                for tenant in [nil, "pm-root", "pm-a"] {
                    for scheme in [nil, "pm-s1"] {
                        let name = "pm-\(role)-\(tenant ?? "all")-\(scheme ?? "any")"
                        let token = try daemon.createPrincipal(
                            "\(name) role=\(role)" + (tenant.map { " tenant=\($0)" } ?? "")
                                + (scheme.map { " schemes=\($0)" } ?? ""))
                        let client = try LineClient(tcp: daemon.tcpPort)
                        #expect(try client.ask("AUTH \(name) \(token)").isAccepted)
                        speakers.append((Speaker(name: name, role: role, tenant: tenant, scheme: scheme), client))
                    }
                }
            }
            var random = SeededRandom(seed: 4)
            var refused = 0
            let count = EndToEnd.number("GRANTLEDGER_TEST_PERMISSIONS", standard: 3_000)
            for number in 1...count {
                let (speaker, client) = speakers[Int(random.next() % UInt64(speakers.count))]
                let asked = Self.request(number, &random)
                let reply = try client.ask(asked.line)
                let isForbidden = !Self.may(speaker, asked)
                refused += isForbidden ? 1 : 0
                #expect((reply.code == "NOPERM") == isForbidden, "\(speaker): \(asked.line): \(reply)")
            }
            #expect((count / 5..<count * 4 / 5).contains(refused))
            try expectSoundBooks(of: "pm-a", daemon.connect())
        }

        /// Four tenants, two schemes, and an award under each in each of two tenants.
        private static func found(_ client: LineClient) throws {
            var lines = ["TENANT.CREATE tenant=pm-root name=root"]
            for (tenant, parent) in [("pm-a", "pm-root"), ("pm-b", "pm-root"), ("pm-a1", "pm-a")] {
                lines.append("TENANT.CREATE tenant=\(tenant) parent=\(parent) name=\(tenant)")
            }
            lines.append("PARTY.PUT tenant=pm-root party=p kind=company name=P")
            for scheme in ["pm-s1", "pm-s2"] {
                lines += [
                    "SCHEME.PUT tenant=pm-root scheme=\(scheme) version=1 name=S subject-kind=project",
                    "SUBJECT.OPEN tenant=pm-root scheme=\(scheme) subject=x party=p opened=2024-01-01",
                ]
            }
            for tenant in ["pm-root", "pm-a", "pm-b", "pm-a1"] {
                lines.append(
                    "APPROPRIATE tenant=\(tenant) fund=general year=2024 amount=1000000 date=2024-01-01 key=pm-b")
                for scheme in ["pm-s1", "pm-s2"] {
                    lines += [
                        "COMMIT tenant=\(tenant) award=\(scheme) scheme=\(scheme) subject=x amount=100000 "
                            + "date=2024-01-01 key=pm-c-\(scheme)",
                        "DISBURSE tenant=\(tenant) award=\(scheme) amount=1 date=2024-01-01 key=pm-d-\(scheme)",
                    ]
                }
            }
            for (line, reply) in zip(lines, try client.ask(lines)) {
                guard reply.isAccepted else { throw PlayFailure("\(line): \(reply)") }
            }
        }

        private static func request(_ number: Int, _ random: inout SeededRandom) -> Asked {
            let tenant = tenants[Int(random.next() % UInt64(tenants.count))]
            let scheme = schemes[Int(random.next() % UInt64(schemes.count))]
            let key = "date=2024-02-01 key=pm-\(number)"
            let award = Concern.scheme(scheme)
            let all: [(String, Concern)] = [
                ("TENANT.CREATE tenant=pm-new-\(number) parent=\(tenant) name=N", .whole),
                ("SCHEME.PUT tenant=\(tenant) scheme=\(scheme) version=9 name=S subject-kind=project", award),
                ("SCHEME.SET tenant=\(tenant) scheme=\(scheme) rate=10%", award),
                ("PARTY.PUT tenant=\(tenant) party=pm-p\(number) kind=company name=P", .whole),
                ("SUBJECT.OPEN tenant=\(tenant) scheme=\(scheme) subject=x party=p opened=2024-01-01", award),
                ("CONDITION.MEET tenant=\(tenant) scheme=\(scheme) subject=x condition=c date=2024-01-01", award),
                ("BASIS.SET tenant=\(tenant) scheme=\(scheme) subject=x amount=1 \(key)", award),
                ("APPROPRIATE tenant=\(tenant) fund=general year=2024 amount=1 \(key)", .whole),
                ("CARRY tenant=\(tenant) fund=general from=2024 to=2025 amount=0.01 \(key)", .whole),
                (
                    "COMMIT tenant=\(tenant) award=\(scheme) scheme=\(scheme) subject=x amount=0.01 dry-run=yes \(key)",
                    award
                ),
                ("RESCHEDULE tenant=\(tenant) award=\(scheme) from=2024 to=2025 amount=0.01 \(key)", award),
                ("DISBURSE tenant=\(tenant) award=\(scheme) amount=0.01 \(key)", award),
                ("RELEASE tenant=\(tenant) award=\(scheme) amount=0.01 \(key)", award),
                ("RECOVER tenant=\(tenant) award=\(scheme) amount=0.01 \(key)", award),
                ("PERIOD.CLOSE tenant=\(tenant) through=2020-01-01", .whole),
                ("REMAINING tenant=\(tenant) scheme=\(scheme) subject=x", award),
                ("AWARD tenant=\(tenant) award=\(scheme)", award),
                ("BUDGET tenant=\(tenant) fund=general year=2024", .whole),
                ("ENTRY tenant=\(tenant) key=pm-d-\(scheme)", award),
                ("HISTORY tenant=\(tenant) award=\(scheme)", award),
                ("HISTORY tenant=\(tenant) scheme=\(scheme) subject=x", award),
                ("SCHEMES tenant=\(tenant)", .parts), ("SUBJECTS tenant=\(tenant)", .parts),
                ("AWARDS tenant=\(tenant)", .parts), ("AWARDS tenant=\(tenant) scheme=\(scheme)", award),
                ("PARTIES tenant=\(tenant)", .parts), ("PARTY tenant=\(tenant) party=p", .parts),
                ("EXCESS tenant=\(tenant)", .parts), ("OUTSTANDING tenant=\(tenant)", .parts),
                ("SUMMARY tenant=\(tenant)", .parts), ("JOURNAL tenant=\(tenant) limit=1", .whole),
                ("TRIAL.BALANCE tenant=\(tenant)", .whole), ("CHECK tenant=\(tenant)", .whole),
                ("SEALS tenant=\(tenant)", .whole), ("SEAL tenant=\(tenant)", .whole), ("USE tenant=\(tenant)", .parts),
                ("PRINCIPAL.CREATE principal=pm-x\(number) role=committee tenant=\(tenant)", .whole),
            ]
            let (line, concern) = all[Int(random.next() % UInt64(all.count))]
            return Asked(line: line, verb: String(line.prefix { $0 != " " }), tenant: tenant, concern: concern)
        }

        // MARK: What is expected

        private static func may(_ speaker: Speaker, _ asked: Asked) -> Bool {
            guard roles[asked.verb, default: []].contains(speaker.role) else { return false }
            let isLimited = speaker.tenant != nil || speaker.scheme != nil
            if isLimited, let tenant = asked.tenant, parents[tenant] == nil { return false }
            if let own = speaker.tenant, let tenant = asked.tenant, !isBelow(tenant, own) { return false }
            guard let own = speaker.scheme else { return true }
            return switch asked.concern {
            case .parts: true
            case .whole: false
            case .scheme(let scheme): scheme == own
            }
        }

        private static func isBelow(_ tenant: String, _ ancestor: String) -> Bool {
            guard tenant != ancestor else { return true }
            guard let parent = parents[tenant] ?? nil else { return false }
            return isBelow(parent, ancestor)
        }

        private static let roles: [String: Set<String>] = {
            var roles: [String: Set<String>] = [:]
            func allow(_ verbs: String, _ who: Set<String>) {
                for verb in verbs.split(separator: " ") { roles[String(verb), default: []].formUnion(who) }
            }
            let postings = "BASIS.SET APPROPRIATE CARRY COMMIT RESCHEDULE DISBURSE RELEASE RECOVER"
            allow(postings, ["operator", "finance"])
            allow("SCHEME.SET PARTY.PUT SUBJECT.OPEN CONDITION.MEET PERIOD.CLOSE", ["operator", "finance"])
            allow("TENANT.CREATE SCHEME.PUT PRINCIPAL.CREATE", ["operator"])
            let everybody: Set = ["operator", "finance", "committee", "reconciler"]
            allow("REMAINING AWARD BUDGET PARTY HISTORY SCHEMES SUBJECTS AWARDS PARTIES", everybody)
            allow("EXCESS OUTSTANDING SUMMARY USE", everybody)
            allow("ENTRY JOURNAL TRIAL.BALANCE CHECK SEALS SEAL", ["operator", "finance", "reconciler"])
            return roles
        }()
    }
}
