import Histogram
import LedgerCore

extension BenchRun.Result {
    private static let percentiles = [("p50", 50.0), ("p90", 90.0), ("p99", 99.0), ("p99.9", 99.9)]

    private func microseconds(at percentile: Double) -> Int { Int(latencies.valueAtPercentile(percentile)) }

    static func table(_ results: [BenchRun.Result]) -> [String] {
        let titles = ["connections", "in-flight", "a second", "refused"] + percentiles.map(\.0) + ["max", "entries"]
        var table = TextTable(
            columns: [.init(title: "scenario", alignment: .left)]
                + titles.map { TextTable.Column(title: $0, alignment: .right) })
        for result in results {
            let times = percentiles.map { milliseconds(result.microseconds(at: $0.1)) }
            table.add(
                [
                    result.scenario.rawValue, "\(result.connections)", "\(result.inFlight)", "\(result.rate)",
                    "\(result.refusals.values.reduce(0, +))",
                ] + times + [milliseconds(Int(result.latencies.max)), "\(result.entries)"])
        }
        return table.lines
    }

    private static func milliseconds(_ microseconds: Int) -> String {
        let fraction = "\(microseconds % 1_000)"
        return "\(microseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// Times are microseconds.
    var fields: [Field] {
        let refused = refusals.sorted { $0.key < $1.key }.map { Field($0.key, .number(Int64($0.value))) }
        return [
            Field("scenario", .text(scenario.rawValue)), Field("connections", .number(Int64(connections))),
            Field("in-flight", .number(Int64(inFlight))), Field("seconds", .number(Int64(seconds))),
            Field("replies", .number(Int64(replies))), Field("rate", .number(Int64(rate))),
            Field("refused", .object(refused)),
        ]
            + Self.percentiles.map { Field($0.0, .number(Int64(microseconds(at: $0.1)))) }
            + [Field("max", .number(Int64(latencies.max))), Field("entries", .number(Int64(entries)))]
    }
}
