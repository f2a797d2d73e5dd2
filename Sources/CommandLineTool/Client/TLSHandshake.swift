import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the handler that encrypts, and tells when the handshake has ended.
final class TLSHandshake: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<Void>
    private let patience: TimeAmount
    private var deadline: Scheduled<Void>?

    init(eventLoop: any EventLoop, patience: TimeAmount) {
        promise = eventLoop.makePromise()
        self.patience = patience
    }

    /// Fails with ``HandshakeFailure``.
    var end: EventLoopFuture<Void> { promise.futureResult }

    func channelActive(context: ChannelHandlerContext) {
        let (promise, channel) = (promise, context.channel)
        deadline = context.eventLoop.scheduleTask(in: patience) {
            promise.fail(HandshakeFailure(cause: HandshakeTimeout(), certificate: nil))
            channel.close(promise: nil)
        }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            deadline?.cancel()
            promise.succeed()
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// The first error is the reason; those after it follow from it.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
        promise.fail(HandshakeFailure(cause: error, certificate: handler?.peerCertificate))
        context.fireErrorCaught(error)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        promise.fail(HandshakeFailure(cause: ChannelError.eof, certificate: nil))
    }
}

/// The connection was made, but no encryption came about.
struct HandshakeFailure: Error {
    let cause: any Error
    /// The daemon's, where it came that far.
    let certificate: NIOSSLCertificate?
}

struct HandshakeTimeout: Error {}
