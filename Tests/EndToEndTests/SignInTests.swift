import Foundation
import Glibc
import LineProtocol
import TestKit
import Testing

extension EndToEnd {
    /// Who speaks, from the first word of a connection to the end of a right.
    struct SignInTests {
        @Test func nobodyIsAnsweredBeforeSayingWhoItIs() async throws {
            let daemon = try DaemonProcess.shared()
            let token = try daemon.createPrincipal("si-first role=committee tenant=lingang")
            try Dialogue(
                """
                PING
                  +
                SCHEMES tenant=lingang
                  NOAUTH
                COMMIT nonsense
                  NOAUTH
                AUTH si-first 0000
                  WRONGPASS
                AUTH nobody \(token)
                  WRONGPASS
                WHOAMI
                  NOAUTH
                AUTH si-first \(token)
                  +
                WHOAMI
                  + principal=si-first role=committee tenant=lingang
                AWARDS tenant=lingang
                  +
                AWARDS tenant=zhangjiang
                  NOPERM
                JOURNAL tenant=lingang
                  NOPERM
                RESET
                  +
                AWARDS tenant=lingang
                  NOAUTH
                AUTH \(token)
                  +
                WHOAMI
                  + principal=si-first
                """
            ).play(LineClient(tcp: daemon.tcpPort))
        }

        @Test func whoIsRevokedIsAnsweredNoMore() async throws {
            let daemon = try DaemonProcess.shared()
            let token = try daemon.createPrincipal("si-leaver role=finance")
            let (leaver, owner) = (try LineClient(tcp: daemon.tcpPort), try daemon.connect())
            #expect(try leaver.ask("AUTH si-leaver \(token)").isAccepted)
            #expect(try leaver.ask("STATUS").isAccepted)
            // Another token ends the old one, and not the connections.
            let rotated = try owner.ask("PRINCIPAL.ROTATE principal=si-leaver")
            let fresh = try #require(rotated["token"])
            #expect(fresh != token && fresh.utf8.count == 64)
            #expect(try leaver.ask("STATUS").isAccepted)
            #expect(try LineClient(tcp: daemon.tcpPort).ask("AUTH si-leaver \(token)").code == "WRONGPASS")
            #expect(try owner.ask("PRINCIPAL.REVOKE principal=si-leaver")["revoked"] == "true")
            #expect(try leaver.ask("STATUS").code == "NOAUTH")
            #expect(try leaver.ask("AUTH si-leaver \(fresh)").code == "WRONGPASS")
            #expect(try owner.ask("PRINCIPAL.CREATE principal=si-leaver role=finance").code == "EXISTS")
            let listed = try owner.ask("PRINCIPALS").description
            #expect(listed.contains("\"si-leaver\"") && !listed.contains(fresh) && !listed.contains(token))
        }

        @Test func aTokenIsShownOnceAndKeptNowhere() async throws {
            let daemon = try DaemonProcess.shared()
            let owner = try daemon.connect()
            let line = "PRINCIPAL.CREATE principal=si-once role=reconciler tenant=lingang schemes=pilot-project"
            let token = try #require(try owner.ask(line)["token"])
            #expect(try owner.ask(line)["token"] == "null")
            #expect(try owner.ask("PRINCIPAL.CREATE principal=si-once role=finance")["argument"] == "role")
            let client = try LineClient(tcp: daemon.tcpPort)
            _ = try client.ask("AUTH si-once \(token)")
            _ = try client.ask("TRIAL.BALANCE tenant=lingang")
            #expect(!daemon.log.contains(token))
            #expect(daemon.log.contains("NOPERM") && daemon.log.contains("principal=si-once"))
        }

