import LineProtocol
import NIOCore
import NIOPosix

/// One connection to a daemon: lines go out, replies come back in their order, any number of them in flight.
///
/// It is used from one task at a time. What comes in is read without back-pressure, so that waiting to write never
/// keeps replies from being read; the caller bounds it by the number of requests that it has in flight.
struct DaemonConnection {
    private static let connectTimeout = TimeAmount.seconds(5)

    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var decoder = ReplyDecoder()

    /// Connects, says who speaks where credentials are given, and hands the connection to `body`; closed afterwards.
    /// Throws ``Unreachable`` where nobody answers, ``RefusedByDaemon`` where the credentials are refused.
    static func with<Result>(
        _ daemon: Daemon, _ body: (inout DaemonConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await open(daemon.address)
        return try await channel.executeThenClose { inbound, outbound in
            var connection = DaemonConnection(outbound: outbound, inbound: inbound.makeAsyncIterator())
            if let credentials = daemon.credentials {
                let reply = try await connection.exchange([credentials.line]).first
                if let refusal = reply.flatMap(RefusedByDaemon.init) { throw refusal }
            }
            return try await body(&connection)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.inbound = inbound
    }

    private static func open(_ address: DaemonAddress) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(connectTimeout)
        let configuration = NIOAsyncChannel<ByteBuffer, ByteBuffer>.Configuration(
            backPressureStrategy: .init(lowWatermark: .max / 2, highWatermark: .max))
        let setUp: @Sendable (any Channel) -> EventLoopFuture<NIOAsyncChannel<ByteBuffer, ByteBuffer>> = { channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: configuration)
            }
        }
        do {
            switch address {
            case .unix(let path):
                return try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: setUp)
            case .tcp(let host, let port):
                return try await bootstrap.connect(host: host, port: port, channelInitializer: setUp)
            }
        } catch {
            throw Unreachable(address: address, reason: ConnectionFailure.text(of: error))
        }
    }

    // MARK: Requests and replies

    /// Sends requests, each a line without its end.
    func send(_ lines: some Sequence<String>) async throws(ConnectionLost) {
        var buffer = ByteBuffer()
        for line in lines {
            buffer.writeString(line)
            buffer.writeStaticString("\n")
        }
        do {
            try await outbound.write(buffer)
        } catch {
            throw ConnectionLost(reason: ConnectionFailure.text(of: error))
        }
    }

    /// Waits for the next replies: at least one, and all that have come with it.
    mutating func receive() async throws(ConnectionLost) -> [Reply] {
        while true {
            do {
                guard let bytes = try await inbound.next(isolation: #isolation) else {
                    throw ConnectionLost(reason: "the daemon closed the connection")
                }
                decoder.append(bytes.readableBytesView)
                var replies: [Reply] = []
                while let value = try decoder.next() { replies.append(Reply(value)) }
                if !replies.isEmpty { return replies }
            } catch let error as ConnectionLost {
                throw error
            } catch let error as ReplyError {
                throw ConnectionLost(reason: "what answers there is no grantledgerd: \(error.message)")
            } catch {
                throw ConnectionLost(reason: ConnectionFailure.text(of: error))
            }
        }
    }

    /// Sends requests and waits for all of their replies, in the order of the requests.
    mutating func exchange(_ lines: [String]) async throws(ConnectionLost) -> [Reply] {
        try await send(lines)
        var replies: [Reply] = []
        while replies.count < lines.count { replies += try await receive() }
        return replies
    }
}

/// A daemon, and who speaks to it.
struct Daemon: Sendable, Equatable {
    struct Credentials: Sendable, Equatable {
        /// nil where the token alone tells.
        let principal: String?
        let token: String

        var line: String { (["AUTH", principal, token] as [String?]).compactMap(\.self).joined(separator: " ") }
    }

    var address = DaemonAddress.standard
    /// nil on a Unix socket, where the system user tells.
    var credentials: Credentials?
}

/// The connection ended before all requests were answered.
struct ConnectionLost: Error, Equatable {
    let reason: String
}
