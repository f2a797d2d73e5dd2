package import LedgerCore

/// One request as it was framed: a verb and the words after it, quotes resolved, nothing of it judged yet.
package struct RawRequest: Sendable, Hashable {
    /// As sent; verbs are compared without regard to case.
    package let verb: String
    /// `name=value` for most verbs, positional words for the session verbs of Redis clients.
    package let words: [String]
    /// The bytes of the first word that is not UTF-8. Only a RESP array can carry one, and only ECHO has a use for it:
    /// `redis-cli --pipe` ends its stream with an ECHO of random bytes and waits for them to come back.
    package let binaryWord: [UInt8]?

    package init(verb: String, words: [String], binaryWord: [UInt8]? = nil) {
        self.verb = verb
        self.words = words
        self.binaryWord = binaryWord
    }
}

/// What the decoder found next in the bytes of a connection.
package enum Decoded: Sendable, Hashable {
    case request(RawRequest)
    /// Answered with `-BAD_REQUEST`. Where `closes`, the framing is lost: nothing more is decoded, and the connection
    /// ends after the answer.
    case malformed(Refusal, closes: Bool)
}

extension Refusal {
    static func badRequest(_ message: String) -> Refusal { Refusal(.badRequest, message) }
}

extension String {
    /// The text in quotes as a message shows it: cut after 64 characters, so that no reply grows with a wrong request.
    var quoted: String { "\"\(shortened(to: 64))\"" }

    package func shortened(to limit: Int) -> String {
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        return String(String.UnicodeScalarView(unicodeScalars.prefix(limit))) + "…"
    }
}
