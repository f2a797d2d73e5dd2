import LineProtocol
import NIOCore
import NIOPosix

/// One connection to a daemon: lines go out, replies come back in their order, any number of them in flight.
///
/// It is used from one task at a time. What comes in is read without back-pressure, so that waiting to write never
/// keeps replies from being read; the caller bounds it by the number of requests that it has in flight.
struct DaemonConnection {
    private static let connectTimeout = TimeAmount.seconds(5)

    private let daemon: Daemon
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = ReplyDecoder()
    private var hasHeard = false

    /// Connects, says who speaks where credentials are given, and hands the connection to `body`; closed afterwards.
    /// Throws ``Unreachable`` where nobody answers, ``TLSFailure`` where nothing can be encrypted, ``RefusedByDaemon``
    /// where the credentials are refused.
    static func with<Result>(
        _ daemon: Daemon, _ body: (inout DaemonConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await open(daemon)
        return try await channel.executeThenClose { inbound, outbound in
            var connection = DaemonConnection(
                daemon: daemon, outbound: outbound, inbound: inbound.makeAsyncIterator())
            if let credentials = daemon.credentials { try await connection.authenticate(credentials) }
            return try await body(&connection)
        }
    }

    private init(
        daemon: Daemon, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.daemon = daemon
        self.outbound = outbound
        self.inbound = inbound
    }

    private mutating func authenticate(_ credentials: Daemon.Credentials) async throws {
        guard let refusal = try await exchange([credentials.line]).first.flatMap(RefusedByDaemon.init) else { return }
        guard refusal.isTemporary else { throw refusal }
        throw Unreachable(address: daemon.address, reason: refusal.description, remedy: "Try again later.")
    }

    // MARK: Opening

    private static func open(_ daemon: Daemon) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(connectTimeout)
        let secured: EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>>
        do {
            switch daemon.address {
            case .unix(let path):
                secured = try await bootstrap.connect(unixDomainSocketPath: path) { setUp($0, tls: nil, host: "") }
            case .tcp(let host, let port):
                secured = try await bootstrap.connect(host: host, port: port) {
                    setUp($0, tls: daemon.tls, host: host)
                }
            }
        } catch {
            throw Unreachable(address: daemon.address, reason: ConnectionFailure.text(of: error))
        }
        do {
            return try await secured.get()
        } catch let failure as HandshakeFailure {
            throw failure.told(address: daemon.address, files: daemon.tls?.files ?? TLSClient.Files())
        }
    }

    /// Answers, once a new channel has its handlers, when it may be used: over TLS after the handshake.
    private static func setUp(
        _ channel: any Channel, tls: TLSClient?, host: String
    ) -> EventLoopFuture<EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>>> {
        let wrap: @Sendable () throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> = {
            try NIOAsyncChannel(
                wrappingChannelSynchronously: channel,
                configuration: .init(backPressureStrategy: .init(lowWatermark: .max / 2, highWatermark: .max)))
        }
        return channel.eventLoop.makeCompletedFuture {
            guard let tls else { return channel.eventLoop.makeSucceededFuture(try wrap()) }
            let handshake = TLSHandshake(eventLoop: channel.eventLoop, patience: tls.patience)
            try channel.pipeline.syncOperations.addHandlers([try tls.handler(host: host), handshake])
            return handshake.end.flatMapThrowing { try wrap() }
        }
    }

    // MARK: Requests and replies

    /// Sends requests, each a line without its end. Throws ``ConnectionLost`` or ``TLSFailure``.
    mutating func send(_ lines: some Sequence<String>) async throws {
        var buffer = ByteBuffer()
        for line in lines {
            buffer.writeString(line)
            buffer.writeStaticString("\n")
        }
        do {
            try await outbound.write(buffer)
        } catch {
            throw await reason(behind: error)
        }
    }

    /// Waits for the next replies: at least one, and all that have come with it. Throws ``ConnectionLost`` or
    /// ``TLSFailure``.
    mutating func receive() async throws -> [Reply] {
        while true {
            let read: ByteBuffer?
            do {
                read = try await inbound.next(isolation: #isolation)
            } catch {
                throw loss(error)
            }
            guard let bytes = read?.readableBytesView else { throw ending }
            if !hasHeard, daemon.tls == nil, bytes.beginWithTLSRecord {
                throw TLSFailure(demandedAt: daemon.address)
            }
            hasHeard = true
            let replies = try decode(bytes)
            if !replies.isEmpty { return replies }
        }
    }

    /// Sends requests and waits for all of their replies, in the order of the requests. Throws ``ConnectionLost`` or
    /// ``TLSFailure``.
    mutating func exchange(_ lines: [String]) async throws -> [Reply] {
        try await send(lines)
        var replies: [Reply] = []
        while replies.count < lines.count { replies += try await receive() }
        return replies
    }

    private mutating func decode(_ bytes: ByteBufferView) throws(ConnectionLost) -> [Reply] {
        decoder.append(bytes)
        var replies: [Reply] = []
        do {
            while let value = try decoder.next() {
                var reply = Reply(value)
                reply.advice = reply.code.flatMap { daemon.advice(on: $0) }
                replies.append(reply)
            }
        } catch {
            throw ConnectionLost(reason: "what answers there is no grantledgerd: \(error.message)")
        }
        return replies
    }

    // MARK: The end

    /// The daemon closed the connection.
    private var ending: ConnectionLost {
        let mayDemandTLS = !hasHeard && daemon.tls == nil && daemon.address.host != nil
        return ConnectionLost(
            reason: "the daemon closed the connection" + (mayDemandTLS ? "; where it demands TLS, use --tls" : ""))
    }

    private func loss(_ error: any Error) -> any Error {
        if let tls = daemon.tls, [.certificateDemanded, .certificateRefused].contains(TLSFault(error)) {
            return TLSFailure(ofClientCertificateAt: daemon.address, files: tls.files)
        }
        return ConnectionLost(reason: ConnectionFailure.text(of: error))
    }

    /// Why nothing can be sent: over TLS the daemon may have said it, in what came in last.
    private mutating func reason(behind error: any Error) async -> any Error {
        guard daemon.tls != nil else { return loss(error) }
        do {
            while try await inbound.next(isolation: #isolation) != nil {}
        } catch {
            return loss(error)
        }
        return loss(error)
    }
}

/// The connection ended before all requests were answered.
struct ConnectionLost: Error, Equatable {
    let reason: String
}

extension ByteBufferView {
    /// An alert or a handshake of TLS: no reply begins so.
    fileprivate var beginWithTLSRecord: Bool { (first == 0x15 || first == 0x16) && dropFirst().first == 0x03 }
}
