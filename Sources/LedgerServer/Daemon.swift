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
                .object([
                    Field("connections", .number(Int64(limits.connections))),
                    Field("line-bytes", .number(Int64(limits.lineLength))),
                    Field("voucher-requests", .number(Int64(limits.voucherLength))),
                    Field("commands-waiting", .number(Int64(limits.writeQueueLength))),
                    Field("queries-waiting", .number(Int64(limits.readQueueLength))),
                    Field("commands-in-batch", .number(Int64(limits.batchLength))),
                ])),
        ]
    }

    /// A conversation on behalf of the daemon itself or of a connection.
    package func conversation(
        _ connection: ConnectionFacts, isConnected: @escaping @Sendable () -> Bool = { true }
    ) -> Conversation {
        Conversation(
            Session(connection, server: { facts }, limits: ledger.limits), ledger: ledger, status: status,
            isConnected: isConnected)
    }
}
