import Crypto
import LedgerCore

/// The chain over a tenant's journal: each hash covers the one before it and the entry's canonical text.
enum HashChain {
    static let start = [UInt8](repeating: 0, count: 32)

    static func hash(after previous: [UInt8], _ text: String) -> [UInt8] {
        var hasher = SHA256()
        previous.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        var text = text
        text.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return Array(hasher.finalize())
    }
}

/// Full names of accounts, from the names of what they belong to: what the chain covers and what people read.
struct AccountNames {
    /// By number: a fund's, award's or party's identifier, or a cap's name.
    private(set) var owners: [Int64: String] = [:]
    private var names: [AccountID: String] = [:]

    mutating func add(_ number: Int64, _ name: String) { owners[number] = name }

    /// nil where what the account belongs to is not known here, or its number names no account.
    mutating func name(of account: AccountID) -> String? {
        if let name = names[account] { return name }
        guard let slot = account.slot, let owner = owners[account.owner] else { return nil }
        let name = slot.name(owner: owner, account: account)
        names[account] = name
        return name
    }

    /// `scheme:subject[:payer][:period]`.
    static func cap(scheme: String, subject: String, payer: String?, period: Int) -> String {
        "\(scheme):\(subject)\(payer.map { ":\($0)" } ?? "")\(period == 0 ? "" : ":\(period)")"
    }
}

extension AccountNames {
    /// The names of everything that `entries` touch and that these books hold.
    init(_ books: Books, for entries: [Entry]) {
        for entry in entries {
            for transfer in entry.transfers {
                for account in [transfer.debit, transfer.credit] where owners[account.owner] == nil {
                    owners[account.owner] = books.name(ofOwner: account)
                }
            }
        }
    }
}

extension Books {
    fileprivate func name(ofOwner account: AccountID) -> String? {
        switch account.slot?.owner {
        case .fund: funds[account.owner]?.name.fund
        case .award: awards[account.owner]?.name.award
        case .party: parties[account.owner]?.facts.party
        case .cap: caps[account.owner].flatMap { name(of: $0.name) }
        case nil: nil
        }
    }

    private func name(of cap: CapName) -> String? {
        guard let subject = subjects[cap.subject] else { return nil }
        let payer = cap.payer == 0 ? nil : registry.tenants[cap.payer]?.id ?? "#\(cap.payer)"
        return AccountNames.cap(
            scheme: subject.name.scheme.scheme, subject: subject.name.subject, payer: payer, period: cap.period)
    }

    /// Hashes the new entries in order and puts each tenant's last hash on its head; returns the hashes.
    mutating func seal() throws(StoreError) -> [[UInt8]] {
        var names = AccountNames(self, for: changes.entries)
        var nameless: AccountID?
        var hashes: [[UInt8]] = []
        hashes.reserveCapacity(changes.entries.count)
        for entry in changes.entries {
            let tenant = registry.tenants[entry.tenant]?.id ?? "#\(entry.tenant)"
            let text = entry.canonicalText(tenant: tenant) { account in
                if let name = names.name(of: account) { return name }
                nameless = account
                return ""
            }
            let hash = HashChain.hash(after: heads[entry.tenant]?.lastHash ?? HashChain.start, text)
            heads[entry.tenant]?.lastHash = hash
            hashes.append(hash)
        }
        if let nameless {
            throw .incompatible("account \(nameless.raw) of a new entry belongs to nothing that was loaded")
        }
        return hashes
    }
}
