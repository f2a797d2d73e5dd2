import ArgumentParser
import NIOCore
import NIOSSL
import Testing

@testable import CommandLineTool

/// Encrypted connections, to daemons whose certificates openssl makes.
@Suite(.onThreadsOfTheirOwn) struct TlsTests {
    private let certificates: TlsCertificates

    init() throws { certificates = try TlsCertificates() }

    private func daemon(_ server: TlsDaemon, host: String = "localhost", _ files: TLSClient.Files) throws -> Daemon {
        Daemon(address: .tcp(host: host, port: server.port), tls: try TLSClient(files))
    }

    private func files(_ authority: TlsCertificates.Pair, client: TlsCertificates.Pair? = nil) -> TLSClient.Files {
        TLSClient.Files(authority: authority.certificate, certificate: client?.certificate, key: client?.key)
    }

    private func ping(_ daemon: Daemon) async throws -> String? {
        try await DaemonConnection.with(daemon) { connection in try await connection.exchange(["PING"]) }.first?.text
    }

    /// Why there is no connection: one line, and the exit code for an unreachable daemon.
    private func failure(_ daemon: Daemon) async -> String {
        let error = await #expect(throws: (any Error).self) { try await ping(daemon) }
        let failure = error as? any ToolFailure
        #expect(failure?.exitCode == ToolExit.unreachable, "\(String(describing: error))")
        let text = failure?.description ?? ""
        #expect(!text.contains("\n"))
        return text
    }

    // MARK: Whom it trusts

    @Test(arguments: [("localhost", "DNS:localhost"), ("127.0.0.1", "IP:127.0.0.1")])
    func aCertificateThatSignedItselfIsTrustedWhereItIsNamed(host: String, names: String) async throws {
        let pair = try certificates.selfSigned("daemon", names: names)
        let server = try await TlsDaemon.start(pair)
        #expect(try await ping(daemon(server, host: host, files(pair))) == "PONG")
        #expect(server.requests == ["PING"])
    }

    @Test(arguments: ["localhost", "127.0.0.1"])
    func aCertificateIsTrustedThroughItsAuthority(host: String) async throws {
        let authority = try certificates.selfSigned("authority", names: "DNS:none.invalid")
        let server = try await TlsDaemon.start(try certificates.signed("daemon", by: authority))
        #expect(try await ping(daemon(server, host: host, files(authority))) == "PONG")
    }

    @Test func aFileMayHoldSeveralAuthorities() async throws {
        let pairs = try ["first", "second"].map { try certificates.selfSigned($0) }
        let texts = try pairs.map { try InputFile.text(path: $0.certificate, role: "the certificate") }
        let both = try certificates.write(texts.joined(), to: certificates.path("both.pem"))
        for pair in pairs {
            let server = try await TlsDaemon.start(pair)
            #expect(try await ping(daemon(server, TLSClient.Files(authority: both))) == "PONG")
        }
    }

    @Test func whomNobodyVouchesForIsNotTrusted() async throws {
        let server = try await TlsDaemon.start(try certificates.selfSigned("daemon"))
        let bySystem = try await failure(daemon(server, TLSClient.Files()))
        #expect(bySystem.contains("localhost:\(server.port) is signed by nobody whom this system trusts"))
        #expect(bySystem.contains("--tls-ca FILE"))
        let other = try certificates.selfSigned("other")
        let byFile = try await failure(daemon(server, files(other)))
        #expect(byFile.contains("is not signed by what --tls-ca names: \(other.certificate) must hold"))
        #expect(server.requests.isEmpty)
    }

    @Test func aCertificateEnds() async throws {
        let authority = try certificates.selfSigned("authority")
        let server = try await TlsDaemon.start(try certificates.signed("daemon", by: authority, days: -1))
        let text = try await failure(daemon(server, files(authority)))
        #expect(text.hasPrefix("the certificate of the daemon at localhost:\(server.port) expired at 20"), "\(text)")
    }

