import Foundation

/// Hands a file to the XML parser in chunks, each after ``MarkupGuard`` has passed it. The file ends for the parser
/// where the guard refuses it; ``failure`` then says why.
final class GuardedStream: InputStream {
    private let chunks: StatementReader.Chunks
    private var chunk: [UInt8] = []
    private var position = 0
    private var markup = MarkupGuard()
    private(set) var failure: (any Error)?

    init(_ chunks: @escaping StatementReader.Chunks) {
        self.chunks = chunks
        super.init(data: Data())
    }

    override func open() {}
    override func close() {}
    override var hasBytesAvailable: Bool { true }

    override func read(_ buffer: UnsafeMutablePointer<UInt8>, maxLength: Int) -> Int {
        if position == chunk.count { advance() }
        let count = min(maxLength, chunk.count - position)
        chunk.withUnsafeBufferPointer { bytes in
            guard count > 0, let base = bytes.baseAddress else { return }
            buffer.update(from: base + position, count: count)
        }
        position += count
        return count
    }

    private func advance() {
        position = 0
        do {
            chunk = try chunks()
            if chunk.isEmpty { try markup.end() } else { try markup.pass(chunk) }
        } catch {
            failure = error
            chunk = []
        }
    }
}
