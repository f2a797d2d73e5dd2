package import LedgerCore

/// Makes of a request what it means, or says what is wrong with it. Pure: the books are not asked.
package struct RequestParser {
    /// `defaultTenant` is what USE has set on the connection.
    package static func parse(
        _ raw: RawRequest, tenant defaultTenant: String?
    ) -> Result<ParsedRequest, Refusal> {
        do {
            return .success(try request(raw, tenant: defaultTenant))
        } catch {
            return .failure(error)
        }
    }

    private static func request(_ raw: RawRequest, tenant: String?) throws(Refusal) -> ParsedRequest {
        guard let verb = Verb(name: raw.verb) else {
            guard raw.binaryWord == nil else { throw .badRequest("the request is not UTF-8") }
            throw .unknownCommand(raw.verb)
        }
        if let bytes = raw.binaryWord {
            guard verb == .echo, raw.words.count == 1 else { throw .badRequest("the request is not UTF-8") }
            return .session(.echo(bytes))
        }
        let spec = verb.spec
        if spec.isPositional { return .session(try SessionParser.request(spec, words: raw.words)) }
        let arguments = try Arguments(spec, words: raw.words, tenant: tenant)
        switch verb {
        // Not of the books: these are the daemon's own.
        case .principalCreate, .principalRotate, .principalRevoke, .principals, .seal:
            return .session(try SessionParser.request(arguments))
        default: break
        }
        return switch spec.kind {
        case .posting: .command(.posting(try PostingParser.posting(arguments)))
        case .registration: .command(.registration(try RegistrationParser.registration(arguments)))
        case .query: .query(try QueryParser.query(arguments), wait: arguments.optionalNumber(.wait).map(Int64.init))
        case .bank: .bank(try BankParser.request(arguments))
        case .session: .session(try SessionParser.request(arguments))
        }
    }
}

extension Refusal {
    static func unknownCommand(_ name: String) -> Refusal {
        Refusal(.unknownCommand, "there is no verb \(name.quoted); HELP lists them")
    }
}