    @Test(arguments: [
        ("localhost", "DNS:ledger.example"), ("127.0.0.1", "DNS:localhost"), ("localhost", "DNS:a.localhost"),
    ])
    func aCertificateIsForTheHostThatWasNamed(host: String, names: String) async throws {
        let pair = try certificates.selfSigned("daemon", names: names)
        let server = try await TlsDaemon.start(pair)
        let text = try await failure(daemon(server, host: host, files(pair)))
        #expect(text.hasPrefix("the certificate of the daemon at \(host):\(server.port) does not name \(host)"))
        #expect(server.requests.isEmpty)
    }

    /// To wait for another certificate would be in vain.
    @Test func anImportDoesNotWaitForTrust() async throws {
        let server = try await TlsDaemon.start(try certificates.selfSigned("daemon"))
        let rows = try certificates.write(
            "key,award,amount,date\nk1,A,1,2024-01-01\n", to: certificates.path("rows.csv"))
        let command = try ImportCommand.parse([
            rows, "--tcp", "localhost:\(server.port)", "--tls", "--tls-ca",
            try certificates.selfSigned("other").certificate, "--tenant", "t",
        ])
        await #expect(throws: TLSFailure.self) { try await command.run() }
    }

    // MARK: Versions, and no TLS at all

    @Test(arguments: [(TLSVersion.tlsv12, TLSVersion.tlsv12), (.tlsv13, .tlsv13)])
    func bothVersionsAreSpoken(least: TLSVersion, most: TLSVersion) async throws {
        let pair = try certificates.selfSigned("daemon")
        let server = try await TlsDaemon.start(pair, least: least, most: most)
        #expect(try await ping(daemon(server, files(pair))) == "PONG")
    }

    @Test func nothingOlderIsSpoken() async throws {
        let pair = try certificates.selfSigned("daemon")
        let server = try await TlsDaemon.start(pair, least: .tlsv1, most: .tlsv11)
        #expect(try await failure(daemon(server, files(pair))).contains("speaks neither TLS 1.2 nor 1.3"))
    }

    @Test func aDaemonThatAnswersAHandshakeInPlainSpeaksNoTLS() async throws {
        let listener = try await TlsDaemon.startDeaf(says: "-BAD_REQUEST {}\r\n", closes: false)
        let daemon = Daemon(address: .tcp(host: "127.0.0.1", port: listener.port), tls: try TLSClient(.init()))
        #expect(await failure(daemon).contains("speaks no TLS: leave out --tls"))
    }

    /// It waits for the end of what it takes for a line, or closes: another try may help, since a daemon that stops
    /// does the same.
    @Test(arguments: [(closes: false, "took too long"), (closes: true, "it ended the TLS handshake")])
    func aDaemonThatDoesNotAnswerAHandshakeMaySpeakNoTLS(closes: Bool, reason: String) async throws {
        let listener = try await TlsDaemon.startDeaf(says: "", closes: closes)
        var tls = try TLSClient(.init())
        tls.patience = .milliseconds(closes ? 60_000 : 200)
        let daemon = Daemon(address: .tcp(host: "127.0.0.1", port: listener.port), tls: tls)
        await #expect(throws: Unreachable.self) { try await ping(daemon) }
        let text = await failure(daemon)
        #expect(text.contains(reason) && text.hasSuffix("leave out --tls"), "\(text)")
    }

    @Test func aDaemonThatSpeaksTLSIsToldFromOneThatDoesNot() async throws {
        let server = try await TlsDaemon.start(try certificates.selfSigned("daemon"))
        let plain = Daemon(address: .tcp(host: "localhost", port: server.port))
        let error = await #expect(throws: (any Error).self) { try await ping(plain) }
        let text = (error as? TLSFailure)?.description ?? (error as? ConnectionLost)?.reason ?? ""
        #expect(text.hasSuffix("use --tls"), "\(String(describing: error))")
        #expect(server.requests.isEmpty)
    }

    // MARK: Who the client is

