/// Elements into a sink, in blocks of some 64 KiB.
struct XMLOutput {
    private static let blockSize = 65_536

    private let sink: (ArraySlice<UInt8>) throws -> Void
    private var block: [UInt8] = []
    private var open: [StaticString] = []

    init(sink: @escaping (ArraySlice<UInt8>) throws -> Void) {
        self.sink = sink
        block.reserveCapacity(Self.blockSize + 4_096)
    }

    mutating func begin(_ name: StaticString, _ attribute: (name: StaticString, value: String)? = nil) throws {
        indent()
        tag("<", name, attribute, ">")
        block.append(UInt8(ascii: "\n"))
        open.append(name)
        try passOn()
    }

    mutating func end() throws {
        guard let name = open.popLast() else { return }
        indent()
        tag("</", name, nil, ">")
        block.append(UInt8(ascii: "\n"))
        try passOn()
    }

    mutating func element(
        _ name: StaticString, _ text: String, _ attribute: (name: StaticString, value: String)? = nil
    ) throws {
        indent()
        tag("<", name, attribute, ">")
        escape(text)
        tag("</", name, nil, ">")
        block.append(UInt8(ascii: "\n"))
        try passOn()
    }

    /// Text that stands outside all elements.
    mutating func verbatim(_ text: StaticString) { append(text) }

    /// What the sink has not seen yet.
    mutating func flush() throws {
        guard !block.isEmpty else { return }
        try sink(block[...])
        block.removeAll(keepingCapacity: true)
    }

    private mutating func passOn() throws {
        if block.count >= Self.blockSize { try flush() }
    }

    private mutating func indent() {
        for _ in open { append("  ") }
    }

    private mutating func tag(
        _ start: StaticString, _ name: StaticString, _ attribute: (name: StaticString, value: String)?,
        _ end: StaticString
    ) {
        append(start)
        append(name)
        if let attribute {
            append(" ")
            append(attribute.name)
            append("=\"")
            escape(attribute.value)
            append("\"")
        }
        append(end)
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { block.append(contentsOf: $0) }
    }

    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): append("&amp;")
            case UInt8(ascii: "<"): append("&lt;")
            case UInt8(ascii: ">"): append("&gt;")
            case UInt8(ascii: "\""): append("&quot;")
            default: block.append(byte)
            }
        }
    }
}
