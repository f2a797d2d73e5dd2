/// Rows of a composite type as one parameter: an array of them, written straight into its binary form.
///
/// Between ``beginRow(columns:)`` and ``endRow()`` the columns are added in their order; nil is NULL. The server takes
/// a row only where number and types of its columns are those of the type.
package struct RowArray: Sendable, Equatable {
    package private(set) var count = 0
    private let type: UInt32
    private var bytes: [UInt8] = []
    private var startOfRow = 0

    /// `type` is the composite type's object identifier, which each database has given it by itself.
    package init(of type: UInt32) {
        self.type = type
    }

    package mutating func reserve(bytes capacity: Int) { bytes.reserveCapacity(capacity) }

    package mutating func beginRow(columns: Int32) {
        startOfRow = bytes.count
        bytes.appendBigEndian(Int32(0))
        bytes.appendBigEndian(columns)
    }

    package mutating func endRow() {
        bytes.setLength(from: startOfRow)
        count += 1
    }

    func encode(into all: inout [UInt8]) {
        all.appendArrayHeader(count: count, elementType: type)
        all.append(contentsOf: bytes)
    }
}

// MARK: - Columns

extension RowArray {
    package mutating func add(_ value: Int16) { add(value, TypeOID.int2) }
    package mutating func add(_ value: Int32) { add(value, TypeOID.int4) }
    package mutating func add(_ value: Int64) {
        bytes.append(TypeOID.int8, 8, UInt64(bitPattern: value))
    }

    package mutating func add(_ value: Int64?) {
        if let value { add(value) } else { addNull(TypeOID.int8) }
    }

    /// Days since 1970-01-01.
    package mutating func add(day: Int32?) {
        if let day { add(Epoch.toWire(day, since: Epoch.days), TypeOID.date) } else { addNull(TypeOID.date) }
    }

    /// Microseconds since 1970-01-01 UTC.
    package mutating func add(timestamp: Int64) {
        add(Epoch.toWire(timestamp, since: Epoch.microseconds), TypeOID.timestamptz)
    }

    package mutating func add(_ text: String) {
        bytes.appendBigEndian(TypeOID.text)
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        bytes.append(contentsOf: text.utf8)
        bytes.setLength(from: start)
    }

    /// UTF-8.
    package mutating func add(text: [UInt8]) { add(text, TypeOID.text) }
    package mutating func add(_ value: [UInt8]) { add(value, TypeOID.bytea) }

    package mutating func add(int4s values: [Int32]) { addArray(values, TypeOID.int4s, of: TypeOID.int4) }

    package mutating func add(int8s values: [Int64]) {
        bytes.appendBigEndian(TypeOID.int8s)
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        bytes.appendArrayHeader(count: values.count, elementType: TypeOID.int8)
        for value in values { bytes.append(8, UInt64(bitPattern: value)) }
        bytes.setLength(from: start)
    }

    package mutating func add(days: [Int32]) {
        addArray(days.map { Epoch.toWire($0, since: Epoch.days) }, TypeOID.dates, of: TypeOID.date)
    }

    private mutating func add<Value: FixedWidthInteger>(_ value: Value, _ type: UInt32) {
        bytes.appendBigEndian(type)
        bytes.appendElement(value)
    }

    private mutating func addNull(_ type: UInt32) {
        bytes.appendBigEndian(type)
        bytes.appendBigEndian(nullLength)
    }

    private mutating func add(_ value: [UInt8], _ type: UInt32) {
        bytes.appendBigEndian(type)
        bytes.appendBigEndian(Int32(truncatingIfNeeded: value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func addArray<Value: FixedWidthInteger>(
        _ values: [Value], _ type: UInt32, of elementType: UInt32
    ) {
        bytes.appendBigEndian(type)
        let start = bytes.count
        bytes.appendBigEndian(Int32(0))
        bytes.appendArrayHeader(count: values.count, elementType: elementType)
        for value in values { bytes.appendElement(value) }
        bytes.setLength(from: start)
    }
}

extension [UInt8] {
    /// A type, a length and eight bytes, at once: most of what is sent are such.
    fileprivate mutating func append(_ type: UInt32, _ length: UInt32, _ value: UInt64) {
        Swift.withUnsafeBytes(of: (type.bigEndian, length.bigEndian, value.bigEndian)) { append(contentsOf: $0) }
    }

    /// A length and eight bytes.
    fileprivate mutating func append(_ length: UInt32, _ value: UInt64) {
        let (high, low) = (UInt32(truncatingIfNeeded: value >> 32), UInt32(truncatingIfNeeded: value))
        Swift.withUnsafeBytes(of: (length.bigEndian, high.bigEndian, low.bigEndian)) { append(contentsOf: $0) }
    }

    /// An integer with its length before it.
    fileprivate mutating func appendElement<Value: FixedWidthInteger>(_ value: Value) {
        appendBigEndian(Int32(truncatingIfNeeded: MemoryLayout<Value>.size))
        appendBigEndian(value)
    }

    /// Puts the length of all that stands behind it into the four bytes at `start`.
    fileprivate mutating func setLength(from start: Int) {
        let length = Int32(truncatingIfNeeded: count - start - 4)
        withUnsafeMutableBytes { $0.storeBytes(of: length.bigEndian, toByteOffset: start, as: Int32.self) }
    }
}
