import CLibPQ

extension Connection {
    /// Runs `COPY … FROM STDIN` and sends it `bytes` as its input; answers how many rows were copied. For
    /// `WITH (FORMAT binary)` a `BinaryCopyWriter` makes the bytes.
    @discardableResult
    package mutating func copyIn(_ sql: String, _ bytes: [UInt8]) throws(PostgresError) -> Int {
        try requireUsable()
        let opened = try check(PQexec(pointer, sql))
        guard opened.status == PGRES_COPY_IN else {
            guard opened.status == PGRES_COPY_OUT || opened.status == PGRES_COPY_BOTH else {
                throw PostgresError(kind: .request, message: "copyIn runs only COPY … FROM STDIN")
            }
            throw giveUp("copyIn runs only COPY … FROM STDIN, not COPY … TO STDOUT")
        }
        guard sendCopy(bytes) else { throw lost() }

        var copied = 0
        var firstError: PostgresError?
        while let result = nextResult() {
            if let error = failure(of: result) {
                firstError = firstError ?? error
                if error.isConnectionLost { break }
            } else {
                copied = Rows(result).affectedCount
            }
        }
        if let firstError { throw firstError }
        return copied
    }

    /// In pieces, each of which goes out before the next is handed over: libpq would keep a second copy of all of it.
    private func sendCopy(_ bytes: [UInt8]) -> Bool {
        let pieceLength = 1 << 16
        let pointer = pointer
        var offset = 0
        while offset < bytes.count {
            let length = min(pieceLength, bytes.count - offset)
            let queued = bytes.withUnsafeBytes { bytes in
                PQputCopyData(
                    pointer, bytes.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self), Int32(length))
            }
            guard queued >= 0, flush() else { return false }
            if queued == 1 { offset += length }
        }
        while true {
            let queued = PQputCopyEnd(pointer, nil)
            guard queued >= 0 else { return false }
            if queued == 1 { return true }
            guard flush() else { return false }
        }
    }

    private func flush() -> Bool {
        while true {
            switch PQflush(pointer) {
            case 0: return true
            case 1: guard awaitSocket(writable: true) else { return false }
            default: return false
            }
        }
    }
}

/// Writes the input of `COPY … FROM STDIN WITH (FORMAT binary)`. There are no casts: each value must have exactly its
/// column's type.
package struct BinaryCopyWriter {
    /// The signature, no flags, no header extension (PostgreSQL documentation of COPY, "Binary Format").
    private var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [UInt8](repeating: 0, count: 8)

    package init() {}

    package mutating func append(_ row: [Parameter]) {
        bytes.appendBigEndian(Int16(truncatingIfNeeded: row.count))
        for value in row {
            let lengthOffset = bytes.count
            bytes.appendBigEndian(nullLength)
            guard value != .null else { continue }
            value.encode(into: &bytes)
            let length = Int32(truncatingIfNeeded: bytes.count - lengthOffset - 4)
            bytes.withUnsafeMutableBytes {
                $0.storeBytes(of: length.bigEndian, toByteOffset: lengthOffset, as: Int32.self)
            }
        }
    }

    /// All rows so far with the trailer that ends them.
    package consuming func finish() -> [UInt8] {
        bytes.appendBigEndian(Int16(-1))
        return bytes
    }
}
