import LedgerCore
import Postgres

/// Lists of different lengths, one for each row, as PostgreSQL's arrays can carry them: end to end in one array, and
/// for each row the places of its first and last element, from 1. An empty list's last place is before its first.
struct Lists<Element> {
    private(set) var elements: [Element] = []
    private(set) var firsts: [Int32] = []
    private(set) var lasts: [Int32] = []

    init<Row>(_ rows: [Row], _ list: (Row) -> some Sequence<Element>) {
        for row in rows {
            firsts.append(Int32(elements.count + 1))
            elements.append(contentsOf: list(row))
            lasts.append(Int32(elements.count))
        }
    }

    var places: [Parameter] { [.int4s(firsts), .int4s(lasts)] }
}

/// A statement over many rows: `INSERT` or `UPDATE`, of which each row is one element of every array.
enum SetWise {
    /// Rows that cannot be there yet. Driven by the root's locked row, so that the statement belongs to one shard.
    static func insert(
        into table: String, _ columns: String, _ values: String, from unnested: String
    ) -> String {
        """
        INSERT INTO \(table) (root, \(columns)) SELECT r.root, \(values)
        FROM roots r, \(unnested) WHERE r.root = $1
        """
    }

    /// Rows that were loaded under the root's lock: should one of them not be there any more, the transaction ends.
    static func update(
        _ table: String, set assignments: String, from unnested: String, where condition: String
    ) -> String {
        """
        WITH changed AS (
            UPDATE \(table) t SET \(assignments) FROM \(unnested) WHERE t.root = $1 AND \(condition) RETURNING 1
        )
        SELECT expect(count(*), cardinality($2), '\(table)') FROM changed
        """
    }
}
