/// The limits that can be set when the daemon starts, by the names under which STATUS shows them.
package struct LimitSetting: Sendable {
    package let name: String
    /// What it limits, and in what it is counted.
    package let meaning: String
    private let place: Place

    private enum Place: Sendable {
        case count(any WritableKeyPath<Limits, Int> & Sendable)
        case milliseconds(any WritableKeyPath<Limits, Duration> & Sendable)
    }

    private init(_ name: String, _ meaning: String, _ place: Place) {
        self.name = name
        self.meaning = meaning
        self.place = place
    }

    package static let all = [
        LimitSetting("connections", "connections in all", .count(\.connections)),
        LimitSetting(
            "connections-per-principal", "connections that one principal has signed in on",
            .count(\.connectionsPerPrincipal)),
        LimitSetting(
            "authentication-ms", "milliseconds that a connection may stand before AUTH",
            .milliseconds(\.authenticationTime)),
        LimitSetting(
            "auth-delay-ms", "milliseconds for which the reply to a failed AUTH is held back at most",
            .milliseconds(\.longestAuthDelay)),
        LimitSetting("line-bytes", "bytes of one request", .count(\.lineLength)),
        LimitSetting(
            "requests-in-flight", "requests of one connection that are under way at once",
            .count(\.requestsPerGroup)),
        LimitSetting("voucher-requests", "requests between MULTI and EXEC", .count(\.voucherLength)),
        LimitSetting("commands-waiting", "commands that wait to be posted", .count(\.writeQueueLength)),
        LimitSetting("queries-waiting", "queries that wait to be answered", .count(\.readQueueLength)),
        LimitSetting(
            "tenant-commands-waiting", "of these, commands of one tenant", .count(\.writeQueueLengthOfTenant)),
        LimitSetting("tenant-queries-waiting", "of these, queries of one tenant", .count(\.readQueueLengthOfTenant)),
        LimitSetting("commands-in-batch", "commands that are posted together", .count(\.batchLength)),
        LimitSetting("wait-ms", "milliseconds for which a JOURNAL is held", .milliseconds(\.longestWait)),
    ]

    package func value(in limits: Limits) -> Int64 {
        switch place {
        case .count(let path): Int64(limits[keyPath: path])
        case .milliseconds(let path): Int64(limits[keyPath: path] / .milliseconds(1))
        }
    }

    fileprivate func set(_ value: Int, in limits: inout Limits) {
        switch place {
        case .count(let path): limits[keyPath: path] = value
        case .milliseconds(let path): limits[keyPath: path] = .milliseconds(value)
        }
    }
}

extension Limits {
    /// The defaults, but for settings `name=number`. Throws ``LimitMistake``.
    package init(settings: [String]) throws(LimitMistake) {
        self.init()
        for text in settings {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let setting = LimitSetting.all.first(where: { $0.name == parts[0] }) else {
                let names = LimitSetting.all.map(\.name).joined(separator: ", ")
                throw LimitMistake(description: "there is no limit \"\(parts[0])\"; there are \(names)")
            }
            guard parts.count == 2, let value = Int(parts[1]), (1...1_000_000_000).contains(value) else {
                throw LimitMistake(
                    description: "the limit \"\(text)\" is not \(setting.name)=NUMBER with a number above zero")
            }
            setting.set(value, in: &self)
        }
        // A read that could not hold the longest request would be a contradiction that nobody asked for.
        bytesPerRead = max(bytesPerRead, lineLength)
        guard let contradiction = contradictions.first else { return }
        throw LimitMistake(description: "the limits \(settings.joined(separator: " ")) cannot be: \(contradiction)")
    }
}

package struct LimitMistake: Error, CustomStringConvertible {
    package let description: String
}
