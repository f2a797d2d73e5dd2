/// The length that stands for NULL, in arrays, parameters and COPY alike.
let nullLength: Int32 = -1

extension [UInt8] {
    mutating func appendBigEndian<Value: FixedWidthInteger>(_ value: Value) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }

    /// Appends a one-dimensional array whose elements are integers on the wire; `wire` answers nil for NULL.
    mutating func appendArray<Item, Wire: FixedWidthInteger>(
        _ elements: [Item], of elementType: UInt32, _ wire: (Item) -> Wire?
    ) {
        appendArrayHeader(count: elements.count, elementType: elementType)
        // Room for the case without NULL is made at once, and what NULLs leave over is cut off.
        let width = MemoryLayout<Wire>.size
        var end = count
        append(contentsOf: repeatElement(0, count: elements.count * (4 + width)))
        withUnsafeMutableBytes { buffer in
            for element in elements {
                if let value = wire(element) {
                    buffer.storeBytes(of: Int32(truncatingIfNeeded: width).bigEndian, toByteOffset: end, as: Int32.self)
                    buffer.storeBytes(of: value.bigEndian, toByteOffset: end + 4, as: Wire.self)
                    end += 4 + width
                } else {
                    buffer.storeBytes(of: nullLength.bigEndian, toByteOffset: end, as: Int32.self)
                    end += 4
                }
            }
        }
        removeLast(count - end)
    }

    /// Appends a one-dimensional array whose elements are bytes on the wire; `wire` answers nil for NULL.
    mutating func appendArray<Item, Wire: Collection<UInt8>>(
        _ elements: [Item], of elementType: UInt32, _ wire: (Item) -> Wire?
    ) {
        appendArrayHeader(count: elements.count, elementType: elementType)
        let room = elements.reduce(0) { $0 + 4 + (wire($1)?.count ?? 0) }
        var end = count
        append(contentsOf: repeatElement(0, count: room))
        withUnsafeMutableBytes { buffer in
            for element in elements {
                let value = wire(element)
                let length = value.map { Int32(truncatingIfNeeded: $0.count) } ?? nullLength
                buffer.storeBytes(of: length.bigEndian, toByteOffset: end, as: Int32.self)
                end += 4
                guard let value else { continue }
                UnsafeMutableRawBufferPointer(rebasing: buffer[end...]).copyBytes(from: value)
                end += value.count
            }
        }
    }

    /// Lengths are truncated here and above: the sender refuses a message that is too long before it matters.
    mutating func appendArrayHeader(count elements: Int, elementType: UInt32) {
        let dimensions: Int32 = elements == 0 ? 0 : 1
        // Whether there are NULLs; the server looks for itself, and only wants to see 0 or 1.
        let flags: Int32 = 0
        let lowerBound: Int32 = 1
        Swift.withUnsafeBytes(of: (dimensions.bigEndian, flags.bigEndian, elementType.bigEndian)) {
            append(contentsOf: $0)
        }
        guard elements > 0 else { return }
        Swift.withUnsafeBytes(of: (Int32(truncatingIfNeeded: elements).bigEndian, lowerBound.bigEndian)) {
            append(contentsOf: $0)
        }
    }
}
