import NIOCore

/// What one connection has seen.
struct BenchTally: Sendable {
    /// A posting that was answered with its sequence number.
    struct Posted: Sendable {
        let tenant: Int
        let number: Int
        let sequence: Int
    }

    /// Microseconds from when a request was due to its reply, within the measured time.
    var latencies: [UInt32] = []
    /// All, also those before and after the measured time.
    var posted: [Posted] = []
    /// Refusals within the measured time, by code.
    var refusals: [String: Int] = [:]
    /// Why the connection ended before its time; nil where it did not.
    var loss: String?
}

/// When requests are sent.
struct BenchPace: Sendable {
    let begin: NIODeadline
    let warmUp: TimeAmount
    let duration: TimeAmount
    /// Requests that may wait for replies on a connection; in an open loop as many as are due.
    let inFlight: Int
    /// Between two requests of a connection in an open loop; nil: each reply brings on the next request.
    let interval: TimeAmount?

    /// In an open loop all connections send at the same moments, so that the load takes little of the machine that it
    /// measures. What that delays a request counts as its latency.
    private static let tick = TimeAmount.microseconds(500)

    /// The first such moment at which a request of that time is due.
    func wakeUp(for due: NIODeadline) -> NIODeadline {
        let ticks = ((due - begin).nanoseconds + Self.tick.nanoseconds - 1) / Self.tick.nanoseconds
        return begin + .nanoseconds(ticks * Self.tick.nanoseconds)
    }

    var measured: Range<NIODeadline> { (begin + warmUp)..<end }
    var end: NIODeadline { begin + warmUp + duration }
}

/// Sends requests on one connection and times the replies. In an open loop a request counts from when it was due,
/// whether or not the one before it was answered: what waits behind a slow reply has waited too.
final class BenchConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private struct Waiting {
        let number: Int
        let tenant: Int?
        let due: NIODeadline
    }

    private let workload: BenchWorkload
    private let connection: Int
    private let pace: BenchPace
    private let promise: EventLoopPromise<BenchTally>
    private let greeting: String?
    private var awaitsGreeting: Bool
    private var tally = BenchTally()
    private var waiting = CircularBuffer<Waiting>()
    private var received = ByteBuffer()
    private var number = 0
    private var random: UInt64
    private var nextDue: NIODeadline
    private var isDone = false

    /// `greeting` is a line to be answered before all others, such as AUTH.
    init(
        _ workload: BenchWorkload, connection: Int, of count: Int, pace: BenchPace, greeting: String?,
        promise: EventLoopPromise<BenchTally>
    ) {
        self.workload = workload
        self.connection = connection
        self.pace = pace
        self.promise = promise
        self.greeting = greeting
        awaitsGreeting = greeting != nil
        random = UInt64(connection) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        // Connections take turns, so that an open loop is even.
        let offset = (pace.interval?.nanoseconds ?? 0) / Int64(count) * Int64(connection)
        nextDue = pace.begin + .nanoseconds(offset)
    }

    func channelActive(context: ChannelHandlerContext) {
        if let greeting {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting + "\n")), promise: nil)
        } else {
            start(context)
        }
    }

    private func start(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        // At the end too: in an open loop the last reply may come before.
        for moment in [max(pace.begin, .now()), pace.end] {
            context.eventLoop.scheduleTask(deadline: moment) {
                let (handler, context) = bound.value
                handler.sendDue(context)
            }
        }
    }

    /// Sends what may be sent now; in an open loop then waits for the next to be due.
    private func sendDue(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        let now = NIODeadline.now()
        var buffer = context.channel.allocator.buffer(capacity: 2_048)
        if let interval = pace.interval {
            while nextDue <= now, nextDue < pace.end {
                write(due: nextDue, into: &buffer)
                nextDue = nextDue + interval
            }
            if nextDue < pace.end {
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                context.eventLoop.scheduleTask(deadline: pace.wakeUp(for: nextDue)) {
                    let (handler, context) = bound.value
                    handler.sendDue(context)
                }
            }
        } else if now < pace.end {
            while waiting.count < pace.inFlight { write(due: now, into: &buffer) }
        }
        if buffer.readableBytes > 0 { context.writeAndFlush(wrapOutboundOut(buffer), promise: nil) }
        if waiting.isEmpty, now >= pace.end { finish(context) }
    }

    private func write(due: NIODeadline, into buffer: inout ByteBuffer) {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let request = workload.request(connection: connection, number: number, random: random)
        buffer.writeString(request.line)
        buffer.writeInteger(UInt8(ascii: "\n"))
        waiting.append(Waiting(number: number, tenant: request.tenant, due: due))
        number += 1
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let now = NIODeadline.now()
        received.withUnsafeMutableReadableBytes { bytes in
            var bytes = UnsafeRawBufferPointer(bytes)
            while let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                settle(UnsafeRawBufferPointer(rebasing: bytes[..<end]), at: now, context)
                bytes = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
            }
        }
        let kept = received.readableBytesView.reversed().prefix { $0 != UInt8(ascii: "\n") }.count
        received.moveReaderIndex(forwardBy: received.readableBytes - kept)
        received.discardReadBytes()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !awaitsGreeting, pace.interval == nil || NIODeadline.now() >= pace.end { sendDue(context) }
    }

    private func settle(_ reply: UnsafeRawBufferPointer, at now: NIODeadline, _ context: ChannelHandlerContext) {
        let isRefused = reply.first == UInt8(ascii: "-")
        if awaitsGreeting {
            awaitsGreeting = false
            if isRefused { fail(String(decoding: reply, as: UTF8.self), context) } else { start(context) }
            return
        }
        guard let request = waiting.popFirst() else { return fail("a reply that nobody asked for", context) }
        if pace.measured.contains(now) {
            let latency = (now - request.due).nanoseconds / 1_000
            tally.latencies.append(UInt32(clamping: latency))
            if isRefused {
                let code = reply.dropFirst().prefix { $0 != UInt8(ascii: " ") }
                tally.refusals[String(decoding: code, as: UTF8.self), default: 0] += 1
            }
        }
        if let tenant = request.tenant, !isRefused {
            let sequence = Self.sequence(in: reply)
            tally.posted.append(.init(tenant: tenant, number: request.number, sequence: sequence))
        }
    }

    /// The value of `"seq"`; 0 where there is none.
    private static func sequence(in reply: UnsafeRawBufferPointer) -> Int {
        let name: StaticString = "\"seq\":"
        let length = name.utf8CodeUnitCount
        var position = 0
        while position + length < reply.count {
            if reply[position] == UInt8(ascii: "\""),
                UnsafeRawBufferPointer(rebasing: reply[position..<(position + length)])
                    .elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: length))
            {
                return reply[(position + length)...].prefix { (0x30...0x39).contains($0) }
                    .reduce(0) { $0 * 10 + Int($1 - 0x30) }
            }
            position += 1
        }
        return 0
    }

    // MARK: The end

    private func fail(_ reason: String, _ context: ChannelHandlerContext) {
        tally.loss = tally.loss ?? reason
        finish(context)
    }

    private func finish(_ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        promise.succeed(tally)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail("the daemon closed the connection with \(waiting.count) requests in flight", context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { fail("\(error)", context) }
}
