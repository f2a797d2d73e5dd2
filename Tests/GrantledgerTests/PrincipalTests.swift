import ArgumentParser
import Foundation
import LineProtocol
import Synchronization
import Testing

@testable import CommandLineTool

/// `grantledger principal`, against a daemon that answers as it is told.
@Suite(.onThreadsOfTheirOwn) struct PrincipalTests {
    private static let token = String(repeating: "0b6f5b2d", count: 8)

    private static func record(_ name: String, token: String?) -> String {
        #"+{"principal":"\#(name)","role":"finance","tenant":null,"schemes":null,"created-at":"2024-01-01T00:00:00Z","#
            + #""created-by":"operator","revoked":false,"token":\#(token.map { "\"\($0)\"" } ?? "null")}"#
    }

    /// A daemon that answers one request, and AUTH, and remembers both.
    private final class Script: Sendable {
        let requests = Mutex<[String]>([])
        let reply: String

        init(_ reply: String) { self.reply = reply }

        func start() throws -> ScriptedDaemon {
            try ScriptedDaemon { [self] request in
                requests.withLock { $0.append(request) }
                return request.hasPrefix("AUTH") ? "+OK" : reply
            }
        }
    }

    private func run(_ words: [String], on daemon: ScriptedDaemon) async throws {
        let words = ["principal"] + words + ["--unix", daemon.socket]
        var command = try #require(try GrantLedger.parseAsRoot(words) as? any AsyncParsableCommand)
        try await command.run()
    }

    /// What was sent for a command line.
    private func request(_ words: String...) async throws -> [String] {
        let script = Script(Self.record("alice", token: Self.token))
        let daemon = try script.start()
        try await run(words, on: daemon)
        return script.requests.withLock { $0 }
    }

