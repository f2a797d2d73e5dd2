/// A principal as it is kept: its token is known by its hash alone.
package struct PrincipalRecord: Sendable, Hashable {
    package let principal: Principal
    /// SHA-256 of the token.
    package let tokenHash: [UInt8]
    package let createdAt: Moment
    package let createdBy: String
    package let isRevoked: Bool

    package init(
        principal: Principal, tokenHash: [UInt8], createdAt: Moment, createdBy: String, isRevoked: Bool
    ) {
        self.principal = principal
        self.tokenHash = tokenHash
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.isRevoked = isRevoked
    }

    /// What replies show of it.
    package var fields: [Field] {
        [
            Field("principal", .text(principal.name)), Field("role", .text(principal.role.rawValue)),
            Field("tenant", .optional(principal.tenant)),
            Field("schemes", principal.schemes.map { .texts($0.sorted()) } ?? .null),
            Field("created-at", .text(createdAt.text)), Field("created-by", .text(createdBy)),
            Field("revoked", .flag(isRevoked)),
        ]
    }
}

/// All principals as they stood at a version, which grows with each change.
package struct PrincipalList: Sendable, Hashable {
    package let version: Int64
    package let records: [PrincipalRecord]

    package init(version: Int64, records: [PrincipalRecord]) {
        self.version = version
        self.records = records
    }
}

/// A change of who may speak. Each may be made again, and then changes nothing.
package struct PrincipalChange: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case create(Principal, tokenHash: [UInt8])
        case rotate(String, tokenHash: [UInt8])
        case revoke(String)
    }

    package let action: Action
    /// The principal who asked for it.
    package let by: String

    package init(_ action: Action, by: String) {
        self.action = action
        self.by = by
    }

    /// What becomes of the record that stands under the name, nil where there is none. Throws why it may not be.
    ///
    /// The answer is nil where the record stands as it is wanted.
    package func record(after standing: PrincipalRecord?, at now: Moment) throws(Refusal) -> PrincipalRecord? {
        switch action {
        case .create(let principal, let tokenHash):
            guard let standing else {
                return PrincipalRecord(
                    principal: principal, tokenHash: tokenHash, createdAt: now, createdBy: by, isRevoked: false)
            }
            if standing.isRevoked { throw .revoked(principal.name) }
            guard standing.principal == principal else { throw .otherPrincipal(standing.principal, wanted: principal) }
            return nil
        case .rotate(let name, let tokenHash):
            guard let standing else { throw .unknownPrincipal(name) }
            if standing.isRevoked { throw .revoked(name) }
            guard standing.tokenHash != tokenHash else { return nil }
            return PrincipalRecord(
                principal: standing.principal, tokenHash: tokenHash, createdAt: standing.createdAt,
                createdBy: standing.createdBy, isRevoked: false)
        case .revoke(let name):
            guard let standing else { throw .unknownPrincipal(name) }
            guard !standing.isRevoked else { return nil }
            return PrincipalRecord(
                principal: standing.principal, tokenHash: standing.tokenHash, createdAt: standing.createdAt,
                createdBy: standing.createdBy, isRevoked: true)
        }
    }

    /// The name of the principal that it is about.
    package var name: String {
        switch action {
        case .create(let principal, _): principal.name
        case .rotate(let name, _), .revoke(let name): name
        }
    }
}

extension Refusal {
    static func unknownPrincipal(_ name: String) -> Refusal {
        Refusal(
            .notFound, "no principal \"\(name)\"; PRINCIPALS lists them", [Field("argument", .text("principal"))])
    }

    static func revoked(_ name: String) -> Refusal {
        Refusal(
            .exists, "principal \"\(name)\" was revoked, and its name is never given again; choose another",
            [Field("argument", .text("principal"))])
    }

    static func otherPrincipal(_ standing: Principal, wanted: Principal) -> Refusal {
        let argument =
            standing.role != wanted.role ? "role" : standing.tenant != wanted.tenant ? "tenant" : "schemes"
        return Refusal(
            .exists, "principal \"\(standing.name)\" stands with another \(argument); revoke it and create another",
            [Field("argument", .text(argument))])
    }
}
