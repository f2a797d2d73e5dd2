import LedgerCore

/// A batch whose COMMIT was sent and not answered. Its last entry tells whether it stands: a transaction stands as a
/// whole.
package struct Attempt: Sendable {
    struct LastEntry: Sendable {
        let tenant: Int32
        let sequence: Int64
        let hash: [UInt8]
    }

    /// nil where the batch had only registrations, which may simply be sent again.
    let lastEntry: LastEntry?
    let verdicts: [Verdict]

    init(_ lastEntry: LastEntry?, _ verdicts: [Verdict]) {
        self.lastEntry = lastEntry
        self.verdicts = verdicts
    }
}

extension Attempt.LastEntry {
    /// The last of the new entries in these books; nil where there is none.
    init?(_ books: Books, hashes: [[UInt8]]) {
        guard let entry = books.changes.entries.last, let hash = hashes.last else { return nil }
        self.init(tenant: entry.tenant, sequence: entry.sequence, hash: hash)
    }
}

extension Attempt: CustomStringConvertible {
    package var description: String {
        guard let lastEntry else { return "it had registrations only" }
        return "its last entry is \(SequenceName(tenant: lastEntry.tenant, sequence: lastEntry.sequence).text)"
    }
}
