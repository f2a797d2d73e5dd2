import LedgerCore

// Vouchers: what stands between MULTI and EXEC, and of which root it is.

extension Conversation {
    mutating func exec(_ voucher: Voucher) async {
        switch await root(of: voucher) {
        case .success(let root): await add(voucher.job, lane: .root(root))
        case .failure(.aborted(let index, let refusal)):
            replies.append(.verdict(.aborted(index: index, refusal)))
        case .failure(.refused(let refusal)): replies.append(.refused(refusal))
        }
    }

    private enum VoucherFailure: Error {
        case aborted(index: Int, Refusal)
        case refused(Refusal)
    }

    /// The one root of all tenants in the voucher. A tenant that is not there is left for the books to refuse in its
    /// turn, because a request before it may have to be refused first.
    private mutating func root(of voucher: Voucher) async -> Result<Int32, VoucherFailure> {
        var found: (root: Int32, tenant: String)?
        var firstUnknown: (index: Int, refusal: Refusal)?
        var created: Set<String> = []
        for (index, part) in voucher.parts.enumerated() {
            guard let tenant = part.existingTenant else {
                return .failure(.aborted(index: index, .rootInVoucher))
            }
            if let new = part.createdTenant { created.insert(new) }
            if created.contains(tenant) { continue }
            do {
                let root = try await place(of: tenant).root
                if let found, found.root != root {
                    return .failure(.aborted(index: index, .twoRoots(found.tenant, tenant)))
                }
                found = found ?? (root, tenant)
            } catch {
                guard error.code == .notFound else { return .failure(.refused(error)) }
                firstUnknown = firstUnknown ?? (index, error)
            }
        }
        if let found { return .success(found.root) }
        let (index, refusal) = firstUnknown ?? (0, .rootInVoucher)
        return .failure(.aborted(index: index, refusal))
    }
}

extension VoucherPart {
    /// The tenant whose root it belongs to: its own, or the parent of the one that it creates; nil where it creates a
    /// root.
    fileprivate var existingTenant: String? {
        switch self {
        case .query(let query): query.tenant
        case .command(let envelope):
            if case .registration(let registration) = envelope.command,
                case .createTenant(let parent, _) = registration.action
            {
                parent
            } else {
                envelope.command.tenant
            }
        }
    }

    var createdTenant: String? {
        if case .command(let envelope) = self, envelope.command.createsTenant { envelope.command.tenant } else { nil }
    }
}

extension Refusal {
    static let rootInVoucher = invalid(
        "parent", "a voucher cannot create a root tenant; send this TENANT.CREATE before MULTI")

    static func twoRoots(_ first: String, _ second: String) -> Refusal {
        invalid(
            "tenant", "\"\(second)\" belongs to another root tenant than \"\(first)\"; a voucher stays within one")
    }
}
