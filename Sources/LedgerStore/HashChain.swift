import Crypto
import LedgerCore

/// The chain over a tenant's journal: each hash covers the one before it and the entry's canonical text.
enum HashChain {
    static let start = [UInt8](repeating: 0, count: 32)

    static func hash(after previous: [UInt8], _ text: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        previous.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        text.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return Array(hasher.finalize())
    }
}

extension Books {
    /// Hashes the new entries in order and puts each tenant's last hash on its head; returns the hashes.
    mutating func chain(naming names: inout AccountNames) throws(StoreError) -> [[UInt8]] {
        try name(accountsOf: changes.entries, &names)
        var hashes: [[UInt8]] = []
        hashes.reserveCapacity(changes.entries.count)
        for entry in changes.entries {
            let tenant = registry.tenants[entry.tenant]?.id ?? "#\(entry.tenant)"
            let text = entry.canonicalText(tenant: tenant) { names.known($0) ?? "" }
            let hash = HashChain.hash(after: heads[entry.tenant]?.lastHash ?? HashChain.start, text)
            heads[entry.tenant]?.lastHash = hash
            hashes.append(hash)
        }
        return hashes
    }

    private func name(accountsOf entries: [Entry], _ names: inout AccountNames) throws(StoreError) {
        for entry in entries {
            for transfer in entry.transfers {
                for account in [transfer.debit, transfer.credit] where names.name(of: account, in: self) == nil {
                    throw .incompatible("account \(account.raw) of a new entry belongs to nothing that was loaded")
                }
            }
        }
    }
}
