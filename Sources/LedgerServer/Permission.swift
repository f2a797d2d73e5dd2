import LedgerCore
import LineProtocol

// What a principal may ask for, as far as the request alone tells. Whether its tenant, award or entry is in reach is
// asked where that is known.

extension Principal {
    func may(_ request: ParsedRequest) -> Bool {
        switch request {
        case .command(.posting(let posting)): role.may(post: posting.action)
        case .command(.registration(let registration)):
            role.may(register: registration.action) && reaches(registration.action)
        case .query(let query, _): role.may(ask: query.question) && reaches(query.question)
        case .bank(let request): role.may(ask: request.action) && schemes == nil
        case .session(let request): may(request)
        }
    }

    private func may(_ request: SessionRequest) -> Bool {
        switch request {
        case .createPrincipal(let principal):
            role.managesPrincipals && schemes == nil && (tenant == nil || principal.tenant != nil)
        case .rotatePrincipal, .revokePrincipal, .principals: role.managesPrincipals && schemes == nil
        case .seal: role.maySeal && schemes == nil
        case .use, .ping, .help, .status, .whoami, .multi, .exec, .discard, .authenticate, .hello, .echo, .reset,
            .select, .client, .commandTable, .commandDocs, .info, .configGet, .quit:
            true
        }
    }

    private func reaches(_ action: RegistrationAction) -> Bool {
        // A new root is below nobody.
        if case .createTenant(nil, _) = action, tenant != nil { return false }
        guard let schemes else { return true }
        return action.scheme.map(schemes.contains) ?? false
    }

    private func reaches(_ question: Question) -> Bool {
        guard let schemes else { return true }
        return switch question.concern {
        case .scheme(let scheme): schemes.contains(scheme)
        case .award, .entry, .entryByKey, .many: true
        case .whole: false
        }
    }

    /// Whether a tenant is its own or below it.
    func reaches(_ place: TenantPlace) -> Bool { tenant.map(place.lineage.contains) ?? true }
}

extension ParsedRequest {
    /// The tenants whose books it is about; where it makes a tenant, the one above.
    var tenants: [String] {
        switch self {
        case .command(.registration(let registration)):
            switch registration.action {
            case .createTenant(let parent, _): [parent].compactMap(\.self)
            case .putScheme(_, _, let terms): [registration.tenant] + (terms.payers ?? [])
            case .setParameters, .putParty, .openSubject, .meetCondition, .closePeriod: [registration.tenant]
            }
        case .command(.posting(let posting)): [posting.tenant]
        case .query(let query, _): [query.tenant]
        case .bank(let request): [request.tenant]
        case .session(.use(let tenant)), .session(.seal(let tenant)): [tenant]
        case .session(.createPrincipal(let principal)): [principal.tenant].compactMap(\.self)
        case .session: []
        }
    }

    /// The tenant that it makes, unless it stands already.
    var createdTenant: String? {
        if case .command(.registration(let registration)) = self, case .createTenant = registration.action {
            registration.tenant
        } else {
            nil
        }
    }
}
