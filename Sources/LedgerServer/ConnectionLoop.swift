import LedgerCore
import LineProtocol
import Logging
import NIOCore

/// What reads a connection, answers it and writes to it, until either side ends it.
///
/// The replies of one read are on their way before the next is answered, and reading stops a little ahead of that: so a
/// client that reads slowly, or not at all, holds up nobody else and costs no more than its own buffers.
struct ConnectionLoop: Sendable {
    /// Bytes as they were read. Requests are cut out of them here and not on the event loop, which has others to serve.
    typealias Channel = NIOAsyncChannel<ByteBuffer, Never>

    /// How long a client that was sent away may take to read why.
    private static let farewell = TimeAmount.seconds(1)

    let daemon: Daemon
    let logger: Logger

    func run(_ connection: Channel) async {
        let channel = connection.channel
        let number: Int64
        switch daemon.connections.admit(channel) {
        case .admitted(let given): number = given
        case .full: return await refuse(connection, .tooManyConnections(daemon.ledger.limits.connections))
        case .ending: return await refuse(connection, .ending)
        }
        defer { daemon.connections.remove(channel) }
        do {
            try await connection.executeThenClose { inbound in
                try await converse(inbound, channel, number)
            }
        } catch {
            logger.debug("a connection broke", metadata: ["connection": "\(number)", "error": "\(error)"])
        }
    }

    private func converse(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ channel: any NIOCore.Channel, _ number: Int64
    ) async throws {
        let limits = daemon.ledger.limits
        let facts = ConnectionFacts(id: number, address: channel.remoteAddress?.description ?? "unix")
        var conversation = daemon.conversation(facts, isConnected: { channel.isActive })
        var decoder = RequestDecoder(limit: limits.lineLength)
        var reads = inbound.makeAsyncIterator()
        while let read = try await reads.next() {
            read.withUnsafeReadableBytes { decoder.append($0) }
            while true {
                let group = decoder.next(atMost: limits.requestsPerGroup)
                guard !group.isEmpty else { break }
                let closes = try await conversation.answer(group) { replies in
                    try await channel.writeAndFlush(encoded(replies)).get()
                }
                if closes { return try await takeLeave(&reads, channel) }
            }
        }
    }

    private func encoded(_ replies: [Reply]) -> ByteBuffer {
        var bytes: [UInt8] = []
        for reply in replies { reply.encode(into: &bytes) }
        return ByteBuffer(bytes: bytes)
    }

    private func refuse(_ connection: Channel, _ refusal: Refusal) async {
        // A client that does not stay to hear it has no use for it.
        try? await connection.executeThenClose { inbound in
            var reads = inbound.makeAsyncIterator()
            try await connection.channel.writeAndFlush(encoded([.refused(refusal)])).get()
            try await takeLeave(&reads, connection.channel)
        }
    }

    /// Closing while the client's bytes lie unread would make the system throw away the last reply: so they are read.
    private func takeLeave(
        _ reads: inout NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator, _ channel: any NIOCore.Channel
    ) async throws {
        let deadline = channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        try await channel.close(mode: .output).get()
        while try await reads.next() != nil {}
    }
}

extension RequestDecoder {
    fileprivate mutating func next(atMost limit: Int) -> [Decoded] {
        var group: [Decoded] = []
        while group.count < limit, let decoded = next() { group.append(decoded) }
        return group
    }
}

extension Refusal {
    static func tooManyConnections(_ limit: Int) -> Refusal {
        Refusal(.overloaded, "there are \(limit) connections already, which is the most; try again later")
    }
}