        @Test func anOperatorOfATenantStaysBelowIt() async throws {
            let daemon = try DaemonProcess.shared()
            let token = try daemon.createPrincipal("si-local role=operator tenant=lingang")
            _ = try daemon.createPrincipal("si-other role=finance tenant=zhangjiang")
            try Dialogue(
                """
                AUTH si-local \(token)
                  +
                TENANT.CREATE tenant=si-root name=root
                  NOPERM
                TENANT.CREATE tenant=si-below parent=lingang name=below
                  +
                PARTY.PUT tenant=si-below party=p kind=company name=P
                  +
                PRINCIPAL.CREATE principal=operator role=operator tenant=lingang
                  INVALID_ARGUMENT argument=principal
                PRINCIPAL.CREATE principal=Default role=finance tenant=lingang
                  INVALID_ARGUMENT argument=principal
                PRINCIPAL.CREATE principal=si-mine role=finance
                  NOPERM
                PRINCIPAL.CREATE principal=si-mine role=finance tenant=shanghai
                  NOPERM
                PRINCIPAL.CREATE principal=si-mine role=finance tenant=si-below
                  + principal=si-mine
                PRINCIPAL.REVOKE principal=si-other
                  NOPERM
                PRINCIPAL.CREATE principal=si-other role=finance tenant=lingang
                  EXISTS argument=principal
                PRINCIPAL.CREATE principal=si-other role=operator tenant=lingang
                  EXISTS argument=principal
                PRINCIPAL.REVOKE principal=si-nobody
                  NOPERM
                PRINCIPAL.REVOKE principal=si-mine
                  +
                MULTI
                  +
                TENANT.CREATE tenant=si-deeper parent=si-below name=deeper
                  +
                PARTY.PUT tenant=si-deeper party=p kind=company name=P
                  +
                PARTY.PUT tenant=zhangjiang party=p kind=company name=P
                  NOPERM
                EXEC
                  EXECABORT
                """
            ).play(LineClient(tcp: daemon.tcpPort))
        }

        /// Whether there is a tenant, an award or a key that it does not reach, nobody learns from how it is refused.
        @Test func whatIsOutOfReachMayAsWellNotBe() async throws {
            let daemon = try DaemonProcess.shared()
            try Dialogue(
                """
                TENANT.CREATE tenant=si-zone name=zone
                  +
                SCHEME.PUT tenant=si-zone scheme=mine version=1 name=M subject-kind=project
                  +
                SCHEME.PUT tenant=si-zone scheme=theirs version=1 name=T subject-kind=project
                  +
                PARTY.PUT tenant=si-zone party=p kind=company name=P
                  +
                SUBJECT.OPEN tenant=si-zone scheme=mine subject=s party=p opened=2024-01-01
                  +
                SUBJECT.OPEN tenant=si-zone scheme=theirs subject=s party=p opened=2024-01-01
                  +
                APPROPRIATE tenant=si-zone fund=f year=2024 amount=100 date=2024-01-01 key=b
                  +
                COMMIT tenant=si-zone award=t scheme=theirs subject=s fund=f amount=60 date=2024-02-01 key=t
                  +
                """
            ).play(daemon.connect())
            let local = try daemon.createPrincipal("si-one role=operator tenant=si-zone")
            try Dialogue(
                """
                AUTH si-one \(local)
                  +
                SCHEME.PUT tenant=si-zone scheme=new version=1 name=N subject-kind=project payers=zhangjiang
                  NOPERM
                SCHEME.PUT tenant=si-zone scheme=new version=1 name=N subject-kind=project payers=si-nowhere
                  NOPERM
                TENANT.CREATE tenant=zhangjiang parent=si-zone name=Z
                  NOPERM
                """
            ).play(LineClient(tcp: daemon.tcpPort))
            let line = try daemon.createPrincipal("si-line role=finance tenant=si-zone schemes=mine")
            try Dialogue(
                """
                AUTH si-line \(line)
                  +
                COMMIT tenant=si-zone award=t scheme=mine subject=s fund=f amount=1 date=2024-02-01 key=m
                  NOPERM
                COMMIT tenant=si-zone award=m scheme=mine subject=s fund=f amount=1 date=2024-02-01 key=t
                  NOPERM
                COMMIT tenant=si-zone award=m scheme=mine subject=s fund=f amount=1 date=2024-02-01 key=b
                  NOPERM
                COMMIT tenant=si-zone award=m scheme=mine subject=s fund=f amount=41 date=2024-02-01 key=m
                  BUDGET_EXCEEDED limit=null committed=null disbursed=null requested=41.00 remaining=40.00
                COMMIT tenant=si-zone award=m scheme=mine subject=s fund=f amount=40 date=2024-02-01 key=m
                  +
                COMMIT tenant=si-zone award=m scheme=mine subject=s fund=f amount=39 date=2024-02-01 key=m
                  KEY_CONFLICT argument=amount
                """
            ).play(LineClient(tcp: daemon.tcpPort))
        }

