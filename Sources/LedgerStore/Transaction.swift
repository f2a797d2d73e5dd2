import LedgerCore
import Postgres

/// A transaction under the lock of one root: what postings and vouchers have in common.
///
/// The root's row is the only thing that is locked. Whoever posts to a root holds it from before the first row is read
/// until COMMIT, so that nobody else changes any of the root's rows meanwhile, on this daemon or another one, and no
/// deadlock can come about. READ COMMITTED gives each statement a snapshot of its own: those after the lock see all
/// that was committed while it was waited for.
struct Transaction: ~Copyable {
    var connection: Connection
    /// Of the roots seen so far. Valid only under the lock, once the version was compared.
    var registries: [Int32: Registry] = [:]
    var hints = Hints()
    let sealer: Sealer
    private var youngTables = YoungTables()

    init(conninfo: String, sealer: Sealer) throws(StoreError) {
        self.sealer = sealer
        connection = try Session.open(conninfo, Session.forWriting)
    }

    /// Begins (unless that was done), locks the root and loads all that the work touches: in one round trip where
    /// registry and hints are fresh.
    mutating func begin(_ work: [Work], root: Int32, isOpen: Bool = false) throws(PostgresError) -> Books {
        let unread = Registry(root: root, version: 0)
        let cached = registries[root]
        let touch = Touch(of: work, registry: cached ?? unread)
        let createsTenants = !touch.newTenants.isEmpty
        let opening =
            (isOpen ? [] : [Transaction.begin]) + (createsTenants ? [Transaction.lockInstallation] : [])
            + [Transaction.lock(root: root)]

        var wanted = Wanted(touch)
        hints.add(to: &wanted)
        let load = Wanted.Load(wanted, root: root)
        let results = try connection.pipeline(opening + (cached == nil ? [] : load.statements))
        let lock = results[opening.count - 1]
        guard lock.count == 1 else { return Books(registry: unread) }

        var books = Books(registry: cached ?? unread, nextNumber: try lock.int8(0, 0))
        if createsTenants {
            books.nextTenant = try results[opening.count - 2].int4(0, 0)
            try loadForeignTenants(touch.newTenants, into: &books)
        }
        guard let cached, cached.version == (try lock.int8(0, 1)) else {
            books.registry = try Registry.load(root: root, from: &connection)
            registries[root] = books.registry
            try fill(&books, for: work)
            return books
        }
        try load.read(results[opening.count...], into: &books)
        try Wanted.complete(&books, after: wanted, on: &connection)
        try loadForeignTenants(touch.foreignTenants, into: &books)
        return books
    }

    /// Loads what more work of the transaction touches, after its first part was written. What it reads of the registry
    /// may yet be rolled back, and is not remembered.
    mutating func resume(_ work: [Work], root: Int32) throws(PostgresError) -> Books {
        let registry = try Registry.load(root: root, from: &connection)
        let lock = try connection.pipeline([Transaction.lock(root: root)])[0]
        guard lock.count == 1 else { return Books(registry: registry) }
        var books = Books(registry: registry, nextNumber: try lock.int8(0, 0))
        try fill(&books, for: work)
        let new = Touch(of: work, registry: registry).newTenants
        if !new.isEmpty {
            books.nextTenant = try connection.query(Transaction.lockInstallation.sql).int4(0, 0)
            try loadForeignTenants(new, into: &books)
        }
        return books
    }

    private mutating func fill(_ books: inout Books, for work: [Work]) throws(PostgresError) {
        let touch = Touch(of: work, registry: books.registry)
        var wanted = Wanted(touch)
        hints.add(to: &wanted)
        let load = Wanted.Load(wanted, root: books.registry.root)
        try load.read(connection.pipeline(load.statements)[...], into: &books)
        try Wanted.complete(&books, after: wanted, on: &connection)
        try loadForeignTenants(touch.foreignTenants, into: &books)
    }

    /// The statements that write what was decided. The books get each tenant's last hash.
    func statements(
        writing books: inout Books, since loaded: Loaded, at now: Moment
    ) throws(StoreError) -> (statements: [Statement], hashes: [[UInt8]]) {
        let hashes = try books.chain()
        let seals = try books.seals(since: loaded, by: sealer, at: now)
        return (BooksWriting(books: books, loaded: loaded, hashes: hashes).statements + seals, hashes)
    }

    /// After COMMIT: what is known of the root from now on.
    mutating func remember(_ books: Books, since loaded: Loaded) {
        if books.changes.touchesRegistry {
            registries[books.registry.root] = books.registry
            registries[books.registry.root]?.version = loaded.registryVersion + 1
        }
        hints.remember(books)
        // Should the connection be lost here, the next batch will see it.
        try? youngTables.note(books.rows, on: &connection)
    }

    /// Ends the transaction without effect, if the connection still stands.
    mutating func abandon() {
        // A rollback that fails has lost its connection, and with it the server's transaction ends too.
        try? connection.rollback()
    }

    // MARK: Locks and tenants

    static let begin = Statement("BEGIN ISOLATION LEVEL READ COMMITTED")
    static let lockInstallation = Statement("SELECT next_tenant FROM installation FOR UPDATE")

    static func lock(root: Int32) -> Statement {
        Statement("SELECT next_number, registry_version FROM roots WHERE root = $1 FOR UPDATE", [.int4(root)])
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
