/// One SQL statement with the values of `$1`, `$2`, ….
package struct Statement: Sendable, Equatable {
    package let sql: String
    package let parameters: [Parameter]
    /// Whether the connection prepares it once and keeps it. Not for a text with literals in it that change, such as
    /// `SET LOCAL`, which would fill the server's memory.
    package let isPrepared: Bool

    package init(_ sql: String, _ parameters: [Parameter] = [], isPrepared: Bool = true) {
        self.sql = sql
        self.parameters = parameters
        self.isPrepared = isPrepared
    }
}

/// The parameters of all statements of a pipeline in the form that libpq takes them: one buffer of bytes, and per
/// parameter its place in it, its length and its type.
struct EncodedParameters {
    /// Starts with a byte that belongs to nobody, so that an empty value has an address too: no address means NULL.
    private var bytes: [UInt8] = [0]
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var types: [UInt32] = []
    /// Where the parameters of each statement begin, and in the end where those of the last one end.
    private var starts: [Int] = [0]

    /// The protocol counts parameters in 16 bits.
    private static let maximumCount = 65_535
    /// Of a whole pipeline. Beyond a gibibyte the server takes a message for garbage and hangs up.
    private static let maximumBytes = 1 << 30 - 1 << 20

    init(_ statements: [Statement]) throws(PostgresError) {
        for (index, statement) in statements.enumerated() {
            statement.parameters.forEach { append($0) }
            starts.append(types.count)
            guard statement.parameters.count <= Self.maximumCount else {
                let message = "\(statement.parameters.count) parameters; there may be \(Self.maximumCount)"
                throw PostgresError(kind: .request, message: message, statementIndex: index)
            }
            guard bytes.count <= Self.maximumBytes else {
                let message = "parameters of more than \(Self.maximumBytes) bytes; send less at once"
                throw PostgresError(kind: .request, message: message, statementIndex: index)
            }
        }
    }

    private mutating func append(_ parameter: Parameter) {
        let start = bytes.count
        parameter.encode(into: &bytes)
        offsets.append(parameter == .null ? nil : start)
        lengths.append(Int32(truncatingIfNeeded: bytes.count - start))
        types.append(parameter.type)
    }

    func types(of statement: Int) -> ArraySlice<UInt32> {
        types[starts[statement]..<starts[statement + 1]]
    }

    /// The parameters of one statement as libpq's arguments; all are binary.
    struct Pointers {
        let count: Int32
        let values: UnsafePointer<UnsafePointer<CChar>?>?
        let lengths: UnsafePointer<Int32>?
        let formats: UnsafePointer<Int32>?
    }

    /// `body` gets the pointers of any statement by its index; they are valid until it returns.
    func withPointers<Answer>(_ body: ((Int) -> Pointers) -> Answer) -> Answer {
        let binary = [Int32](repeating: 1, count: types.count)
        return bytes.withUnsafeBytes { bytes in
            let values = offsets.map { offset in
                offset.flatMap { bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
            }
            return values.withUnsafeBufferPointer { values in
                lengths.withUnsafeBufferPointer { lengths in
                    binary.withUnsafeBufferPointer { formats in
                        body { statement in
                            let range = starts[statement]..<starts[statement + 1]
                            return Pointers(
                                count: Int32(truncatingIfNeeded: range.count),
                                values: values.baseAddress.map { $0 + range.lowerBound },
                                lengths: lengths.baseAddress.map { $0 + range.lowerBound },
                                formats: formats.baseAddress.map { $0 + range.lowerBound })
                        }
                    }
                }
            }
        }
    }
}
