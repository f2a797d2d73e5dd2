import LedgerCore
import LineProtocol
import Logging

// What the log says of a refused request. Strangers write requests too: so of what one says only that stands in the log
// which is known to be no token, and can be taken for nothing else.

extension Ledger {
    func log(_ refusal: Refusal, of request: Decoded, from session: Session) {
        var metadata: Logger.Metadata = [
            "principal": "\(session.speaker?.name ?? "")", "code": "\(refusal.code.name)",
        ]
        // What a stranger wrote may be a token in the wrong place: of it stands what is known to be something else.
        if case .request(let raw) = request, let verb = Verb(name: raw.verb) {
            metadata["verb"] = "\(verb.rawValue)"
            let tenant = raw.argument("tenant") ?? session.tenant
            metadata["tenant"] = "\(tenant.flatMap { knownPlace(of: $0) == nil ? nil : $0 } ?? "")"
            metadata["key"] = "\(raw.argument("key").flatMap { $0.isPlainWord && !Token.isLike($0) ? $0 : nil } ?? "")"
        }
        logger.info("refused", metadata: metadata)
    }
}

extension String {
    /// Whether it can stand in a line of the log and be taken for nothing else.
    fileprivate var isPlainWord: Bool {
        unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0.properties.numericType != nil || "._:/-+@#".unicodeScalars.contains($0)
        }
    }
}

extension RawRequest {
    /// What a word `name=value` says, for the log alone: at most 64 characters.
    fileprivate func argument(_ name: String) -> String? {
        words.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)).shortened(to: 64) }
    }
}
