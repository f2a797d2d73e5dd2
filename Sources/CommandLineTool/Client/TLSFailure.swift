import ArgumentParser
import Glibc
import LedgerCore
import NIOCore
import NIOSSL

/// There is no encrypted connection, for a reason that trying again does not mend.
struct TLSFailure: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.unreachable }
}

/// What is wrong with an encrypted connection, as far as that tells what to do about it.
enum TLSFault: Equatable {
    /// Nobody who is trusted vouches for the daemon's certificate, or not today.
    case untrusted
    case otherName
    case noTLS
    case noCommonVersion
    case certificateDemanded
    case certificateRefused
    case slow
    case closed
    case other(String)

    init(_ error: any Error) {
        switch error {
        case is HandshakeTimeout: self = .slow
        case let error as NIOSSLExtraError
        where error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch:
            self = .otherName
        case is IOError, is ChannelError, NIOSSLError.uncleanShutdown: self = .closed
        default:
            // BoringSSL's reasons have names, and no other form that NIOSSL shows.
            let text = String(describing: error)
            self = Self.reasons.first { text.contains($0.name) }?.fault ?? .other(text)
        }
    }

    private static let reasons: [(name: String, fault: TLSFault)] = [
        ("EOF during handshake", .closed),
        ("CERTIFICATE_VERIFY_FAILED", .untrusted),
        ("WRONG_VERSION_NUMBER", .noTLS),
        ("UNSUPPORTED_PROTOCOL", .noCommonVersion),
        ("ALERT_PROTOCOL_VERSION", .noCommonVersion),
        ("ALERT_CERTIFICATE_REQUIRED", .certificateDemanded),
        // What a daemon that speaks TLS 1.2 says to a client without a certificate.
        ("ALERT_HANDSHAKE_FAILURE", .certificateDemanded),
        ("ALERT_BAD_CERTIFICATE", .certificateRefused),
        ("ALERT_UNSUPPORTED_CERTIFICATE", .certificateRefused),
        ("ALERT_CERTIFICATE_REVOKED", .certificateRefused),
        ("ALERT_CERTIFICATE_EXPIRED", .certificateRefused),
        ("ALERT_CERTIFICATE_UNKNOWN", .certificateRefused),
        ("ALERT_UNKNOWN_CA", .certificateRefused),
        ("ALERT_DECRYPT_ERROR", .certificateRefused),
        ("ALERT_ACCESS_DENIED", .certificateRefused),
    ]
}

extension HandshakeFailure {
    /// In the words of the command line: ``TLSFailure``, or ``Unreachable`` where trying again may help.
    func told(address: DaemonAddress, files: TLSClient.Files) -> any ToolFailure {
        switch TLSFault(cause) {
        case .untrusted:
            TLSFailure(description: distrust(address, files))
        case .otherName:
            TLSFailure(
                description:
                    "the certificate of the daemon at \(address) does not name \(address.host ?? "it"): connect "
                    + "by a name or an IP address that stands in it, or give the daemon one that names this")
        case .noTLS:
            TLSFailure(description: "the daemon at \(address) speaks no TLS: leave out --tls, or start it with TLS")
        case .noCommonVersion:
            TLSFailure(description: "the daemon at \(address) speaks neither TLS 1.2 nor 1.3, and no other is spoken")
        case .certificateDemanded, .certificateRefused:
            TLSFailure(ofClientCertificateAt: address, files: files)
        case .slow:
            Unreachable(
                address: address, reason: "the TLS handshake took too long; where there is no TLS, leave out --tls",
                remedy: nil)
        case .closed:
            Unreachable(
                address: address, reason: "it ended the TLS handshake; where there is no TLS, leave out --tls",
                remedy: nil)
        case .other(let text):
            TLSFailure(description: "no TLS connection to the daemon at \(address): \(text)")
        }
    }

    private func distrust(_ address: DaemonAddress, _ files: TLSClient.Files) -> String {
        let whose = "the certificate of the daemon at \(address)"
        if let certificate {
            let now = time(nil)
            if certificate.notValidAfter < now { return "\(whose) expired at \(text(certificate.notValidAfter))" }
            if certificate.notValidBefore > now {
                return "\(whose) is not valid before \(text(certificate.notValidBefore)); is this system's clock right?"
            }
        }
        guard let authority = files.authority else {
            return "\(whose) is signed by nobody whom this system trusts: name its CA's certificate, or the daemon's "
                + "own that it signed itself, with --tls-ca FILE"
        }
        return "\(whose) is not signed by what --tls-ca names: \(authority) must hold its CA's certificate, or the "
            + "daemon's own that it signed itself"
    }

    private func text(_ seconds: time_t) -> String { Moment(microseconds: Int64(seconds) * 1_000_000).text }
}

extension TLSFailure {
    /// What the daemon said of the client's certificate, or of there being none.
    init(ofClientCertificateAt address: DaemonAddress, files: TLSClient.Files) {
        let daemon = "the daemon at \(address)"
        description =
            files.certificate.map { "\(daemon) refused the certificate \($0)" }
            ?? "\(daemon) demands a certificate of its clients: use --tls-certificate FILE and --tls-key FILE"
    }

    /// The daemon answered in TLS what was not.
    init(demandedAt address: DaemonAddress) {
        description = "the daemon at \(address) speaks TLS: use --tls"
    }
}
