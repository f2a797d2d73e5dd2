import LedgerCore
import Postgres

/// A transaction under the lock of one root: what postings and vouchers have in common.
///
/// The root's row is the only thing that is locked. Whoever posts to a root holds it from before the first row is read
/// until COMMIT, so that nobody else changes any of the root's rows meanwhile, on this daemon or another one, and no
/// deadlock can come about. What was recalled without the lock is confirmed by the first statement that takes it.
///
/// READ COMMITTED gives each statement a snapshot of its own: those after the lock see all
/// that was committed while it was waited for.
struct Transaction: ~Copyable {
    /// Books to decide over.
    struct Opened {
        var books: Books
        /// `roots.stamp` when they were read.
        var stamp: Int64 = 0
    }

    var connection: Connection
    let sealer: Sealer
    private let types: RowTypes
    private let known: KnownBooks
    /// What is known of the root at hand, taken out of `known`; nil between two transactions.
    private var rows: KnownRows?

    init(conninfo: String, sealer: Sealer, known: KnownBooks) throws(StoreError) {
        var connection = try Session.open(conninfo, Session.forWriting)
        do throws(PostgresError) {
            types = try RowTypes(&connection)
        } catch {
            throw StoreError(error)
        }
        self.connection = connection
        self.sealer = sealer
        self.known = known
    }

    // MARK: Reading

    /// The books that the work touches, without a word to the database; nil where not all of it is known. Whether its
    /// keys are new and whether the rows still stand is for the statements that write to find out.
    mutating func recall(_ work: [Work], root: Int32) -> (opened: Opened, keys: Set<KeyName>)? {
        takeRows(of: root)
        guard let rows else { return nil }
        let touch = Touch(of: work, registry: rows.registry)
        guard touch.newTenants.isEmpty, touch.foreignTenants.isEmpty else { return nil }
        var wanted = Wanted(touch)
        wanted.keys = []
        var books = Books(registry: rows.registry, nextNumber: rows.nextNumber)
        books.reserve(postings: work.count)
        _ = rows.recall(&wanted, into: &books)
        guard wanted.isEmpty else { return nil }
        return (Opened(books: books, stamp: rows.stamp), touch.keys)
    }

    /// Begins (unless that was done), locks the root and loads all that the work touches and that is not known.
    mutating func begin(_ work: [Work], root: Int32, isOpen: Bool = false) throws(PostgresError) -> Opened {
        takeRows(of: root)
        let unread = Registry(root: root, version: 0)
        let touch = Touch(of: work, registry: rows?.registry ?? unread)
        let createsTenants = !touch.newTenants.isEmpty
        let opening =
            (isOpen ? [] : [Transaction.begin]) + (createsTenants ? [Transaction.lockInstallation] : [])
            + [Transaction.lock(root: root)]

        var wanted = Wanted(touch)
        var books = Books(registry: rows?.registry ?? unread, nextNumber: rows?.nextNumber ?? 1)
        let recalled = rows?.recall(&wanted, into: &books) ?? Wanted()
        let load = Wanted.Load(wanted, root: root)
        let results = try connection.pipeline(opening + (rows == nil ? [] : load.statements))
        let lock = results[opening.count - 1]
        guard lock.count == 1 else { return Opened(books: Books(registry: unread)) }

        let stamp = try lock.int8(0, 2)
        if rows?.stamp == stamp {
            try load.read(results[opening.count...], into: &books)
            wanted.formUnion(recalled)
            try Wanted.complete(&books, after: wanted, on: &connection)
        } else {
            let registry: Registry
            if let held = rows?.registry, held.version == (try lock.int8(0, 1)) {
                registry = held
            } else {
                registry = try Registry.load(root: root, from: &connection)
            }
            books = Books(registry: registry, nextNumber: try lock.int8(0, 0))
            rows = KnownRows(registry: registry, stamp: stamp, nextNumber: books.nextNumber)
            try fill(&books, for: work)
        }
        if createsTenants { books.nextTenant = try results[opening.count - 2].int4(0, 0) }
        let present = Touch(of: work, registry: books.registry)
        try loadForeignTenants(present.foreignTenants.union(present.newTenants), into: &books)
        rows?.learn(books)
        return Opened(books: books, stamp: stamp)
    }

    /// Loads what more work of the transaction touches, after its first part was written. What it reads may yet be
    /// rolled back, and is not remembered.
    mutating func resume(_ work: [Work], root: Int32) throws(PostgresError) -> Opened {
        rows = nil
        let registry = try Registry.load(root: root, from: &connection)
        let lock = try connection.pipeline([Transaction.lock(root: root)])[0]
        guard lock.count == 1 else { return Opened(books: Books(registry: registry)) }
        var books = Books(registry: registry, nextNumber: try lock.int8(0, 0))
        try fill(&books, for: work)
        let new = Touch(of: work, registry: registry).newTenants
        if !new.isEmpty {
            books.nextTenant = try connection.query(Transaction.lockInstallation.sql).int4(0, 0)
            try loadForeignTenants(new, into: &books)
        }
        return Opened(books: books, stamp: try lock.int8(0, 2))
    }

