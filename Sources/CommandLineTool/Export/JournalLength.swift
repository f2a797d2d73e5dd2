import LineProtocol

/// Finds out how long a journal is with some dozens of small questions, so that a bar can tell how much is to come.
struct JournalLength {
    /// How many questions are asked at once.
    private static let breadth: Int64 = 16

    let tenant: String

    /// How many entries there are now.
    func read(over connection: inout DaemonConnection) async throws -> Int64 {
        let powers = (0..<40).map { Int64(1) << $0 }
        var (known, end) = try await bounds(powers, from: 0, to: Int64(1) << 40, over: &connection)
        while end - known > 1 {
            let step = max(1, (end - known) / Self.breadth)
            let places = Array(stride(from: known + step, to: end, by: Int64.Stride(step)))
            (known, end) = try await bounds(places, from: known, to: end, over: &connection)
        }
        return known
    }

    /// Of ascending places, the last at which there is an entry and the first at which there is none.
    private func bounds(
        _ places: [Int64], from known: Int64, to end: Int64, over connection: inout DaemonConnection
    ) async throws -> (known: Int64, end: Int64) {
        let replies = try await connection.exchange(
            places.map { "JOURNAL tenant=\(tenant) after=\($0 - 1) limit=1" })
        var (known, end) = (known, end)
        for (place, reply) in zip(places, replies) {
            if let refusal = RefusedByDaemon(reply) { throw refusal }
            guard case .list(let entries)? = reply["entries"] else { continue }
            if entries.isEmpty {
                end = min(end, place)
            } else {
                known = max(known, place)
            }
        }
        // Entries may come between two questions.
        return (known, max(end, known + 1))
    }
}
