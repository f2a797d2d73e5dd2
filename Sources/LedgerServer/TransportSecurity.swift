import Glibc
package import Logging
import NIOCore
import NIOSSL
import Synchronization

/// The certificate with which the TCP door shows who it is, read anew when its files change. Connections that stand
/// keep what they were opened with.
package final class TransportSecurity: Sendable {
    package struct Files: Sendable, Hashable {
        /// PEM; the daemon's own certificate first, then those between it and a root.
        let certificate: String
        let key: String
        /// PEM of who signs the certificates of clients; nil: clients show none.
        let clientAuthority: String?

        package init(certificate: String, key: String, clientAuthority: String?) {
            self.certificate = certificate
            self.key = key
            self.clientAuthority = clientAuthority
        }

        fileprivate var all: [String] { [certificate, key] + (clientAuthority.map { [$0] } ?? []) }
    }

    private struct State {
        var context: NIOSSLContext
        var stamps: [FileStamp?]
    }

    private let files: Files
    private let logger: Logger
    private let state: Mutex<State>

    /// Throws ``ListenFailure`` where the files are not there, or do not fit each other.
    package init(_ files: Files, logger: Logger) throws {
        self.files = files
        self.logger = logger
        let stamps = files.all.map(FileStamp.init)
        state = Mutex(State(context: try Self.context(files), stamps: stamps))
    }

    /// Looks whether the files have changed. New ones that are of no use leave the old ones in force.
    func refresh() {
        let stamps = files.all.map(FileStamp.init)
        guard stamps != state.withLock(\.stamps) else { return }
        let fresh = Result { try Self.context(files) }
        state.withLock { state in
            state.stamps = stamps
            if case .success(let context) = fresh { state.context = context }
        }
        switch fresh {
        case .success: logger.notice("the TLS certificate was read anew", metadata: ["file": "\(files.certificate)"])
        case .failure(let error): logger.error("the new TLS files are of no use", metadata: ["reason": "\(error)"])
        }
    }

    /// To be called on the channel's event loop, before anything is read from it.
    func addHandler(to channel: any Channel) throws {
        let handler = NIOSSLServerHandler(context: state.withLock(\.context))
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// The common name in the certificate that the client has shown, and that was found right; nil where it has shown
    /// none.
    static func clientName(on channel: any Channel) async throws -> String? {
        try await channel.eventLoop.submit {
            let handler = try channel.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self)
            guard let shown = handler.peerCertificate else { return nil }
            return try CertificateSubject.commonName(inCertificate: shown.toDERBytes())
        }.get()
    }

    /// TLS has no half of a connection that could be closed by itself: so what is behind it is told that nothing more
    /// comes. To be called on the channel's event loop; without TLS it does nothing.
    static func endInput(of channel: any Channel) {
        let context = try? channel.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
        context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private static func context(_ files: Files) throws -> NIOSSLContext {
        for file in files.all where access(file, R_OK) != 0 {
            throw ListenFailure("cannot read the TLS file \(file): \(String(cString: strerror(errno)))")
        }
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.certificate)
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            // Who does not say goodbye in time is not waited for.
            configuration.shutdownTimeout = .milliseconds(500)
            if let authority = files.clientAuthority {
                configuration.trustRoots = .file(authority)
                configuration.certificateVerification = .optionalVerification
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw ListenFailure(
                "the TLS files \(files.all.joined(separator: ", ")) are of no use: \(error); they must be PEM, and "
                    + "the key the certificate's")
        }
    }
}

/// What changes when a file is written or replaced.
private struct FileStamp: Hashable {
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int

    /// nil where the file is not there.
    init?(_ path: String) {
        var facts = stat()
        guard stat(path, &facts) == 0 else { return nil }
        device = facts.st_dev
        inode = facts.st_ino
        size = facts.st_size
        seconds = facts.st_mtim.tv_sec
        nanoseconds = facts.st_mtim.tv_nsec
    }
}
