import NIOCore
import NIOSSL

/// How a connection is encrypted: whom it trusts, and the certificate by which it says who speaks.
struct TLSClient: Sendable {
    /// PEM files that the command line names.
    struct Files: Sendable, Equatable {
        /// Who is trusted; nil: whom the system trusts.
        var authority: String?
        /// The client's own, and behind it those that lead to its authority.
        var certificate: String?
        var key: String?
    }

    let files: Files
    /// For how long the handshake may last.
    var patience = TimeAmount.seconds(5)
    private let context: NIOSSLContext

    /// Throws ``Misuse`` where a file cannot be read, or does not hold what it is for.
    init(_ files: Files) throws(Misuse) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authority = files.authority {
            configuration.trustRoots = .certificates(try Self.certificates(in: authority, role: "the CA file"))
        }
        switch (files.certificate, files.key) {
        case (let certificate?, let key?):
            let chain = try Self.certificates(in: certificate, role: "the certificate")
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(try Self.key(in: key))
        case (let certificate?, nil):
            throw Misuse("the certificate \(certificate) is of no use without its key; name that with --tls-key FILE")
        case (nil, let key?):
            throw Misuse("the key \(key) is of no use without its certificate; name that with --tls-certificate FILE")
        case (nil, nil): break
        }
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            guard let certificate = files.certificate, let key = files.key else {
                throw Misuse("the certificates that this system trusts cannot be loaded: \(error); use --tls-ca FILE")
            }
            throw Misuse("the key \(key) does not belong to the certificate \(certificate)")
        }
        self.files = files
    }

    /// The handler that encrypts a connection to `host`, a name or an IP address that the daemon's certificate must be
    /// for.
    func handler(host: String) throws -> NIOSSLClientHandler {
        // An address is no server name; it is compared with the one that the connection leads to.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }

    // MARK: Files

    private static func certificates(in path: String, role: String) throws(Misuse) -> [NIOSSLCertificate] {
        let text = try InputFile.text(path: path, role: role)
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(text.utf8)), !certificates.isEmpty else {
            throw Misuse("\(role) \(path) holds no certificate; PEM begins with -----BEGIN CERTIFICATE-----")
        }
        return certificates
    }

    private static func key(in path: String) throws(Misuse) -> NIOSSLPrivateKey {
        let text = try InputFile.text(path: path, role: "the key")
        guard !text.contains("ENCRYPTED") else {
            throw Misuse("the key \(path) is encrypted; write it without a passphrase: openssl pkey -in \(path)")
        }
        guard let key = try? NIOSSLPrivateKey(bytes: Array(text.utf8), format: .pem) else {
            throw Misuse("the key \(path) holds no private key; PEM begins with -----BEGIN PRIVATE KEY-----")
        }
        return key
    }
}
