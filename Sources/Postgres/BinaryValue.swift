/// A value as the server sent it. Each property is nil where type, length or value do not fit it.
///
/// Valid only as long as the result that the bytes belong to.
struct BinaryValue {
    let bytes: UnsafeRawBufferPointer
    let type: UInt32

    var bool: Bool? {
        guard type == TypeOID.bool, bytes.count == 1 else { return nil }
        return bytes[0] != 0
    }

    var integer: Int64? {
        switch (type, bytes.count) {
        case (TypeOID.int8, 8): bytes.bigEndian(at: 0, as: Int64.self)
        case (TypeOID.int4, 4): Int64(bytes.bigEndian(at: 0, as: Int32.self))
        case (TypeOID.int2, 2): Int64(bytes.bigEndian(at: 0, as: Int16.self))
        case (TypeOID.oid, 4): Int64(bytes.bigEndian(at: 0, as: UInt32.self))
        default: nil
        }
    }

    /// What is not UTF-8 (which the server does not send) is repaired.
    var text: String? {
        TypeOID.isTextual(type) ? String(decoding: bytes, as: UTF8.self) : nil
    }

    var byteArray: [UInt8]? {
        type == TypeOID.bytea ? Array(bytes) : nil
    }

    /// Days since 1970-01-01.
    var day: Int32? {
        guard type == TypeOID.date, bytes.count == 4 else { return nil }
        return Epoch.fromWire(bytes.bigEndian(at: 0, as: Int32.self), since: Epoch.days)
    }

    /// Microseconds since 1970-01-01 UTC; a timestamp without time zone is taken as UTC.
    var microseconds: Int64? {
        guard type == TypeOID.timestamptz || type == TypeOID.timestamp, bytes.count == 8 else { return nil }
        return Epoch.fromWire(bytes.bigEndian(at: 0, as: Int64.self), since: Epoch.microseconds)
    }

    /// The elements of an array of at most one dimension. `read` gets nil for NULL; that it answers nil makes the whole
    /// nil.
    func elements<Element>(_ read: (BinaryValue?) -> Element?) -> [Element]? {
        let headerLength = 12
        let dimensionLength = 8
        guard bytes.count >= headerLength else { return nil }
        let dimensions = bytes.bigEndian(at: 0, as: Int32.self)
        let elementType = bytes.bigEndian(at: 8, as: UInt32.self)
        if dimensions == 0 { return [] }
        guard dimensions == 1, bytes.count >= headerLength + dimensionLength else { return nil }
        let count = Int(bytes.bigEndian(at: headerLength, as: Int32.self))
        var offset = headerLength + dimensionLength
        // Each element has at least its length, so a count that lies cannot make us reserve much.
        guard count >= 0, count <= (bytes.count - offset) / 4 else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count {
            guard bytes.count - offset >= 4 else { return nil }
            let length = bytes.bigEndian(at: offset, as: Int32.self)
            offset += 4
            var value: BinaryValue?
            if length != nullLength {
                guard length >= 0, Int(length) <= bytes.count - offset else { return nil }
                let element = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + Int(length)])
                value = BinaryValue(bytes: element, type: elementType)
                offset += Int(length)
            }
            guard let element = read(value) else { return nil }
            elements.append(element)
        }
        return elements
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        at offset: Int, as type: Value.Type
    ) -> Value {
        Value(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
