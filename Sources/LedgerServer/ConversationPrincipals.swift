package import LedgerCore
import LineProtocol
import Logging

// Who speaks: signing in, and what is changed and listed of principals.

extension Conversation {
    mutating func authenticate(_ credentials: Credentials, then greeting: Session.Greeting?) async {
        await finishRun()
        var found = ledger.principals.find(credentials)
        if found == nil {
            // Another daemon may have created it just now.
            try? await ledger.refreshPrincipals()
            found = ledger.principals.find(credentials)
        }
        guard let principal = found else {
            ledger.logger.notice("a sign-in failed", metadata: ["principal": "\(shown(credentials))"] + from)
            try? await Task.sleep(for: entrance.throttle.delay(for: entrance.address))
            return replies.append(.refused(.wrongToken))
        }
        if let refusal = entrance.admit(principal) { return replies.append(.refused(refusal)) }
        ledger.logger.info(
            "signed in", metadata: ["principal": "\(principal.name)", "role": "\(principal.role)"] + from)
        session.enter(principal)
        guard let greeting, case .reply(let reply) = session.greet(greeting) else {
            return replies.append(.simple(.ok))
        }
        replies.append(reply)
    }

    /// A certificate names the principal, and the handshake has proved that it is the client's. One that names nobody
    /// gives no right; the client may still say AUTH. Answers why a principal may not come in on this connection.
    package mutating func signIn(byCertificate name: String) async -> Refusal? {
        if ledger.principals[name] == nil { try? await ledger.refreshPrincipals() }
        let record = ledger.principals[name]
        let metadata: Logger.Metadata = ["principal": "\(record?.principal.name ?? "unknown")"]
        guard let record, !record.isRevoked else {
            ledger.logger.notice("a certificate names nobody who may speak", metadata: metadata + from)
            return nil
        }
        if let refusal = entrance.admit(record.principal) {
            ledger.logger.notice(
                "a sign-in by certificate was refused", metadata: metadata + ["code": "\(refusal.code.name)"] + from)
            return refusal
        }
        ledger.logger.info("signed in by certificate", metadata: metadata + from)
        session.enter(record.principal)
        return nil
    }

    /// The name of a principal that there is: any other word may be a token that stands in the wrong place.
    private func shown(_ credentials: Credentials) -> String {
        credentials.principal.flatMap { ledger.principals[$0]?.principal.name } ?? "unknown"
    }

    private var from: Logger.Metadata { ["from": "\(entrance.address)"] }

    mutating func create(_ principal: Principal) async {
        await finishRun()
        // What stands under the name is told only to whoever may manage it.
        if ledger.principals[principal.name] != nil, await refusal(toManage: principal.name) != nil {
            return replies.append(.refused(.nameTaken(principal.name)))
        }
        if let tenant = principal.tenant {
            do {
                _ = try await place(of: tenant)
            } catch {
                return replies.append(.refused(error))
            }
        }
        await change { .create(principal, tokenHash: $0) }
    }

    mutating func rotate(_ name: String) async {
        await finishRun()
        if let refusal = await refusal(toManage: name) { return replies.append(.refused(refusal)) }
        await change { .rotate(name, tokenHash: $0) }
    }

    mutating func revoke(_ name: String) async {
        await finishRun()
        if let refusal = await refusal(toManage: name) { return replies.append(.refused(refusal)) }
        let outcome = await ledger.change(PrincipalChange(.revoke(name), by: session.speaker?.name ?? ""))
        replies.append(.outcome(outcome))
    }

    /// Makes a token, and shows it where it is kept now.
    private mutating func change(_ action: ([UInt8]) -> PrincipalChange.Action) async {
        let token = Token.make()
        let hash = Array(Token.hash(token))
        let outcome = await ledger.change(PrincipalChange(action(hash), by: session.speaker?.name ?? ""))
        guard case .answered(let fields) = outcome, case .text(let name)? = fields.first?.value else {
            return replies.append(.outcome(outcome))
        }
        let isKept = ledger.principals[name]?.tokenHash == hash
        replies.append(.outcome(.answered(fields + [Field("token", isKept ? .text(token) : .null)])))
    }

    /// A principal over all tenants is beyond one over some.
    private mutating func refusal(toManage name: String) async -> Refusal? {
        guard session.speaker?.tenant != nil else { return nil }
        guard let tenant = ledger.principals[name]?.principal.tenant else { return .outOfReach }
        return await refusal(toReach: tenant)
    }

    mutating func listPrincipals() async {
        await finishRun()
        do {
            try await ledger.refreshPrincipals()
        } catch {
            return replies.append(.refused(error))
        }
        var listed: [JSONValue] = []
        for record in ledger.principals.all.sorted(by: { $0.principal.name < $1.principal.name })
        where await refusal(toManage: record.principal.name) == nil {
            listed.append(.object(record.fields))
        }
        replies.append(.outcome(.answered([Field("principals", .list(listed))])))
    }
}

extension Refusal {
    static func nameTaken(_ name: String) -> Refusal {
        Refusal(
            .exists, "the name \"\(name)\" is taken by a principal out of your reach; choose another",
            [Field("argument", .text("principal"))])
    }
}

extension Logger.Metadata {
    fileprivate static func + (left: Self, right: Self) -> Self { left.merging(right) { $1 } }
}