    @Test func aCommandLineBecomesARequest() async throws {
        #expect(
            try await request("create", "alice", "--role", "finance") == [
                "PRINCIPAL.CREATE principal=alice role=finance"
            ])
        #expect(
            try await request(
                "create", "--schemes", "a,b", "jury", "--role", "committee", "--of", "lingang", "--json")
                == ["PRINCIPAL.CREATE principal=jury role=committee tenant=lingang schemes=a,b"])
        #expect(try await request("rotate", "alice") == ["PRINCIPAL.ROTATE principal=alice"])
        #expect(try await request("revoke", "alice") == ["PRINCIPAL.REVOKE principal=alice"])
        #expect(try await request("list") == ["PRINCIPALS"])
    }

    @Test(arguments: [
        ["create", "alice"], ["create", "--role", "finance"], ["create", "alice", "--role", "king"], ["rotate"],
        ["create", "two words", "--role", "finance"], ["create", "alice", "--role", "finance", "--of", ""],
        ["create", "alice", "--role", "finance", "--schemes", "a,,b"],
        ["create", "alice", "--role", "finance", "--schemes", ""],
        ["create", "alice", "--role", "finance", "--tenant", "lingang"], ["list", "--tenant", "lingang"],
        ["revoke", "alice", "--tenant", "t"], ["rotate", "alice", "--tenant", "t"], ["revoke", "a\u{7}"], ["revoke"],
    ])
    func aWrongCommandLineIsAMisuse(words: [String]) {
        let error = #expect(throws: (any Error).self) { try GrantLedger.parseAsRoot(["principal"] + words) }
        #expect(error.map { GrantLedger.exitCode(for: $0) } == ToolExit.misused)
    }

    @Test func theTenantThatIsReachedIsNotTheTenantOfTheBooks() {
        let words = ["principal", "create", "alice", "--role", "finance", "--tenant", "lingang"]
        let error = #expect(throws: (any Error).self) { try GrantLedger.parseAsRoot(words) }
        #expect(error.map { GrantLedger.message(for: $0) }?.contains("alice shall reach is --of TENANT") == true)
    }

    @Test(arguments: [["create", "alice", "--role", "finance"], ["list"], ["revoke", "alice"], ["rotate", "alice"]])
    func aRefusalEndsTheCommand(words: [String]) async throws {
        let daemon = try Script(#"-NOPERM {"message":"no"}"#).start()
        let error = await #expect(throws: ExitCode.self) { try await run(words, on: daemon) }
        #expect(error == ToolExit.refused)
    }

    // MARK: What is shown

    private func issued(_ token: String?, isNew: Bool = true) -> IssuedToken {
        let reply = Reply(.simple(String(Self.record("alice", token: token).dropFirst())))
        return IssuedToken(reply: reply, principal: "alice", isNew: isNew)
    }

    @Test func aTokenIsShownOnceAndSaysSo() {
        let lines = issued(Self.token).lines(file: nil)
        #expect(lines.contains { $0.hasPrefix("token ") && $0.hasSuffix(" \(Self.token)") })
        #expect(lines.last?.contains("shown this once only") == true)
    }

    @Test func aTokenThatHasAFileIsNotShown() {
        let token = issued(Self.token)
        let shown = token.lines(file: "alice.token").joined(separator: "\n")
        #expect(!shown.contains(Self.token) && shown.contains("token-file  alice.token"))
        #expect(
            token.json(file: "a\"b") == #"{"principal":"alice","role":"finance","tenant":null,"schemes":null,"#
                + #""created-at":"2024-01-01T00:00:00Z","created-by":"operator","revoked":false,"token-file":"a\"b"}"#)
        #expect("+" + token.json(file: nil) == Self.record("alice", token: Self.token))
    }

    @Test func whoStoodAlreadyHasNoNewToken() {
        let standing = issued(nil)
        #expect(standing.absence.hasPrefix("alice stood already"))
        #expect(standing.absence.contains("'grantledger principal rotate alice'"))
        #expect(!standing.lines(file: nil).contains { $0.hasPrefix("token") })
        #expect("+" + standing.json(file: nil) == Self.record("alice", token: nil))
        #expect(issued(nil, isNew: false).absence.contains("Rotate again"))
    }

    /// Only who wanted a file did not get what was asked for.
    @Test func whoStoodAlreadyIsNoFailure() async throws {
        let daemon = try Script(Self.record("alice", token: nil)).start()
        try await run(["create", "alice", "--role", "finance"], on: daemon)
    }

    @Test func aListShowsWhatHasNoBound() {
        let reply = Reply(
            .simple(
                #"{"principals":[{"principal":"alice","role":"finance","tenant":"lingang","schemes":["a","b"],"#
                    + #""revoked":false},{"principal":"ops","role":"operator","tenant":null,"schemes":null,"#
                    + #""revoked":true}]}"#))
        #expect(
            PrincipalCommand.List.lines(reply) == [
                "principal  role      tenant   schemes  revoked",
                "alice      finance   lingang  a, b     no",
                "ops        operator  (all)    (all)    yes",
            ])
        #expect(PrincipalCommand.List.lines(Reply(.simple(#"{"principals":[]}"#))) == ["(none)"])
    }

    // MARK: Files

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func text(_ path: String) throws -> String { try InputFile.text(path: path, role: "the token file") }

    private func names(_ daemon: ScriptedDaemon) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: daemon.directory).filter { $0 != "s" }
    }

    @Test func aTokenGoesIntoANewFile() async throws {
        let daemon = try Script(Self.record("alice", token: Self.token)).start()
        let path = daemon.directory + "/alice.token"
        try await run(["create", "alice", "--role", "finance", "--token-out", path], on: daemon)
        #expect(try text(path) == Self.token + "\n")
        #expect(try mode(path) == 0o600)
        let speaking = try ConnectionOptions.parse(["--principal", "alice", "--token-file", path])
        #expect(try speaking.daemon(environment: [:]).credentials?.line == "AUTH alice \(Self.token)")
    }

    @Test(arguments: [["create", "alice", "--role", "finance"], ["rotate", "alice"]])
    func noOtherFileIsOverwritten(words: [String]) async throws {
        let script = Script(Self.record("alice", token: Self.token))
        let daemon = try script.start()
        let path = daemon.directory + "/notes"
        try Data("notes".utf8).write(to: URL(fileURLWithPath: path))
        let link = daemon.directory + "/link"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for taken in [path, link, daemon.directory, "/dev/null", daemon.directory + "/none/token"] {
            let error = await #expect(throws: Misuse.self) {
                try await run(words + ["--token-out", taken], on: daemon)
            }
            #expect(error?.description.contains(taken) == true)
        }
        #expect(try text(path) == "notes")
        #expect(script.requests.withLock { $0 }.isEmpty)
        #expect(try names(daemon).sorted() == ["link", "notes"])
    }

    @Test(arguments: [["create", "alice", "--role", "finance"], ["rotate", "alice"]])
    func aFileThatNoTokenCameForIsTakenAway(words: [String]) async throws {
        for reply in [Self.record("alice", token: nil), #"-EXISTS {"message":"stands with another role"}"#] {
            let daemon = try Script(reply).start()
            let path = daemon.directory + "/alice.token"
            let error = await #expect(throws: ExitCode.self) {
                try await run(words + ["--token-out", path], on: daemon)
            }
            #expect(error == ToolExit.refused)
            #expect(try names(daemon).isEmpty)
        }
    }

    @Test func rotationReplacesThePrincipalsOwnFile() async throws {
        let script = Script(Self.record("alice", token: Self.token))
        let daemon = try script.start()
        let path = daemon.directory + "/alice.token"
        let old = String(repeating: "a", count: 64)
        try Data("\(old)\n".utf8).write(to: URL(fileURLWithPath: path))
        try await run(["rotate", "alice", "--token-out", path], on: daemon)
        #expect(try text(path) == Self.token + "\n")
        #expect(try mode(path) == 0o600)
        #expect(try names(daemon) == ["alice.token"])
        #expect(script.requests.withLock { $0 } == ["AUTH alice \(old)", "PRINCIPAL.ROTATE principal=alice"])
    }

    /// The daemon says whose token it is: bob's file does not fall to alice's rotation.
    @Test func rotationLeavesAnotherPrincipalsFile() async throws {
        let daemon = try ScriptedDaemon { request in
            request.hasPrefix("AUTH") ? #"-WRONGPASS {"message":"no"}"# : Self.record("alice", token: Self.token)
        }
        let path = daemon.directory + "/bob.token"
        let old = String(repeating: "b", count: 64)
        try Data(old.utf8).write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: Misuse.self) {
            try await run(["rotate", "alice", "--token-out", path], on: daemon)
        }
        #expect(error?.description.hasPrefix("the file \(path) is not overwritten") == true)
        #expect(try text(path) == old)
        #expect(try names(daemon) == ["bob.token"])
    }

    @Test func aRefusedRotationLeavesTheOldToken() async throws {
        let daemon = try Script(#"-NOPERM {"message":"no"}"#).start()
        let path = daemon.directory + "/alice.token"
        let old = String(repeating: "a", count: 64)
        try Data(old.utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: ExitCode.self) { try await run(["rotate", "alice", "--token-out", path], on: daemon) }
        #expect(try text(path) == old)
        #expect(try names(daemon) == ["alice.token"])
    }
}

