package import LedgerCore

extension MatchPosting {
    /// The line of the protocol that posts it, read as any other: so it has the content that anybody's would have.
    package func command(of tenant: String) -> Result<Command, Refusal> {
        let verb: Verb =
            switch kind {
            case .settle: .settle
            case .giveBack: .giveBack
            case .reverse: .reverse
            }
        var words = ["tenant=\(tenant)", "entry=\(entry.text)", "date=\(date)", "key=\(key)"]
        if let reference, verb != .reverse { words.append("ref=\(reference)") }
        return RequestParser.parse(RawRequest(verb: verb.rawValue, words: words), tenant: nil).flatMap { request in
            guard case .command(let command) = request else { return .failure(.unknownCommand(verb.rawValue)) }
            return .success(command)
        }
    }
}
