import Synchronization

/// Makes whoever guesses tokens wait: each failure from an address delays the reply to the next by twice as long. Who
/// has the right token never waits, so that nobody can lock others out.
final class AuthThrottle: Sendable {
    private struct Record {
        var failures: Int
        var last: ContinuousClock.Instant
    }

    /// Failures that are taken for slips.
    private static let free = 3
    private static let first = Duration.milliseconds(100)
    /// After so long without a failure an address begins anew.
    private static let memory = Duration.seconds(900)
    private static let mostAddresses = 10_000

    private let longest: Duration
    private let records = Mutex<[String: Record]>([:])

    init(limits: Limits) {
        longest = limits.longestAuthDelay
    }

    /// Notes a failure, and answers how long its reply is to be held back.
    func delay(for address: String, at now: ContinuousClock.Instant = .now) -> Duration {
        records.withLock { records in
            if records.count >= Self.mostAddresses {
                records = records.filter { now - $0.value.last < Self.memory }
                // An attacker with that many addresses is not slowed by remembering them.
                if records.count >= Self.mostAddresses { records = [:] }
            }
            var record = records[address] ?? Record(failures: 0, last: now)
            if now - record.last >= Self.memory { record.failures = 0 }
            record.failures += 1
            record.last = now
            records[address] = record
            guard record.failures > Self.free else { return .zero }
            return min(Self.first * (1 << min(record.failures - Self.free - 1, 20)), longest)
        }
    }
}
