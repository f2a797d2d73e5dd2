import Glibc
import LedgerCore
import LineProtocol
import Logging
import NIOCore

/// What reads a connection, answers it and writes to it, until either side ends it.
///
/// The replies of one read are on their way before the next is answered, and reading stops a little ahead of that: so a
/// client that reads slowly, or not at all, holds up nobody else and costs no more than its own buffers.
struct ConnectionLoop: Sendable {
    struct Connection: Sendable {
        let channel: any Channel
        let inbox: NIOLoopBound<Inbox>
    }

    /// How long a client that was sent away may take to read why.
    private static let farewell = TimeAmount.seconds(1)
    /// Requests that are answered together for a stranger, who costs no more than their replies.
    private static let strangersGroup = 4

    let daemon: Daemon
    /// How connections come in.
    let door: Door
    let logger: Logger

    enum Door: Sendable {
        case tcp, tls, unix
    }

    /// To be called on the connection's event loop. The connection is closed when this returns.
    func run(_ connection: Connection) async {
        let channel = connection.channel
        let number: Int64
        switch daemon.connections.admit(channel) {
        case .admitted(let given): number = given
        case .full: return await refuse(connection, .tooManyConnections(daemon.ledger.limits.connections))
        case .ending: return await refuse(connection, .ending)
        }
        defer { daemon.connections.remove(channel) }
        do {
            try await converse(connection, number)
        } catch {
            logger.debug("a connection broke", metadata: ["connection": "\(number)", "error": "\(error)"])
        }
        await close(channel)
    }

    private func converse(_ connection: Connection, _ number: Int64) async throws {
        let (channel, limits) = (connection.channel, daemon.ledger.limits)
        let native = await native(channel)
        let facts = ConnectionFacts(id: number, address: channel.remoteAddress?.description ?? "unix")
        let entrance = Entrance(
            throttle: daemon.throttle, address: channel.remoteAddress?.ipAddress ?? "unix",
            admit: { daemon.connections.admit(channel, as: $0.name) })
        var conversation = daemon.conversation(
            facts, native: native, entrance: entrance, isConnected: { channel.isActive })
        var decoder = RequestDecoder(limit: limits.lineLength)
        let patience = native == nil ? expectSignIn(channel) : nil
        defer { patience?.cancel() }
        var isFirst = true
        while true {
            let hasRoom = conversation.bytesUnderWay < limits.bytesUnderWay
            let room = hasRoom ? limits.requestsPerGroup - conversation.requestsUnderWay : 0
            let group = decoder.next(
                atMost: conversation.hasSpeaker ? room : min(room, Self.strangersGroup))
            if !group.isEmpty {
                if let rest = conversation.beginAtOnce(group, whenSettled: connection.settle) {
                    let closes = try await conversation.begin(rest, whenSettled: connection.settle) { replies in
                        try await send(replies, on: channel)
                    }
                    if closes { return try await takeLeave(connection) }
                }
                continue
            }
            switch try await next(of: connection, bytes: room > 0, &conversation) {
            case .settled: try await send(conversation.takeSettled(), on: channel)
            case .ended: return try await send(await conversation.finish(), on: channel)
            case .bytes(let read):
                // What is read over TLS comes after the handshake, in which the client may have shown a certificate.
                if isFirst, door == .tls, let name = try await TransportSecurity.clientName(on: channel),
                    let refusal = await conversation.signIn(byCertificate: name)
                {
                    try await send([.refused(refusal)], on: channel)
                    return try await takeLeave(connection)
                }
                isFirst = false
                conversation.noteRead(of: read.readableBytes)
                read.withUnsafeReadableBytes { decoder.append($0) }
            }
        }
    }

    /// Who broke off may still hear the answers to what was read.
    private func next(
        of connection: Connection, bytes: Bool, _ conversation: inout Conversation
    ) async throws -> Inbox.Event {
        do {
            return try await connection.inbox.value.next(bytes: bytes)
        } catch {
            try? await send(await conversation.finish(), on: connection.channel)
            throw error
        }
    }

    private func send(_ replies: [Reply], on channel: any Channel) async throws {
        if !replies.isEmpty { try await channel.writeAndFlush(encoded(replies)).get() }
    }

    /// On the Unix socket the system user that started the daemon, and root, are operators as they come.
    private func native(_ channel: any Channel) async -> Principal? {
        guard door == .unix, let provider = channel as? any SocketOptionProvider else { return nil }
        let credentials: EventLoopFuture<PeerCredentials> = provider.unsafeGetSocketOption(
            level: .socket, name: .init(rawValue: SO_PEERCRED))
        guard let user = try? await credentials.get().user else { return nil }
        return user == 0 || user == geteuid() ? .local : nil
    }

    /// Closes a connection on which nobody says in time who it is.
    private func expectSignIn(_ channel: any Channel) -> Scheduled<Void> {
        let limit = daemon.ledger.limits.authenticationTime
        return channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            guard !daemon.connections.isSignedIn(channel) else { return }
            channel.writeAndFlush(encoded([.refused(.tooSlowToSignIn(limit))]))
                .whenComplete { _ in channel.close(promise: nil) }
            _ = closeSoon(channel)
        }
    }

    /// A write ends when the client has made room for it, or its TLS handshake, neither of which it may ever do.
    private func closeSoon(_ channel: any Channel) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: Self.farewell) { channel.close(promise: nil) }
    }

    private func encoded(_ replies: [Reply]) -> ByteBuffer {
        var bytes: [UInt8] = []
        for reply in replies { reply.encode(into: &bytes) }
        return ByteBuffer(bytes: bytes)
    }

    private func refuse(_ connection: Connection, _ refusal: Refusal) async {
        let deadline = closeSoon(connection.channel)
        defer { deadline.cancel() }
        // A client that does not stay to hear it has no use for it.
        try? await send([.refused(refusal)], on: connection.channel)
        try? await takeLeave(connection)
        await close(connection.channel)
    }

    /// Closing while the client's bytes lie unread would make the system throw away the last reply: so they are read.
    private func takeLeave(_ connection: Connection) async throws {
        let deadline = closeSoon(connection.channel)
        defer { deadline.cancel() }
        try await connection.channel.close(mode: .output).get()
        while true {
            if case .ended = try await connection.inbox.value.next(bytes: true) { return }
        }
    }

    /// One that was closed from elsewhere is as well.
    private func close(_ channel: any Channel) async { try? await channel.close().get() }
}

extension ConnectionLoop.Connection {
    /// To be called on any thread.
    @Sendable func settle() { inbox.eventLoop.execute { inbox.value.settle() } }
}

extension RequestDecoder {
    fileprivate mutating func next(atMost limit: Int) -> [Decoded] {
        var group: [Decoded] = []
        while group.count < limit, let decoded = next() { group.append(decoded) }
        return group
    }
}

/// What the kernel tells of the other end of a Unix socket (`struct ucred`).
private struct PeerCredentials: Sendable {
    var process: Int32 = 0
    var user: UInt32 = .max
    var group: UInt32 = .max
}

extension Refusal {
    static func tooSlowToSignIn(_ limit: Duration) -> Refusal {
        Refusal(
            .noAuthentication,
            "nobody signed in within \(limit.components.seconds) seconds; connect again and send AUTH")
    }

    static func tooManyConnections(_ limit: Int) -> Refusal {
        Refusal(.overloaded, "there are \(limit) connections already, which is the most; try again later")
    }
}