        /// The socket is its owner's; and who comes in all the same is known by the kernel.
        @Test(.enabled(if: geteuid() == 0, "only root can ask as another user"))
        func anotherUserOfTheMachineIsNobody() async throws {
            let daemon = try DaemonProcess.shared()
            func askAsNobody() throws -> String {
                try ProgramRun(
                    "setpriv",
                    ["--reuid=65534", "--regid=65534", "--clear-groups", "nc", "-N", "-U", daemon.socket],
                    input: Array("WHOAMI\nQUIT\n".utf8)
                ).output
            }
            #expect(try askAsNobody().isEmpty)
            chmod(daemon.socket, 0o666)
            defer { chmod(daemon.socket, 0o600) }
            #expect(try askAsNobody().hasPrefix("-NOAUTH "))
        }

        /// A word that may be a token is not logged, wherever it stands.
        @Test func aTokenInTheWrongPlaceIsNotLogged() async throws {
            let daemon = try DaemonProcess.shared()
            let token = try daemon.createPrincipal("si-clumsy role=finance")
            for line in ["AUTH tenant=\(token)", "AUTH key=\(token)", "DISBURSE key=\(token)", "\(token) PING"] {
                _ = try LineClient(tcp: daemon.tcpPort).ask(line)
                _ = try daemon.connect().ask(line)
            }
            // Nor does anybody write lines of the log.
            for key in ["\r\nforged line", "\u{1B}[31mforged", "x forged=yes"] {
                var bytes: [UInt8] = []
                RespValue.array(["SETTLE", "tenant=lingang", "key=\(key)"].map(RespValue.text))
                    .encode(.two, into: &bytes)
                _ = try LineClient(tcp: daemon.tcpPort).exchange(bytes, replies: 1)
                _ = try daemon.connect().exchange(bytes, replies: 1)
            }
            _ = try daemon.connect().ask("BUDGET tenant=si-last-one-of-these")
            #expect(waitUntil(atMost: .seconds(10)) { daemon.log.contains("verb=BUDGET") })
            #expect(!daemon.log.contains(token) && !daemon.log.contains("forged"))
        }

        /// A daemon learns of what another one has changed.
        @Test func revocationReachesTheOtherDaemon() async throws {
            try await PostgresServer.with { server in
                let options = ["--database", server.url(database: "ledger")]
                try await DaemonProcess.with(count: 2, options: options) { daemons in
                    let token = try daemons[0].createPrincipal("roamer role=operator")
                    let client = try LineClient(tcp: daemons[1].tcpPort)
                    #expect(try client.ask("AUTH roamer \(token)").isAccepted)
                    #expect(try client.ask("STATUS").isAccepted)
                    _ = try daemons[0].connect().ask("PRINCIPAL.REVOKE principal=roamer")
                    let isOut = try waitUntil(atMost: .seconds(10)) { try client.ask("STATUS").code == "NOAUTH" }
                    #expect(isOut)
                }
            }
        }

        // MARK: Limits

        @Test func limitsAreSettings() async throws {
            let options = [
                "--limit", "connections-per-principal=3", "--limit", "authentication-ms=300", "--limit",
                "auth-delay-ms=200",
            ]
            try await DaemonProcess.with(options: options) { daemon in
                let token = try daemon.token()
                let status = try daemon.connect().ask("STATUS").description
                #expect(status.contains("\"connections-per-principal\":3"))
                // The fourth connection of one principal is one too many.
                let clients = try (0..<4).map { _ in try LineClient(tcp: daemon.tcpPort) }
                let codes = try clients.map { try $0.ask("AUTH tester \(token)").code }
                #expect(codes == ["+", "+", "+", "OVERLOADED"])

                // Who says nothing is sent away, and who has signed in is not.
                let silent = try LineClient(tcp: daemon.tcpPort)
                #expect(try silent.receive()?.code == "NOAUTH")
                #expect(try silent.receive() == nil)
                #expect(try clients[1].ask("STATUS").isAccepted)
            }
        }

        @Test(arguments: ["--limit=colour=3", "--limit=connections=0", "--limit=line-bytes", "--host=0.0.0.0"])
        func whatCannotBeIsSaidInOneLine(option: String) throws {
            let directory = try TemporaryDirectory()
            defer { directory.remove() }
            let run = try ProgramRun(Programs.daemon, ["--data", directory.path, "--port", "0", option])
            #expect(run.end == .exited(option.hasPrefix("--host") ? 1 : 64))
            #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }
    }
}
