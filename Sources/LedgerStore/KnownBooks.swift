import LedgerCore
import Synchronization

/// What this daemon's writers know of the roots' rows. A root's batches are posted one after the other, by whichever
/// writer is free: it takes the rows out, and puts them back as its transaction will leave them, even before that is
/// carried out. Should it never be, its stamp never stands, and nobody can rely on them.
package final class KnownBooks: Sendable {
    /// Rows of all roots; some 50 MB.
    private static let capacity = 80_000

    private let roots = Mutex<[Int32: KnownRows]>([:])

    let youngTables = YoungTables()

    package init() {}

    /// nil where nothing is known of the root.
    func take(_ root: Int32) -> KnownRows? { roots.withLock { $0.removeValue(forKey: root) } }

    func put(_ rows: KnownRows) {
        roots.withLock { roots in
            if roots.values.lazy.map(\.count).reduce(rows.count, +) > KnownBooks.capacity { roots.removeAll() }
            guard rows.count <= KnownBooks.capacity else { return }
            roots[rows.registry.root] = rows
        }
    }
}
