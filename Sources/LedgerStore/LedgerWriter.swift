package import LedgerCore
import Postgres

/// Posts batches: locks and loads, lets the core decide, writes, and commits. One connection; its calls block, so it
/// belongs to a thread of its own. After an error, ask ``isUsable``, and open another one where it is not.
package struct LedgerWriter: ~Copyable {
    var transaction: Transaction

    /// After a key that had been used, or rows that somebody else had changed, there are likely more: so many batches
    /// are read under the lock from the start.
    private static let cautiousBatches = 32
    private var caution = 0
    /// The most that a batch knew of.
    private var rows: Int64 = 0

    /// `known` is one for all writers of a daemon.
    package init(conninfo: String, sealer: Sealer, known: KnownBooks = KnownBooks()) throws(StoreError) {
        transaction = try Transaction(conninfo: conninfo, sealer: sealer, known: known)
    }

    package var isUsable: Bool { transaction.connection.isUsable }

    /// Serialization failures and deadlocks are tried again this often; under the root's lock there should be none.
    static let mostTries = 5

    /// Posts units of work of one root and answers each, in order, once they are durable.
    ///
    /// `after` is what an earlier call with the same work threw: where that attempt stands, its verdicts are returned.
    ///
    /// The batch before in the `succession` may still be under way: this one is decided over what that one is about to
    /// leave, and sent behind it. Where that cannot be, it waits for its end.
    package mutating func post(
        _ work: [Work], root: Int32, at now: Moment, after attempt: Attempt? = nil,
        in succession: any Succession = Alone()
    ) throws(StoreError) -> [Verdict] {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            if attempt == nil, writer.caution == 0,
                let verdicts = try writer.postRecalled(work, root: root, at: now, succession)
            {
                return verdicts
            }
            succession.waitForBefore()
            return try writer.postOnce(work, root: root, at: now, after: attempt, succession)
        }
    }

    private mutating func postOnce(
        _ work: [Work], root: Int32, at now: Moment, after attempt: Attempt?, _ succession: any Succession
    ) throws(Failure) -> [Verdict] {
        let opened: Transaction.Opened
        do throws(PostgresError) {
            opened = try transaction.begin(work, root: root)
            if let attempt, try attempt.stands(in: root, on: &transaction.connection) {
                transaction.abandon()
                return attempt.verdicts
            }
        } catch {
            throw .database(error)
        }
        var books = opened.books
        let loaded = Loaded(books, root: root, stamp: opened.stamp)
        let verdicts = decide(work, over: &books, at: now)
        caution = books.haveOldEntries ? LedgerWriter.cautiousBatches : max(0, caution - 1)
        if books.changes.isEmpty {
            transaction.end(books, since: loaded)
        } else {
            try commit(&books, since: loaded, verdicts, [Statement("COMMIT")], at: now, succession)
        }
        return verdicts
    }

    /// Posts over rows that are known already, in one round trip; nil where that cannot be done, and nothing was.
    private mutating func postRecalled(
        _ work: [Work], root: Int32, at now: Moment, _ succession: any Succession
    ) throws(Failure) -> [Verdict]? {
        guard let (opened, keys) = transaction.recall(work, root: root) else { return nil }
        var books = opened.books
        let loaded = Loaded(books, root: root, stamp: opened.stamp)
        let verdicts = decide(work, over: &books, at: now)
        // A new entry finds out by itself whether its key is new. Whoever got none may have had it before.
        let posted = books.changes.entries
        let unposted =
            posted.count == keys.count
            ? [] : keys.subtracting(posted.lazy.map { KeyName(tenant: $0.tenant, key: $0.key) })
        let confirmation = Transaction.confirm(
            unposted, root: root, stamp: books.changes.isEmpty ? loaded.stamp : nil)
        do throws(Failure) {
            try commit(&books, since: loaded, verdicts, confirmation, at: now, succession)
            return verdicts
        } catch {
            guard case .database(let error) = error, error.isNews else { throw error }
            transaction.abandon()
            caution = LedgerWriter.cautiousBatches
            return nil
        }
    }

    /// Writes what was decided and commits, in one round trip. Without BEGIN a pipeline is one transaction.
    mutating func commit(
        _ books: inout Books, since loaded: Loaded, _ verdicts: [Verdict], _ ending: [Statement], at now: Moment,
        _ succession: any Succession = Alone()
    ) throws(Failure) {
        var statements: [Statement] = []
        var hashes: [[UInt8]] = []
        if !books.changes.isEmpty {
            do throws(StoreError) {
                (statements, hashes) = try transaction.statements(writing: &books, since: loaded, at: now)
            } catch {
                throw .store(error)
            }
        }
        transaction.publish(books, since: loaded)
        succession.letFollow()
        succession.waitForLockOfBefore()
        do throws(PostgresError) {
            _ = try transaction.connection.pipeline(statements + ending) { state in
                if state == BooksWriting.isLocked { succession.holdLock() }
            }
        } catch {
            guard error.isConnectionLost, !books.changes.isEmpty else { throw .database(error) }
            throw .store(.outcomeUnknown(Attempt(Attempt.LastEntry(books, hashes: hashes), verdicts)))
        }
        rows = max(rows, books.rows)
    }

    /// Does what can wait until the last batch is answered.
    package mutating func tidy() { transaction.note(rows: rows) }
}

extension Books {
    /// Whether entries were loaded, by a key that was used or as what is to be settled, reversed or returned.
    fileprivate var haveOldEntries: Bool { entries.count > changes.entries.count }
}

extension PostgresError {
    /// What was recalled is not what stands: somebody else has changed the root, or an entry's key was used before.
    fileprivate var isNews: Bool { sqlstate == "40001" || sqlstate == "23505" }
}

/// What can go wrong in one try: a database error, which may be worth another, or what the caller has to know.
enum Failure: Error {
    case database(PostgresError)
    case store(StoreError)
}

extension LedgerWriter {
    /// Runs `body` again where the database gave its transaction up for another one's sake; otherwise ends the
    /// transaction and throws.
    mutating func retrying<Answer>(
        _ body: (inout LedgerWriter) throws(Failure) -> Answer
    ) throws(StoreError) -> Answer {
        var tries = 1
        while true {
            do throws(Failure) {
                return try body(&self)
            } catch {
                transaction.abandon()
                switch error {
                case .store(let error): throw error
                case .database(let error):
                    guard error.isWorthRetrying, tries < LedgerWriter.mostTries else { throw StoreError(error) }
                    tries += 1
                }
            }
        }
    }
}

extension Attempt {
    /// Whether it was committed. To be asked under the root's lock, which the attempt held until it ended.
    func stands(in root: Int32, on connection: inout Connection) throws(PostgresError) -> Bool {
        guard let lastEntry else { return false }
        let found = try connection.query(
            "SELECT 1 FROM entries WHERE root = $1 AND tenant = $2 AND sequence = $3 AND hash = $4",
            [.int4(root), .int4(lastEntry.tenant), .int8(lastEntry.sequence), .bytea(lastEntry.hash)])
        return found.count == 1
    }
}
