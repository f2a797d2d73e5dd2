import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A daemon on TCP that answers each line as it is told, encrypted or not, until it ends with its last reference.
final class TlsDaemon: Sendable {
    let port: Int
    private let channel: any Channel
    private let heard: Heard

    /// All lines that came.
    var requests: [String] { heard.lines.withLock { $0 } }

    /// `clientAuthority` signs the certificates that clients must have.
    static func start(
        _ pair: TlsCertificates.Pair, clientAuthority: String? = nil, least: TLSVersion = .tlsv12,
        most: TLSVersion? = nil, answer: @escaping @Sendable (_ request: String) -> String = { _ in "+PONG" }
    ) async throws -> TlsDaemon {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(pair.certificate).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: pair.key, format: .pem)))
        configuration.minimumTLSVersion = least
        configuration.maximumTLSVersion = most
        if let clientAuthority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(clientAuthority)
        }
        let context = try NIOSSLContext(configuration: configuration)
        return try await start { [NIOSSLServerHandler(context: context), LineAnswerer(heard: $0, answer: answer)] }
    }

    /// Without encryption: whatever comes it answers with a text, which may be empty, and closes or waits.
    static func startDeaf(says text: String, closes: Bool) async throws -> TlsDaemon {
        try await start { _ in [DeafAnswerer(text: text, closes: closes)] }
    }

    private static func start(
        handlers: @escaping @Sendable (Heard) -> [any ChannelHandler]
    ) async throws -> TlsDaemon {
        let heard = Heard()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(handlers(heard))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return TlsDaemon(channel: channel, heard: heard)
    }

    private init(channel: any Channel, heard: Heard) {
        self.channel = channel
        self.heard = heard
        port = channel.localAddress?.port ?? 0
    }

    deinit { channel.close(promise: nil) }
}

private final class Heard: Sendable {
    let lines = Mutex<[String]>([])
}

private final class LineAnswerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let heard: Heard
    private let answer: @Sendable (String) -> String
    private var received = ByteBuffer()

    init(heard: Heard, answer: @escaping @Sendable (String) -> String) {
        self.heard = heard
        self.answer = answer
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        while let end = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: received.readableBytesView[..<end], as: UTF8.self)
            received.moveReaderIndex(to: end + 1)
            heard.lines.withLock { $0.append(line) }
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: answer(line) + "\r\n")), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

private final class DeafAnswerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let closes: Bool

    init(text: String, closes: Bool) {
        self.text = text
        self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        if closes { context.close(promise: nil) }
    }
}
