import Glibc
import LineProtocol
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// Why the daemon cannot listen where it was told to.
package struct ListenFailure: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}

/// Takes connections on TCP and on a Unix socket, until the daemon ends.
///
/// Then it takes no more of them, lets those that stand send the replies that are due, and closes them.
package struct Listener: Service {
    private typealias Server = NIOAsyncChannel<ConnectionLoop.Connection, Never>

    private let ledger: Ledger
    private let host: String
    private let port: Int?
    private let unixPath: String?
    private let security: TransportSecurity?
    private let logger: Logger
    private let listening: @Sendable (Daemon) -> Void

    /// `port` 0 takes a free one, nil none; `listening` is called once, when both doors are open.
    package init(
        ledger: Ledger, host: String = "127.0.0.1", port: Int?, unixPath: String?, security: TransportSecurity? = nil,
        logger: Logger, listening: @escaping @Sendable (Daemon) -> Void
    ) {
        self.ledger = ledger
        self.host = host
        self.port = port
        self.unixPath = unixPath
        self.security = security
        self.logger = logger
        self.listening = listening
    }

    /// Throws ``ListenFailure``.
    package func run() async throws {
        let connections = Connections(limits: ledger.limits)
        let tcp = try await openTCP()
        let unix: Server?
        do {
            unix = try await openUnix()
        } catch {
            tcp?.channel.close(promise: nil)
            throw error
        }
        let servers = [unix, tcp].compactMap(\.self)
        let tcpPort = tcp?.channel.localAddress?.port
        let daemon = Daemon(
            ledger: ledger, processID: Int64(getpid()), tcpAddress: tcpPort.map { "\(host):\($0)" }, tcpPort: tcpPort,
            unixPath: unixPath, connections: connections)
        listening(daemon)

        let ending = Gate()
        await withTaskCancellationOrGracefulShutdownHandler {
            await withTaskGroup { group in
                group.addTask { await heedOtherDaemons(until: ending) }
                for (server, door) in [(unix, ConnectionLoop.Door.unix), (tcp, security == nil ? .tcp : .tls)] {
                    guard let server else { continue }
                    let loop = ConnectionLoop(daemon: daemon, door: door, logger: logger)
                    group.addTask { await accept(server, loop: loop) }
                }
                group.addTask {
                    try? await ending.wait()
                    try? await Task.sleep(for: ledger.limits.drainTime)
                    ledger.giveUp()
                    try? await Task.sleep(for: ledger.limits.farewellTime)
                    connections.closeAll()
                }
                // All but the last task end with the last connection; then nothing is left to be closed.
                for _ in 0...servers.count { await group.next() }
                group.cancelAll()
            }
        } onCancelOrGracefulShutdown: {
            for server in servers { server.channel.close(promise: nil) }
            ledger.signal.close()
            connections.drain()
            ending.open()
        }
        if let unixPath { UnixSocketFile(path: unixPath).remove() }
    }

    /// Another daemon may have posted entries that somebody waits for here, or revoked somebody who speaks here.
    private func heedOtherDaemons(until ending: Gate) async {
        repeat {
            ledger.signal.wakeAll()
            security?.refresh()
            // Where the database cannot tell, whoever says AUTH asks again.
            try? await ledger.refreshPrincipals()
        } while !(await ending.wait(atMost: ledger.limits.waitInterval))
    }

    private func accept(_ server: Server, loop: ConnectionLoop) async {
        await withDiscardingTaskGroup { group in
            do {
                try await server.executeThenClose { connections in
                    for try await connection in connections {
                        let executor = LoopExecutor(connection.channel.eventLoop)
                        group.addTask(executorPreference: executor) { await loop.run(connection) }
                    }
                }
            } catch  where !(error is CancellationError) {
                logger.error("a listener broke", metadata: ["error": "\(error)"])
            } catch {
                // Being told to end is no failure.
            }
        }
    }

    // MARK: - Opening

    private var bootstrap: ServerBootstrap {
        let limits = ledger.limits
        return ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: limits.backlog)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // One read at a time, however much there is: a connection that sends without end has its turns like others.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1_024, initial: 1_024, maximum: limits.bytesPerRead))
    }

    private func wrap(
        _ channel: any Channel, _ security: TransportSecurity? = nil
    ) -> EventLoopFuture<ConnectionLoop.Connection> {
        let most = ledger.limits.bytesPerRead
        return channel.eventLoop.makeCompletedFuture {
            try security?.addHandler(to: channel)
            let inbox = Inbox(most: most)
            try channel.pipeline.syncOperations.addHandler(inbox)
            return ConnectionLoop.Connection(
                channel: channel, inbox: NIOLoopBound(inbox, eventLoop: channel.eventLoop))
        }
    }

    private func openTCP() async throws -> Server? {
        guard let port else { return nil }
        do {
            let server =
                try await bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port) { wrap($0, security) }
            guard security != nil || server.channel.localAddress?.isLoopback == true else {
                server.channel.close(promise: nil)
                throw ListenFailure(
                    "\(host) is no loopback address; without TLS others could read what goes over it: give "
                        + "--tls-certificate and --tls-key, or another --host")
            }
            return server
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw ListenFailure("port \(port) of \(host) is in use; end what uses it or choose another --port")
        } catch let error as IOError {
            throw ListenFailure("cannot listen on \(host):\(port): \(String(cString: strerror(error.errnoCode)))")
        }
    }

    private func openUnix() async throws -> Server? {
        guard let unixPath else { return nil }
        let file = UnixSocketFile(path: unixPath)
        try file.removeIfStale()
        let server: Server
        do {
            server = try await bootstrap.bind(unixDomainSocketPath: unixPath) { wrap($0) }
        } catch let error as IOError {
            throw ListenFailure("cannot listen on \(unixPath): \(String(cString: strerror(error.errnoCode)))")
        }
        do {
            try file.restrict()
        } catch {
            server.channel.close(promise: nil)
            file.remove()
            throw error
        }
        return server
    }
}

extension SocketAddress {
    /// Whether only this machine reaches it.
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4: ipAddress?.hasPrefix("127.") == true
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: true
        }
    }
}
