package import LedgerCore
package import LineProtocol

/// What the daemon knows of itself, once it listens.
package struct Daemon: Sendable {
    package static let version = "0.1.0"

    package let ledger: Ledger
    package let processID: Int64
    /// nil where it does not listen on TCP.
    package let tcpAddress: String?
    package let tcpPort: Int?
    package let unixPath: String?
    package let connections: Connections
    let throttle: AuthThrottle
    private let startedAt = ContinuousClock.now

    package init(
        ledger: Ledger, processID: Int64, tcpAddress: String?, tcpPort: Int?, unixPath: String?,
        connections: Connections
    ) {
        self.ledger = ledger
        self.processID = processID
        self.tcpAddress = tcpAddress
        self.tcpPort = tcpPort
        self.unixPath = unixPath
        self.connections = connections
        throttle = AuthThrottle(limits: ledger.limits)
    }

    private var uptimeSeconds: Int64 { (ContinuousClock.now - startedAt).components.seconds }

    package var facts: ServerFacts {
        ServerFacts(version: Self.version, processID: processID, tcpPort: tcpPort, uptimeSeconds: uptimeSeconds)
    }

    /// What STATUS answers.
    package func status() async -> [Field] {
        let waiting = ledger.queueLengths
        let limits = ledger.limits
        return [
            Field("version", .text(Self.version)),
            Field("database", .text(await ledger.isDatabaseReachable() ? "ok" : "unreachable")),
            Field("tcp", .optional(tcpAddress)),
            Field("unix", .optional(unixPath)),
            Field("uptime-seconds", .number(uptimeSeconds)),
            Field("connections", .number(Int64(connections.count))),
            Field("commands-waiting", .number(Int64(waiting.writes))),
            Field("queries-waiting", .number(Int64(waiting.reads))),
            Field(
                "limits",
                .object(LimitSetting.all.map { Field($0.name, .number($0.value(in: limits))) })),
        ]
    }

    /// The conversation of a connection. `native` speaks on it without AUTH.
    func conversation(
        _ connection: ConnectionFacts, native: Principal?, entrance: Entrance,
        isConnected: @escaping @Sendable () -> Bool
    ) -> Conversation {
        let session = Session(
            connection, native: native, principals: ledger.principals, server: { facts }, limits: ledger.limits)
        return Conversation(
            session, ledger: ledger, entrance: entrance, status: status, isConnected: isConnected)
    }
}