    @Test(arguments: [TLSVersion.tlsv12, .tlsv13])
    func aCertificateSpeaksForTheClient(version: TLSVersion) async throws {
        let authority = try certificates.selfSigned("authority")
        let server = try await TlsDaemon.start(
            try certificates.signed("daemon", by: authority), clientAuthority: authority.certificate, most: version)
        let alice = try certificates.signed("alice", by: authority)
        #expect(try await ping(daemon(server, files(authority, client: alice))) == "PONG")
        #expect(server.requests == ["PING"])

        let text = try await failure(daemon(server, files(authority)))
        #expect(text.hasSuffix("demands a certificate of its clients: use --tls-certificate FILE and --tls-key FILE"))
        let named = try daemon(server, files(authority, client: alice))
        #expect(named.advice(on: "NOAUTH")?.contains("common name in the certificate \(alice.certificate)") == true)
        let mallory = try certificates.selfSigned("mallory")
        let refused = try await failure(daemon(server, files(authority, client: mallory)))
        #expect(refused.hasSuffix("refused the certificate \(mallory.certificate)"), "\(refused)")
        #expect(server.requests == ["PING"])
    }

    @Test func aTokenGoesOverTheEncryptedConnection() async throws {
        let pair = try certificates.selfSigned("daemon")
        let server = try await TlsDaemon.start(pair) { $0 == "PING" ? "+PONG" : "+OK" }
        let file = try certificates.write("7e57\n", to: certificates.path("token"))
        var daemon = try daemon(server, files(pair))
        daemon.credentials = try Daemon.Credentials(principal: "alice", file: file)
        #expect(try await ping(daemon) == "PONG")
        #expect(server.requests == ["AUTH alice 7e57", "PING"])
    }
}

@Suite(.onThreadsOfTheirOwn) struct TlsFilesTests {
    private let certificates: TlsCertificates

    init() throws { certificates = try TlsCertificates() }

    private func misuse(authority: String? = nil, certificate: String? = nil, key: String? = nil) -> String {
        let files = TLSClient.Files(authority: authority, certificate: certificate, key: key)
        let text = #expect(throws: Misuse.self) { try TLSClient(files) }?.description ?? ""
        #expect(!text.contains("\n"))
        return text
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let pair = try certificates.selfSigned("alice")
        #expect(
            misuse(authority: "/none/ca.pem") == "the CA file /none/ca.pem cannot be read: No such file or directory")
        #expect(misuse(certificate: "/none/c", key: pair.key).hasPrefix("the certificate /none/c cannot be read"))
        #expect(misuse(certificate: pair.certificate, key: "/none/k").hasPrefix("the key /none/k cannot be read"))
    }

    @Test func aFileHoldsWhatItIsFor() throws {
        let pair = try certificates.selfSigned("alice")
        #expect(misuse(authority: pair.key).hasPrefix("the CA file \(pair.key) holds no certificate"))
        #expect(misuse(certificate: pair.key, key: pair.key).contains("\(pair.key) holds no certificate"))
        #expect(misuse(certificate: pair.certificate, key: pair.certificate).contains("holds no private key"))
        let empty = try certificates.write("", to: certificates.path("empty"))
        #expect(misuse(authority: empty).contains("holds no certificate"))
    }

    @Test func aKeyBelongsToItsCertificate() throws {
        let (alice, bob) = (try certificates.selfSigned("alice"), try certificates.selfSigned("bob"))
        let text = misuse(certificate: alice.certificate, key: bob.key)
        #expect(text == "the key \(bob.key) does not belong to the certificate \(alice.certificate)")
        #expect(misuse(certificate: alice.certificate).contains("--tls-key FILE"))
        #expect(misuse(key: alice.key).contains("--tls-certificate FILE"))
    }

    @Test func aKeyHasNoPassphrase() throws {
        let pair = try certificates.selfSigned("alice")
        let encrypted = try certificates.encrypted(pair)
        #expect(misuse(certificate: pair.certificate, key: encrypted).contains("without a passphrase"))
    }
}
