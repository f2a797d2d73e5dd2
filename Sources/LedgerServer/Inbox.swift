import NIOCore

/// What has come for a connection's task and was not taken yet: bytes of its client, all that has gathered as one
/// piece, and the news that postings were answered.
///
/// It belongs to the connection's event loop, on which the task runs too.
final class Inbox: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Event {
        case bytes(ByteBuffer)
        /// Postings that were handed over are answered.
        case settled
        /// No bytes come any more; those before were taken.
        case ended
    }

    /// The bytes after which reading stops until they are taken.
    private let most: Int
    private var context: ChannelHandlerContext?
    private var bytes: ByteBuffer?
    private var hasSettled = false
    private var isEnded = false
    private var error: (any Error)?
    private var holdsRead = false
    private var waiting: (continuation: CheckedContinuation<Event, any Error>, forBytes: Bool)?

    init(most: Int) { self.most = most }

    // MARK: The task's side

    /// Waits for the next event; with `bytes` false for news of postings alone. Throws why the connection broke. At
    /// most one may wait.
    func next(bytes forBytes: Bool) async throws -> Event {
        if let event = try take(bytes: forBytes) { return event }
        return try await withCheckedThrowingContinuation { waiting = ($0, forBytes) }
    }

    func settle() {
        hasSettled = true
        wake()
    }

    private func take(bytes forBytes: Bool) throws -> Event? {
        if hasSettled {
            hasSettled = false
            return .settled
        }
        guard forBytes else { return nil }
        if let taken = bytes {
            bytes = nil
            if holdsRead {
                holdsRead = false
                context?.read()
            }
            return .bytes(taken)
        }
        if let error { throw error }
        return isEnded ? .ended : nil
    }

    private func wake() {
        guard let (continuation, forBytes) = waiting else { return }
        do {
            guard let event = try take(bytes: forBytes) else { return }
            waiting = nil
            continuation.resume(returning: event)
        } catch {
            waiting = nil
            continuation.resume(throwing: error)
        }
    }

    // MARK: The channel's side

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end()
    }

    func read(context: ChannelHandlerContext) {
        if let bytes, bytes.readableBytes >= most { holdsRead = true } else { context.read() }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Who was told to end may be sent bytes all the same.
        guard !isEnded else { return }
        let read = unwrapInboundIn(data)
        if bytes == nil { bytes = read } else { bytes?.writeImmutableBuffer(read) }
        wake()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Whoever takes from here closes the connection, once it has answered what it took.
        self.error = self.error ?? error
        end()
    }

    private func end() {
        isEnded = true
        wake()
    }
}
