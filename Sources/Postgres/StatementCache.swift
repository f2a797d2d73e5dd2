/// Which statements the server has prepared for one connection, by their text.
///
/// What a pipeline prepares counts as prepared for the rest of that pipeline, and beyond it only once the server has
/// confirmed it. Prepared statements outlive the transaction that made them, also one that is rolled back.
struct StatementCache {
    struct Entry: Equatable {
        /// The server's name of it: s1, s2, …; none is used twice.
        let name: String
        /// The parameters' types; 0 where only NULL was seen, and the server inferred one.
        let types: [UInt32]
    }

    enum Plan: Equatable {
        /// Prepared before: run it.
        case run(Entry)
        /// To be prepared under that name and then run.
        case prepare(Entry)
        /// To be sent whole, without a name: there are too many already.
        case sendWhole
    }

    /// How many names a connection hands out; the server keeps every one until the connection ends.
    static let capacity = 1_000

    private var confirmed: [String: Entry] = [:]
    private var pending: [String: Entry] = [:]
    private var namesGiven = 0

    /// NULL fits any type. Where a type differs from the prepared one, the statement is prepared anew: above all where
    /// the first use had NULL, and the server may have inferred another type than the one that now comes.
    mutating func plan(_ sql: String, types: ArraySlice<UInt32>) -> Plan {
        var types = Array(types)
        if let known = pending[sql] ?? confirmed[sql], known.types.count == types.count {
            for (index, type) in types.enumerated() where type == TypeOID.unspecified {
                types[index] = known.types[index]
            }
            if types == known.types { return .run(known) }
        }
        guard namesGiven < Self.capacity else { return .sendWhole }
        namesGiven += 1
        let entry = Entry(name: "s\(namesGiven)", types: types)
        pending[sql] = entry
        return .prepare(entry)
    }

    mutating func confirm(_ sql: String, _ entry: Entry) {
        confirmed[sql] = entry
    }

    mutating func endPipeline() {
        pending.removeAll(keepingCapacity: true)
    }

    /// The server does not run it any more as it was prepared.
    mutating func forget(_ sql: String) {
        confirmed[sql] = nil
    }
}
