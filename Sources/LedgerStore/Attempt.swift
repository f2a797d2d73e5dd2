import LedgerCore

/// A batch whose COMMIT was sent and not answered. Its last entry tells whether it stands: a transaction stands as a whole.
package struct Attempt: Sendable {
    struct LastEntry: Sendable {
        let tenant: Int32
        let sequence: Int64
        let hash: [UInt8]
    }

    /// nil where the batch had only registrations, which may simply be sent again.
    let lastEntry: LastEntry?
    let verdicts: [Verdict]

    init(_ books: Books, _ verdicts: [Verdict], hashes: [[UInt8]]) {
        lastEntry =
            if let entry = books.changes.entries.last, let hash = hashes.last {
                LastEntry(tenant: entry.tenant, sequence: entry.sequence, hash: hash)
            } else {
                nil
            }
        self.verdicts = verdicts
    }
}

extension Attempt: CustomStringConvertible {
    package var description: String {
        guard let lastEntry else { return "it had registrations only" }
        return "its last entry is \(SequenceName(tenant: lastEntry.tenant, sequence: lastEntry.sequence).text)"
    }
}
