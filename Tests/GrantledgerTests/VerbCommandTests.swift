import ArgumentParser
import LineProtocol
import Testing

@testable import CommandLineTool

@Suite struct VerbCommandTests {
    @Test func everyVerbIsACommandOrHasAReasonNotToBe() {
        let commands = VerbCommands.all.map { $0.configuration.commandName ?? "" }
        let expected = Verb.allCases.filter { !VerbCommands.withoutCommand.contains($0) }
            .map { VerbOption.commandName(of: $0) }
        #expect(commands.sorted() == expected.sorted())
    }

    @Test func optionsAreTheArgumentsOfTheVerb() throws {
        let words = [
            "commit", "--tenant", "lingang", "--award", "A1", "--scheme", "pilot-project", "--subject", "P1",
            "--amount",
            "4000000", "--date", "2023-07-01", "--key", "k1", "--dry-run", "--fit", "room",
        ]
        let command = try #require(try GrantLedger.parseAsRoot(words) as? VerbCommand<Commit>)
        #expect(
            command.values == [
                "award": "A1", "scheme": "pilot-project", "subject": "P1", "amount": "4000000", "date": "2023-07-01",
                "key": "k1", "dry-run": "yes", "fit": "room",
            ])
    }

    @Test(arguments: [
        ["--tenant", "lingang", "--unix", "/s", "award", "--award", "A1"],
        ["award", "--award", "A1", "--tenant", "lingang", "--unix", "/s"],
    ])
    func theConnectionMayBeNamedBeforeOrAfterTheVerb(words: [String]) throws {
        let command = try #require(try GrantLedger.parseAsRoot(words) as? VerbCommand<Award>)
        #expect(command.options.tenant == "lingang")
        #expect(command.options.unix == "/s")
    }

    @Test(arguments: [
        ["award"], ["award", "--award", "A1", "--no-such", "x"], ["no-such-verb"], ["award", "--award", "A", "--tls"],
        ["award", "--award", "A", "--unix", "/s", "--tcp", "h:1"], ["import"], ["import", "-"],
        ["import", "f.csv", "--verb", "REMAINING"], ["import", "f.csv", "--in-flight", "0"],
    ])
    func aWrongCommandLineIsAMisuse(words: [String]) {
        let error = #expect(throws: (any Error).self) { try GrantLedger.parseAsRoot(words) }
        #expect(error.map { GrantLedger.exitCode(for: $0) } == ToolExit.misused)
    }

    @Test func theToolTellsItsVersion() {
        #expect(GrantLedger.versionLine(for: ["--version"]) == "grantledger 0.1.0")
        #expect(GrantLedger.versionLine(for: []) == nil)
    }

    /// The version of a scheme is not the tool's, and a wrong command line with it is a misuse.
    @Test func aSchemeHasAVersionOfItsOwn() throws {
        let words = ["scheme-put", "--version", "2", "--scheme", "s", "--name", "n"]
        #expect(GrantLedger.versionLine(for: words) == nil)
        let error = #expect(throws: (any Error).self) { try GrantLedger.parseAsRoot(words) }
        #expect(error.map { GrantLedger.exitCode(for: $0) } == ToolExit.misused)
        let command = try GrantLedger.parseAsRoot(words + ["--subject-kind", "project"]) as? VerbCommand<SchemePut>
        #expect(command?.values["version"] == "2")
    }

    @Test(arguments: [
        (Verb.entry, "ENTRY needs entry=… or key=…", "ENTRY needs --entry or --key"),
        (.disburse, #"amount="x" is not right"#, #"--amount "x" is not right"#),
        (.check, "CHECK needs tenant=…", "CHECK needs --tenant"),
        (.check, #"a name="b" of another verb"#, #"a name="b" of another verb"#),
    ])
    func messagesNameOptions(verb: Verb, message: String, shown: String) {
        #expect(VerbOption.inOptions(message, of: verb.spec) == shown)
    }

    @Test func completionKnowsEveryVerbAndOption() {
        let script = GrantLedger.completionScript(for: .bash)
        for verb in Verb.allCases where !VerbCommands.withoutCommand.contains(verb) {
            #expect(script.contains(VerbOption.commandName(of: verb)))
        }
        #expect(script.contains("--window-governs"))
    }
}

@Suite struct ConnectionOptionsTests {
    private func options(_ words: String...) throws -> ConnectionOptions { try ConnectionOptions.parse(words) }

    @Test func theSocketIsTheStandard() throws {
        #expect(try options().daemon(environment: [:]).address == .unix(path: ".local/grantledger.sock"))
    }

    @Test func anEmptyPathIsNoSocket() throws {
        #expect(throws: Misuse.self) { try options("--unix", "").daemon(environment: [:]) }
        #expect(throws: Misuse.self) { try options().daemon(environment: ["GRANTLEDGER_UNIX": ""]) }
    }

    @Test func optionsGoBeforeTheEnvironment() throws {
        let environment = ["GRANTLEDGER_UNIX": "/env.sock", "GRANTLEDGER_TCP": "env:1", "GRANTLEDGER_TENANT": "env"]
        #expect(try options().daemon(environment: environment).address == .unix(path: "/env.sock"))
        #expect(
            try options("--tcp", "[::1]:7411").daemon(environment: environment).address == .tcp(host: "::1", port: 7411)
        )
        #expect(try options("--tenant", "here").tenant(environment: environment) == "here")
        #expect(try options().tenant(environment: environment) == "env")
    }

    @Test(arguments: ["localhost", "localhost:", ":7411", "localhost:0", "localhost:65536", "::1:7411", "a:b"])
    func anAddressIsAHostAndAPort(text: String) {
        #expect(DaemonAddress(hostAndPort: text) == nil)
        #expect(throws: Misuse.self) { try options("--tcp", text).daemon(environment: [:]) }
    }

    @Test(arguments: [Verb.check, .disburse, .partyPut, .tenantCreate])
    func whatNeedsATenantNamesTheOption(verb: Verb) throws {
        let error = #expect(throws: Misuse.self) {
            try VerbOption.tenant(for: verb.spec, of: options(), environment: [:])
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("\(VerbOption.commandName(of: verb)) needs --tenant TENANT"))
        #expect(!text.contains("USE"))
        let named = try VerbOption.tenant(for: verb.spec, of: options("--tenant", "lingang"), environment: [:])
        #expect(named == "lingang")
    }

    @Test func theVariableDoesNotNameATenantToCreate() throws {
        let environment = ["GRANTLEDGER_TENANT": "env"]
        #expect(try VerbOption.tenant(for: Verb.check.spec, of: options(), environment: environment) == "env")
        #expect(throws: Misuse.self) {
            try VerbOption.tenant(for: Verb.tenantCreate.spec, of: options(), environment: environment)
        }
        #expect(try VerbOption.tenant(for: Verb.ping.spec, of: options(), environment: environment) == nil)
    }

    @Test func aPrincipalNeedsItsToken() {
        #expect(throws: Misuse.self) { try options("--principal", "alice").daemon(environment: [:]) }
        #expect(throws: Misuse.self) { try options("--token-file", "/no/such/file").daemon(environment: [:]) }
    }
}