    private mutating func fill(_ books: inout Books, for work: [Work]) throws(PostgresError) {
        let touch = Touch(of: work, registry: books.registry)
        let wanted = Wanted(touch)
        let load = Wanted.Load(wanted, root: books.registry.root)
        try load.read(connection.pipeline(load.statements)[...], into: &books)
        try Wanted.complete(&books, after: wanted, on: &connection)
        try loadForeignTenants(touch.foreignTenants, into: &books)
    }

    // MARK: Writing

    /// The statements that write what was decided. The books get each tenant's last hash.
    mutating func statements(
        writing books: inout Books, since loaded: Loaded, at now: Moment
    ) throws(StoreError) -> (statements: [Statement], hashes: [[UInt8]]) {
        var names = rows?.takeNames() ?? AccountNames()
        let hashes = try books.chain(naming: &names)
        rows?.names = names.count <= AccountNames.most ? names : AccountNames()
        let seals = try books.seals(since: loaded, by: sealer, at: now)
        return (BooksWriting(books, since: loaded, hashes: hashes, types: types).statements + seals, hashes)
    }

    /// Ends the transaction where the root has changed since, or where one of the keys was used: then what was recalled
    /// did not suffice to decide.
    static func confirm(_ keys: Set<KeyName>, root: Int32, stamp: Int64?) -> [Statement] {
        var statements: [Statement] = []
        if let stamp {
            statements.append(
                Statement(
                    """
                    WITH locked AS MATERIALIZED (SELECT stamp FROM roots WHERE root = $1 FOR UPDATE)
                    SELECT start_over_unless(count(*) = 1, 'the root has changed') FROM locked WHERE stamp = $2
                    """, [.int4(root), .int8(stamp)]))
        }
        if !keys.isEmpty {
            let keys = Array(keys)
            statements.append(
                Statement(
                    """
                    SELECT start_over_unless(count(*) = 0, 'a key was used') FROM (
                        SELECT FROM unnest($2::int4[], $3::text[]) AS n (tenant, key)
                        JOIN entries e ON e.root = $1 AND e.tenant = n.tenant AND e.key = n.key LIMIT 1) used
                    """, [.int4(root), .int4s(keys.map(\.tenant)), .texts(keys.map(\.key))]))
        }
        return statements
    }

    /// Lets whoever comes next know what is about to stand.
    mutating func publish(_ books: Books, since loaded: Loaded) {
        guard var rows else { return }
        self.rows = nil
        if !books.changes.isEmpty {
            rows.learn(changesOf: books)
            rows.stamp = loaded.nextStamp
            rows.nextNumber = books.nextNumber
            if books.changes.touchesRegistry {
                rows.registry = books.registry
                rows.registry.version = loaded.nextStamp
            }
        }
        known.put(rows)
    }

    /// Tells how many rows there are, between two transactions.
    mutating func note(rows: Int64) {
        // Should the connection be lost here, the next batch will see it.
        try? known.youngTables.note(rows, on: &connection)
    }

    /// Ends a transaction that has changed nothing.
    mutating func end(_ books: Books, since loaded: Loaded) {
        publish(books, since: loaded)
        abandon()
    }

    /// Ends the transaction without effect, if the connection still stands.
    mutating func abandon() {
        forget()
        // A rollback that fails has lost its connection, and with it the server's transaction ends too.
        try? connection.rollback()
    }

    /// After a transaction of which it is not followed what it has changed.
    mutating func forget() { rows = nil }

    private mutating func takeRows(of root: Int32) {
        guard rows?.registry.root != root else { return }
        rows = known.take(root)
    }

    // MARK: Locks and tenants

    static let begin = Statement("BEGIN ISOLATION LEVEL READ COMMITTED")
    static let lockInstallation = Statement("SELECT next_tenant FROM installation FOR UPDATE")

    static func lock(root: Int32) -> Statement {
        Statement("SELECT next_number, registry_stamp, stamp FROM roots WHERE root = $1 FOR UPDATE", [.int4(root)])
    }

    /// Which of these are tenants of another root.
    private mutating func loadForeignTenants(
        _ ids: Set<String>, into books: inout Books
    ) throws(PostgresError) {
        guard !ids.isEmpty else { return }
        let foreign = try connection.query(
            "SELECT id FROM tenants WHERE root <> $1 AND id = ANY ($2)",
            [.int4(books.registry.root), .texts(ids.sorted())])
        for row in 0..<foreign.count { books.foreignTenants.insert(try foreign.text(row, 0)) }
    }
}
