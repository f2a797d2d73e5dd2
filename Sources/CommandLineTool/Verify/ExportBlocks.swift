/// Cuts an export into blocks of whole lines, in memory for one block only.
struct ExportBlocks {
    /// Bytes of one line at most; an entry has a few hundred, and one that moves thousands of amounts some megabytes.
    private static let longestLine = 1 << 26

    private let size: Int
    private let nextPiece: () throws -> [UInt8]
    private var rest: [UInt8] = []
    private var isAtEnd = false

    /// `size` is how many bytes a block has at least, unless it is the last. `nextPiece` returns the next bytes of the
    /// file, none at its end.
    init(size: Int = 1 << 20, nextPiece: @escaping () throws -> [UInt8]) {
        self.size = size
        self.nextPiece = nextPiece
    }

    /// The first line without its end, where it has one; the blocks go on behind it.
    mutating func firstLine() throws -> ArraySlice<UInt8>? {
        guard let block = try next(), let end = block.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        rest = Array(block[(end + 1)...]) + rest
        return block[..<end]
    }

    /// The next lines with their ends; only the file's last line may lack its own. nil at the end.
    mutating func next() throws -> [UInt8]? {
        var end: Int?
        while !isAtEnd, end == nil {
            let piece = try nextPiece()
            isAtEnd = piece.isEmpty
            rest += piece
            if rest.count >= size { end = rest.lastIndex(of: UInt8(ascii: "\n")) }
            guard end != nil || rest.count <= Self.longestLine else {
                throw Misuse("a line of the file is longer than any of an export")
            }
        }
        guard !rest.isEmpty else { return nil }
        let block = end.map { Array(rest[...$0]) } ?? rest
        rest.removeFirst(block.count)
        return block
    }
}
