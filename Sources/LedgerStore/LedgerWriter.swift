package import LedgerCore
import Postgres

/// Posts batches: locks and loads, lets the core decide, writes, and commits. One connection; its calls block, so it
/// belongs to a thread of its own. After an error, ask ``isUsable``, and open another one where it is not.
package struct LedgerWriter: ~Copyable {
    var transaction: Transaction

    package init(conninfo: String, sealer: Sealer) throws(StoreError) {
        transaction = try Transaction(conninfo: conninfo, sealer: sealer)
    }

    package var isUsable: Bool { transaction.connection.isUsable }

    /// Serialization failures and deadlocks are tried again this often; under the root's lock there should be none.
    static let mostTries = 5

    /// Posts units of work of one root and answers each, in order, once they are durable.
    ///
    /// `after` is what an earlier call with the same work threw: where that attempt stands, its verdicts are returned.
    package mutating func post(
        _ work: [Work], root: Int32, at now: Moment, after attempt: Attempt? = nil
    ) throws(StoreError) -> [Verdict] {
        try retrying { (writer: inout LedgerWriter) throws(Failure) in
            try writer.postOnce(work, root: root, at: now, after: attempt)
        }
    }

    private mutating func postOnce(
        _ work: [Work], root: Int32, at now: Moment, after attempt: Attempt?
    ) throws(Failure) -> [Verdict] {
        var books: Books
        do throws(PostgresError) {
            books = try transaction.begin(work, root: root)
            if let attempt, try attempt.stands(in: root, on: &transaction.connection) {
                transaction.abandon()
                return attempt.verdicts
            }
        } catch {
            throw .database(error)
        }
        let loaded = Loaded(books, root: root)
        let verdicts = decide(work, over: &books, at: now)
        guard !books.changes.isEmpty else {
            transaction.hints.remember(books)
            transaction.abandon()
            return verdicts
        }
        try commit(&books, since: loaded, verdicts, at: now)
        return verdicts
    }

    /// Writes what was decided and commits, in one round trip.
    mutating func commit(
        _ books: inout Books, since loaded: Loaded, _ verdicts: [Verdict], at now: Moment
    ) throws(Failure) {
        let statements: [Statement]
        let hashes: [[UInt8]]
        do throws(StoreError) {
            (statements, hashes) = try transaction.statements(writing: &books, since: loaded, at: now)
        } catch {
            throw .store(error)
        }
        do throws(PostgresError) {
            _ = try transaction.connection.pipeline(statements + [Statement("COMMIT")])
        } catch {
            guard error.isConnectionLost else { throw .database(error) }
            throw .store(.outcomeUnknown(Attempt(Attempt.LastEntry(books, hashes: hashes), verdicts)))
        }
        transaction.remember(books, since: loaded)
    }
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
