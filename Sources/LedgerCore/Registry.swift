/// Tenants, schemes and parameters of one root: few, seldom changed, and held whole by every daemon. `version` is
/// another after each change, so that a daemon sees under the root's lock whether another one has changed them.
package struct Registry: Sendable, Hashable {
    package struct Tenant: Sendable, Hashable {
        package var number: Int32
        package var id: String
        package var parent: Int32?
        package var name: String

        package init(number: Int32, id: String, parent: Int32?, name: String) {
            self.number = number
            self.id = id
            self.parent = parent
            self.name = name
        }
    }

    /// What a payer has set for a scheme.
    package struct Parameters: Sendable, Hashable {
        package var rate: Rate?
        package var cap: Amount?

        package init(rate: Rate? = nil, cap: Amount? = nil) {
            self.rate = rate
            self.cap = cap
        }
    }

    package struct ParameterName: Sendable, Hashable {
        package let payer: Int32
        package let scheme: SchemeName
        package init(payer: Int32, scheme: SchemeName) { (self.payer, self.scheme) = (payer, scheme) }
    }

    package var version: Int64
    /// The root tenant's number.
    package var root: Int32
    package private(set) var tenants: [Int32: Tenant] = [:]
    package private(set) var numbers: [String: Int32] = [:]
    /// Versions 1, 2, … of each scheme.
    package var schemes: [SchemeName: [SchemeTerms]] = [:]
    package var parameters: [ParameterName: Parameters] = [:]

    package init(root: Int32, version: Int64) {
        self.root = root
        self.version = version
    }

    package mutating func add(_ tenant: Tenant) {
        tenants[tenant.number] = tenant
        numbers[tenant.id] = tenant.number
    }

    package func tenant(_ id: String) -> Tenant? { numbers[id].flatMap { tenants[$0] } }

    /// The tenant and its ancestors, nearest first.
    package func lineage(of tenant: Int32) -> [Int32] {
        var lineage: [Int32] = []
        var next: Int32? = tenant
        while let number = next, let found = tenants[number] {
            lineage.append(number)
            next = found.parent
        }
        return lineage
    }

    /// Whether `tenant` is `ancestor` or lies below it.
    package func isWithin(_ tenant: Int32, _ ancestor: Int32) -> Bool { lineage(of: tenant).contains(ancestor) }

    /// The scheme of that id in the tenant itself, or in its nearest ancestor that owns one.
    package func scheme(_ id: String, seenFrom tenant: Int32) -> SchemeName? {
        lineage(of: tenant).lazy.map { SchemeName(owner: $0, scheme: id) }.first { schemes[$0] != nil }
    }

    package func terms(of scheme: SchemeName, version: Int) -> SchemeTerms? {
        guard let versions = schemes[scheme], versions.indices.contains(version - 1) else { return nil }
        return versions[version - 1]
    }

    package func newestVersion(of scheme: SchemeName) -> Int { schemes[scheme]?.count ?? 0 }

    /// Whether `tenant` may pay under these terms of a scheme of `owner`.
    package func isPayer(_ tenant: Int32, terms: SchemeTerms, owner: Int32) -> Bool {
        guard isWithin(tenant, owner) else { return false }
        guard let payers = terms.payers else { return true }
        return tenants[tenant].map { payers.contains($0.id) } ?? false
    }

    /// Whether `tenant` is an ancestor of one that may pay.
    package func isAncestorOfPayer(_ tenant: Int32, terms: SchemeTerms, owner: Int32) -> Bool {
        guard let payers = terms.payers else { return isWithin(tenant, owner) || isWithin(owner, tenant) }
        return payers.contains { numbers[$0].map { isWithin($0, tenant) } ?? false }
    }
}
