package import LedgerCore

/// Where queries are answered: the database, or a simulation of it. One thread uses it at a time, and its calls block.
package protocol AnsweringStore: ~Copyable {
    /// Answers all of them as of one instant, in their order.
    mutating func answer(_ queries: [Query], at moment: Moment) throws(AnsweringFailure) -> [Reply]

    /// Where a tenant stands; nil where there is no such tenant.
    mutating func place(of tenant: String) throws(AnsweringFailure) -> TenantPlace?

    /// Who may speak; nil where that is still what it was at this version.
    mutating func principals(since version: Int64) throws(AnsweringFailure) -> PrincipalList?

    /// The tenants whose journals have entries that no seal covers.
    mutating func unsealedTenants() throws(AnsweringFailure) -> [String]

    /// Makes a connection, in place of a lost one where there was one.
    mutating func connect() throws(AnsweringFailure)
}

/// Why nothing was answered. `reason` is for the log.
package enum AnsweringFailure: Error, Sendable {
    case unavailable(reason: String)
    /// The database refused a query, which it should have been able to answer.
    case rejected(reason: String)
}
