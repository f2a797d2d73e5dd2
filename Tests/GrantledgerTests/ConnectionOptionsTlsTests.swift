import ArgumentParser
import Testing

@testable import CommandLineTool

/// What the options and the environment say of TLS, and of who speaks.
@Suite struct ConnectionOptionsTlsTests {
    private let certificates: TlsCertificates

    init() throws { certificates = try TlsCertificates() }

    private func daemon(_ words: [String], _ environment: [String: String] = [:]) throws -> Daemon {
        try ConnectionOptions.parse(words).daemon(environment: environment)
    }

    @Test func tlsIsOffUnlessItIsAskedFor() throws {
        #expect(try daemon(["--tcp", "h:1"]).tls == nil)
        #expect(try daemon(["--tcp", "h:1", "--tls"]).tls?.files == TLSClient.Files())
        for (text, isOn) in [("yes", true), ("1", true), ("TRUE", true), ("no", false), ("0", false), ("", false)] {
            #expect(try (daemon(["--tcp", "h:1"], ["GRANTLEDGER_TLS": text]).tls != nil) == isOn, "\(text)")
        }
        #expect(throws: Misuse.self) { try daemon(["--tcp", "h:1"], ["GRANTLEDGER_TLS": "maybe"]) }
    }

    @Test func theEnvironmentNamesFilesAndOptionsGoBeforeIt() throws {
        let (alice, bob) = (try certificates.selfSigned("alice"), try certificates.selfSigned("bob"))
        let environment = [
            "GRANTLEDGER_TCP": "h:1", "GRANTLEDGER_TLS": "yes", "GRANTLEDGER_TLS_CA": alice.certificate,
            "GRANTLEDGER_TLS_CERTIFICATE": alice.certificate, "GRANTLEDGER_TLS_KEY": alice.key,
        ]
        let fromEnvironment = TLSClient.Files(
            authority: alice.certificate, certificate: alice.certificate, key: alice.key)
        #expect(try daemon([], environment).tls?.files == fromEnvironment)
        let words = [
            "--tls-ca", bob.certificate, "--tls-certificate", bob.certificate, "--tls-key", bob.key,
        ]
        let fromOptions = TLSClient.Files(authority: bob.certificate, certificate: bob.certificate, key: bob.key)
        #expect(try daemon(words, environment).tls?.files == fromOptions)
    }

    /// The variables are for TCP: who names a socket is not kept from it by them.
    @Test func theEnvironmentEncryptsNoSocket() throws {
        let environment = ["GRANTLEDGER_TLS": "yes", "GRANTLEDGER_TLS_CA": "/none"]
        #expect(try daemon(["--unix", "/s"], environment).tls == nil)
        #expect(try daemon([], environment).tls == nil)
        #expect(try daemon(["--tcp", "h:1"], ["GRANTLEDGER_TLS_CA": "/none"]).tls == nil)
    }

    @Test(arguments: [["--tls"], ["--tls", "--unix", "/s"]])
    func tlsIsForTCP(words: [String]) {
        let error = #expect(throws: (any Error).self) { try ConnectionOptions.parse(words) }
        #expect(error.map { ConnectionOptions.message(for: $0) }?.contains("--tls needs --tcp HOST:PORT") == true)
        #expect(error.map { ConnectionOptions.exitCode(for: $0) } == ToolExit.misused)
    }

    @Test(arguments: ["ca", "certificate", "key"])
    func whoNamesAFileForTLSIsNotLeftWithoutIt(name: String) {
        for address in [["--tcp", "h:1"], ["--unix", "/s"], []] {
            let error = #expect(throws: Misuse.self) { try daemon(address + ["--tls-\(name)", "/none"]) }
            #expect(error?.description.hasPrefix("--tls-\(name) is for an encrypted connection") == true)
        }
    }

    @Test func aCertificateNeedsNoToken() throws {
        let alice = try certificates.selfSigned("alice")
        let words = [
            "--tcp", "h:1", "--tls", "--tls-certificate", alice.certificate, "--tls-key", alice.key,
        ]
        #expect(try daemon(words).credentials == nil)
        let error = #expect(throws: Misuse.self) { try daemon(words + ["--principal", "alice"]) }
        #expect(error?.description.hasSuffix("leave --principal out: the certificate says who speaks") == true)
        let token = try certificates.write("7e57", to: certificates.path("token"))
        #expect(try daemon(words + ["--token-file", token]).credentials?.line == "AUTH 7e57")
    }

    // MARK: Who speaks

    @Test(arguments: [" 7e57\n", "7e57", "7e57\r\n"])
    func aTokenFileHoldsOneWord(text: String) throws {
        let file = try certificates.write(text, to: certificates.path("token"))
        let credentials = try daemon(["--principal", "alice", "--token-file", file]).credentials
        #expect(credentials?.line == "AUTH alice 7e57")
        #expect(credentials?.description == "principal alice with the token in \(file)")
    }

    @Test(arguments: ["", "\n", "two words", "\"quoted\""])
    func whatIsNoWordIsNoToken(text: String) throws {
        let file = try certificates.write(text, to: certificates.path("token"))
        let error = #expect(throws: Misuse.self) { try daemon(["--principal", "alice", "--token-file", file]) }
        #expect(error?.description == "a principal and the token in \(file) are each one word without quotes")
    }

    @Test func everyCommandHasTheOptions() throws {
        let words = ["--tcp", "h:1", "--tls", "--tls-ca", "/ca"]
        for command in [["ping"] + words, words + ["ping"], ["--tls", "ping"] + words, words + ["ping", "--tls"]] {
            let options = try #require(try GrantLedger.parseAsRoot(command) as? VerbCommand<Ping>).options
            #expect(options.tls && options.tlsCa == "/ca")
        }
        let nested = try GrantLedger.parseAsRoot(words + ["principal", "list"]) as? PrincipalCommand.List
        #expect(nested?.connection.tlsCa == "/ca")
    }

    @Test func theNamesOfTheOptionsAreKnown() {
        let shown = ConnectionOptions.helpMessage()
        for name in ConnectionOptions.names { #expect(shown.contains("--\(name)")) }
        let options = shown.matches(of: #/\n +--([a-z-]+)/#).map { String($0.1) }
        #expect(Set(options) == Set(ConnectionOptions.names))
    }
}