@Suite struct ReplyTests {
    @Test func aRefusalHasItsCodeAndItsFigures() {
        let reply = Reply(.error(#"CAP_EXCEEDED {"message":"too much","limit":"8000000.00"}"#))
        #expect(reply.code == "CAP_EXCEEDED")
        #expect(reply.message == "too much")
        #expect(reply["limit"] == .text("8000000.00"))
        #expect(reply.text == #"{"message":"too much","limit":"8000000.00"}"#)
    }

    @Test(arguments: [
        (
            RespValue.error(#"CAP_EXCEEDED {"message":"too much","limit":"8000000.00"}"#),
            #"{"code":"CAP_EXCEEDED","message":"too much","limit":"8000000.00"}"#
        ),
        (.error("ERR not \"JSON\""), #"{"code":"ERR","message":"not \"JSON\""}"#),
        (.simple(#"{"ok":true}"#), #"{"ok":true}"#),
        (.simple("{}"), "{}"),
        (.simple("PONG"), #"{"reply":"PONG"}"#),
    ])
    func everyReplyIsAJSONObjectAndARefusalsHasTheCode(value: RespValue, json: String) {
        #expect(Reply(value).json == json)
    }

    @Test func aWordIsAReplyToo() {
        let reply = Reply(.simple("PONG"))
        #expect(reply.code == nil)
        #expect(reply.text == "PONG")
        #expect(reply.members.isEmpty)
    }
}
