package import LedgerCore
import Postgres

extension LedgerWriter {
    /// `TENANT.CREATE`. Numbers and identifiers of tenants belong to the installation: its row is locked first, and
    /// then the root's, where there is one yet.
    package mutating func createTenant(_ envelope: Envelope, at now: Moment) throws(StoreError) -> Outcome {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            try writer.createOnce(envelope, at: now)
        }
    }

    private mutating func createOnce(_ envelope: Envelope, at now: Moment) throws(Failure) -> Outcome {
        let opened: Transaction.Opened
        let root: Int32?
        do throws(PostgresError) {
            let (next, found) = try lockInstallation(for: envelope)
            root = found
            if let found {
                opened = try transaction.begin([.single(envelope)], root: found, isOpen: true)
            } else {
                opened = Transaction.Opened(books: Books(registry: Registry(root: 0, version: 0), nextTenant: next))
            }
        } catch {
            throw .database(error)
        }
        var books = opened.books
        let loaded = Loaded(books, root: root, stamp: opened.stamp)
        let verdicts = decide([.single(envelope)], over: &books, at: now)
        guard case .one(let outcome)? = verdicts.first else {
            throw .store(.incompatible("the core answered one command with \(verdicts.count) verdicts"))
        }
        if books.changes.isEmpty {
            transaction.abandon()
        } else {
            try commit(&books, since: loaded, verdicts, [Statement("COMMIT")], at: now)
        }
        return outcome
    }

    /// Begins, and answers the next tenant's number and the root that the tenant has or is to have; nil where it will
    /// be a root itself.
    private mutating func lockInstallation(
        for envelope: Envelope
    ) throws(PostgresError) -> (next: Int32, root: Int32?) {
        var ids: [String] = []
        if case .registration(let registration) = envelope.command,
            case .createTenant(let parent, _) = registration.action
        {
            ids = [parent, registration.tenant].compactMap { $0 }
        }
        let results = try transaction.connection.pipeline([
            Transaction.begin, Transaction.lockInstallation,
            Statement(
                "SELECT root FROM tenants WHERE id = ANY ($1) ORDER BY id = $2 DESC",
                [.texts(ids), .text(ids.first ?? "")]),
        ])
        return (try results[1].int4(0, 0), results[2].count > 0 ? try results[2].int4(0, 0) : nil)
    }
}