/// A daemon that does not take who speaks for who it says.
@Suite(.onThreadsOfTheirOwn) struct PrincipalSignInTests {
    private func daemon(_ server: ScriptedDaemon, principal: String? = "alice") throws -> Daemon {
        let file = server.directory + "/token"
        try Data("7e57".utf8).write(to: URL(fileURLWithPath: file))
        return Daemon(
            address: .unix(path: server.socket), credentials: try Daemon.Credentials(principal: principal, file: file))
    }

    private func ask(_ daemon: Daemon) async throws -> Reply? {
        try await DaemonConnection.with(daemon) { connection in try await connection.exchange(["WHOAMI"]) }.first
    }

    @Test func aWrongTokenNamesThePrincipalAndTheFile() async throws {
        let server = try ScriptedDaemon { _ in #"-WRONGPASS {"message":"not this token"}"# }
        let named = try daemon(server)
        let refusal = await #expect(throws: RefusedByDaemon.self) { try await ask(named) }
        let file = "\(server.directory)/token"
        #expect(
            refusal?.description == "WRONGPASS: not this token (this was principal alice with the token in \(file))")
        #expect(refusal?.exitCode == ToolExit.refused)
        let alone = try daemon(server, principal: nil)
        let other = await #expect(throws: RefusedByDaemon.self) { try await ask(alone) }
        #expect(other?.description.contains("(this was the token in \(file))") == true)
    }

    @Test func whoDoesNotSignInIsToldHow() async throws {
        let server = try ScriptedDaemon { _ in #"-NOAUTH {"message":"say who you are"}"# }
        let reply = try #require(try await ask(Daemon(address: .unix(path: server.socket))))
        #expect(reply.message.hasPrefix("say who you are (nobody was named: "))
        #expect(reply.message.contains("--principal NAME and --token-file FILE"))
        #expect(reply.json == #"{"code":"NOAUTH","message":"say who you are"}"#)
    }

    @Test func whoIsRevokedMeanwhileIsNamed() async throws {
        let server = try ScriptedDaemon { $0.hasPrefix("AUTH") ? "+OK" : #"-NOAUTH {"message":"revoked"}"# }
        let reply = try #require(try await ask(daemon(server)))
        #expect(reply.message == "revoked (this was principal alice with the token in \(server.directory)/token)")
    }

    /// It is not who speaks that is wrong; an import waits, and goes on.
    @Test func anOverloadedDaemonMayBeAskedAgain() async throws {
        let server = try ScriptedDaemon { _ in #"-OVERLOADED {"message":"too many"}"# }
        let named = try daemon(server)
        let error = await #expect(throws: Unreachable.self) { try await ask(named) }
        #expect(error?.description == "no daemon answers at \(server.socket): OVERLOADED: too many\nTry again later.")
    }
}
