/// What a server sent that is not RESP.
package struct ReplyError: Error, Sendable, Hashable {
    package let message: String
}

/// Cuts the bytes of a server into replies. It may be fed in pieces of any size, and looks at each byte once.
package struct ReplyDecoder: Sendable {
    private enum Shape {
        case array, set, map
    }

    /// A collection whose values are still coming.
    private struct Frame {
        let shape: Shape
        var left: Int
        var values: [RespValue] = []
    }

    private static let deepest = 32
    /// Bytes of a string, and values of a collection; no server sends as many.
    private static let most = 1 << 40

    private var buffer: [UInt8] = []
    private var start = 0
    private var scanned = 0
    private var frames: [Frame] = []
    /// The type and the length of a string whose header is read.
    private var pending: (type: UInt8, length: Int)?

    package init() {}

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0, start >= buffer.count - start {
            buffer.removeFirst(start)
            scanned -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole reply; nil when more bytes are needed. Once it has thrown, the connection is of no use.
    package mutating func next() throws(ReplyError) -> RespValue? {
        while let value = try nextScalar() {
            if let whole = close(value) { return whole }
        }
        return nil
    }

    /// Puts a value where it belongs, and closes all collections that it completes.
    private mutating func close(_ value: RespValue) -> RespValue? {
        var value = value
        while var frame = frames.popLast() {
            frame.values.append(value)
            frame.left -= 1
            guard frame.left == 0 else {
                frames.append(frame)
                return nil
            }
            value = ReplyDecoder.collect(frame)
        }
        return value
    }

    private static func collect(_ frame: Frame) -> RespValue {
        switch frame.shape {
        case .array: .array(frame.values)
        case .set: .set(frame.values)
        case .map:
            .map(
                stride(from: 0, to: frame.values.count - 1, by: 2).map {
                    RespValue.Pair(frame.values[$0], frame.values[$0 + 1])
                })
        }
    }

    /// The next value that is not an unfinished collection; those it opens on the way wait in `frames`.
    private mutating func nextScalar() throws(ReplyError) -> RespValue? {
        while true {
            if let (type, length) = pending {
                guard let content = try nextContent(length) else { return nil }
                pending = nil
                guard type == UInt8(ascii: "=") else { return .bulk(content) }
                return .verbatim(String(decoding: content.dropFirst(4), as: UTF8.self))  // After `txt:`.
            }
            guard let line = try nextLine(), let type = line.first else { return nil }
            let rest = line.dropFirst()
            switch type {
            case UInt8(ascii: "+"): return .simple(String(decoding: rest, as: UTF8.self))
            case UInt8(ascii: "-"): return .error(String(decoding: rest, as: UTF8.self))
            case UInt8(ascii: ":"): return .integer(Int64(try number(rest)))
            case UInt8(ascii: "_"): return .null
            case UInt8(ascii: "$"), UInt8(ascii: "="):
                guard let length = try count(rest) else { return .null }
                pending = (type, length)
            case UInt8(ascii: "*"), UInt8(ascii: "~"), UInt8(ascii: "%"):
                guard let count = try count(rest) else { return .null }
                let shape: Shape =
                    type == UInt8(ascii: "*") ? .array : type == UInt8(ascii: "~") ? .set : .map
                let frame = Frame(shape: shape, left: shape == .map ? 2 * count : count)
                guard count > 0 else { return ReplyDecoder.collect(frame) }
                guard frames.count < Self.deepest else { throw ReplyError(message: "collections are nested too deep") }
                frames.append(frame)
            default:
                throw ReplyError(message: "a reply begins with the byte \(type), which is no type of RESP")
            }
        }
    }

    /// The next line without its CRLF, with at least its type byte.
    private mutating func nextLine() throws(ReplyError) -> ArraySlice<UInt8>? {
        let found = buffer.withUnsafeBufferPointer { $0[scanned...].firstIndex(of: UInt8(ascii: "\n")) }
        guard let end = found else {
            scanned = buffer.count
            return nil
        }
        guard end - start >= 2, buffer[end - 1] == UInt8(ascii: "\r") else {
            throw ReplyError(message: "a line of a reply is empty or does not end with CRLF")
        }
        let line = buffer[start..<(end - 1)]
        start = end + 1
        scanned = start
        return line
    }

    private mutating func nextContent(_ length: Int) throws(ReplyError) -> [UInt8]? {
        guard buffer.count - start >= length + 2 else { return nil }
        let end = start + length
        guard buffer[end] == UInt8(ascii: "\r"), buffer[end + 1] == UInt8(ascii: "\n") else {
            throw ReplyError(message: "a string of \(length) bytes is not followed by CRLF")
        }
        let content = Array(buffer[start..<end])
        start = end + 2
        scanned = start
        return content
    }

    /// A length or a count; nil for -1, which stands for null.
    private func count(_ text: ArraySlice<UInt8>) throws(ReplyError) -> Int? {
        let count = try number(text)
        guard count != -1 else { return nil }
        guard (0...Self.most).contains(count) else { throw ReplyError(message: "\(count) is no length") }
        return count
    }

    private func number(_ text: ArraySlice<UInt8>) throws(ReplyError) -> Int {
        guard let number = DecimalText.integer(text) else {
            throw ReplyError(message: "\(String(decoding: text.prefix(32), as: UTF8.self).quoted) is not a number")
        }
        return number
    }
}
