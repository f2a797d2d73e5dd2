import LedgerCore
import Postgres

/// Full names of accounts, from the names of what they belong to: what the chain covers and what people read.
struct AccountNames {
    private struct Owner: Hashable {
        let kind: AccountSlot.Owner
        let number: Int64

        /// nil where the number names no account.
        init?(_ account: AccountID) {
            guard let slot = account.slot else { return nil }
            kind = slot.owner
            number = account.owner
        }

        init(_ kind: AccountSlot.Owner, _ number: Int64) {
            self.kind = kind
            self.number = number
        }
    }

    /// A fund's, award's or party's identifier, or a cap's name.
    private var owners: [Owner: String] = [:]
    private var names: [AccountID: String] = [:]

    /// Of all that may be kept from batch to batch; some 20 MB.
    static let most = 200_000

    var count: Int { names.count }

    /// nil where what the account belongs to is not known here.
    mutating func name(of account: AccountID) -> String? {
        if let name = names[account] { return name }
        guard let slot = account.slot, let owner = Owner(account).flatMap({ owners[$0] }) else { return nil }
        let name = slot.name(owner: owner, account: account)
        names[account] = name
        return name
    }

    /// A name that was asked for before.
    func known(_ account: AccountID) -> String? { names[account] }

    /// `owner|scheme|subject[|payer][||period]`; `payer` is 0 where all share the cap. No identifier has a bar in it,
    /// so that no two caps have one name.
    static func cap(_ subject: SubjectName, payer: Int32, period: Int, registry: Registry) -> String {
        var name = "\(tenant(subject.scheme.owner, registry))|\(subject.scheme.scheme)|\(subject.subject)"
        if payer != 0 { name += "|\(tenant(payer, registry))" }
        if period != 0 { name += "\(payer == 0 ? "|" : "")|\(period)" }
        return name
    }

    /// `owner|party`: a tenant below may have a party of the same identifier.
    static func party(_ party: PartyName, registry: Registry) -> String {
        "\(tenant(party.owner, registry))|\(party.party)"
    }

    private static func tenant(_ number: Int32, _ registry: Registry) -> String {
        registry.tenants[number]?.id ?? "#\(number)"
    }
}

// MARK: - From loaded books

extension AccountNames {
    /// The same, where these books hold what the account belongs to.
    mutating func name(of account: AccountID, in books: Books) -> String? {
        if let name = names[account] { return name }
        guard let owner = Owner(account) else { return nil }
        if owners[owner] == nil { owners[owner] = AccountNames.name(owner, books) }
        return name(of: account)
    }

    private static func name(_ owner: Owner, _ books: Books) -> String? {
        switch owner.kind {
        case .fund: return books.funds[owner.number]?.name.fund
        case .award: return books.awards[owner.number]?.name.award
        case .party:
            return books.parties[owner.number].map {
                AccountNames.party(PartyName(owner: $0.owner, party: $0.facts.party), registry: books.registry)
            }
        case .cap:
            guard let cap = books.caps[owner.number]?.name, let subject = books.subjects[cap.subject]?.name else {
                return nil
            }
            return AccountNames.cap(subject, payer: cap.payer, period: cap.period, registry: books.registry)
        }
    }
}

// MARK: - From the database

extension AccountNames {
    /// Loads the names that are not known yet, in one round trip.
    mutating func load(
        _ accounts: some Sequence<AccountID>, _ registry: Registry, from connection: inout Connection
    ) throws(PostgresError) {
        var wanted: [AccountSlot.Owner: Set<Int64>] = [:]
        for account in accounts {
            guard let owner = Owner(account), owners[owner] == nil else { continue }
            wanted[owner.kind, default: []].insert(owner.number)
        }
        let kinds = Array(wanted.keys)
        let results = try connection.pipeline(
            kinds.map { Statement(AccountNames.select($0), [.int4(registry.root), .int8s(Array(wanted[$0] ?? []))]) })
        for (kind, rows) in zip(kinds, results) {
            for row in 0..<rows.count { try add(kind, rows, row, registry) }
        }
    }

    private static func select(_ kind: AccountSlot.Owner) -> String {
        switch kind {
        case .fund: "SELECT number, fund FROM funds WHERE root = $1 AND number = ANY ($2)"
        case .award: "SELECT number, award FROM awards WHERE root = $1 AND number = ANY ($2)"
        case .party: "SELECT number, party, owner FROM parties WHERE root = $1 AND number = ANY ($2)"
        case .cap:
            """
            SELECT c.number, s.scheme, s.owner, s.subject, c.payer, c.period
            FROM caps c JOIN subjects s ON s.root = c.root AND s.number = c.subject
            WHERE c.root = $1 AND c.number = ANY ($2)
            """
        }
    }

    private mutating func add(
        _ kind: AccountSlot.Owner, _ rows: Rows, _ row: Int, _ registry: Registry
    ) throws(PostgresError) {
        let name = try rows.text(row, 1)
        owners[Owner(kind, try rows.int8(row, 0))] =
            switch kind {
            case .fund, .award: name
            case .party:
                AccountNames.party(PartyName(owner: try rows.int4(row, 2), party: name), registry: registry)
            case .cap:
                AccountNames.cap(
                    SubjectName(
                        scheme: SchemeName(owner: try rows.int4(row, 2), scheme: name), subject: try rows.text(row, 3)),
                    payer: try rows.int4(row, 4), period: Int(try rows.int4(row, 5)), registry: registry)
            }
    }
}
