import Foundation
import LedgerCore

/// A daemon, and who speaks to it.
struct Daemon: Sendable {
    var address = DaemonAddress.standard
    /// nil where nothing is encrypted.
    var tls: TLSClient?
    /// nil where something else tells who speaks: on a Unix socket the system user, over TLS a client's certificate.
    var credentials: Credentials?

    /// What to add to a refusal that is about who speaks, in the words of the command line; nil for any other.
    func advice(on code: String) -> String? {
        guard code == RefusalCode.wrongPassword.name || code == RefusalCode.noAuthentication.name else { return nil }
        if let credentials { return "this was \(credentials)" }
        guard let certificate = tls?.files.certificate else {
            return "nobody was named: use --principal NAME and --token-file FILE"
        }
        return "the common name in the certificate \(certificate) is no principal's that may speak"
    }
}

extension Daemon {
    /// A principal and the token that proves it.
    struct Credentials: Sendable, Equatable, CustomStringConvertible {
        /// nil where the token alone tells.
        let principal: String?
        let token: String
        /// Where the token was read.
        let file: String

        /// Throws ``Misuse`` where the file cannot be read, or holds no token.
        init(principal: String?, file: String) throws(Misuse) {
            let text = try InputFile.text(path: file, role: "the token file")
            self.principal = principal
            self.file = file
            token = text.trimmingCharacters(in: .whitespacesAndNewlines)
            for word in [principal, token].compactMap(\.self)
            where word.isEmpty || word.contains(where: { $0.isWhitespace || $0 == "\"" }) {
                throw Misuse("a principal and the token in \(file) are each one word without quotes")
            }
        }

        /// The request that says who speaks.
        var line: String { (["AUTH", principal, token] as [String?]).compactMap(\.self).joined(separator: " ") }

        var description: String { (principal.map { "principal \($0) with " } ?? "") + "the token in \(file)" }
    }
}
