import LedgerCore

/// Figures as text: whole numbers, amounts and dates, read and written without an intermediate.
enum DecimalText {
    /// Digits, with a minus before them or not; nil for anything else, and for what does not fit.
    static func integer(_ bytes: some Collection<UInt8>) -> Int? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        guard let value = natural(isNegative ? bytes.dropFirst() : bytes[...]) else { return nil }
        return isNegative ? -value : value
    }

    /// Digits alone; nil for anything else, and for what does not fit.
    static func natural(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooLargeByDigit) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
            guard !isTooLarge, !isTooLargeByDigit else { return nil }
            value = sum
        }
        return value
    }
}

// MARK: - Writing

extension DecimalText {
    static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(number.magnitude, to: &bytes)
    }

    /// Yuan with two decimals.
    static func append(_ amount: Amount, to bytes: inout [UInt8]) {
        let (yuan, fen) = amount.fen.magnitude.quotientAndRemainder(dividingBy: 100)
        if amount.isNegative { bytes.append(UInt8(ascii: "-")) }
        append(yuan, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(fen, padded: 2, to: &bytes)
    }

    /// `YYYY-MM-DD`
    static func append(_ day: Day, to bytes: inout [UInt8]) {
        let (year, month, day) = day.civil
        append(UInt64(year.magnitude), padded: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(UInt64(month.magnitude), padded: 2, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        append(UInt64(day.magnitude), padded: 2, to: &bytes)
    }

    static func yuan(_ amount: Amount) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(24)
        append(amount, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func date(_ day: Day) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(10)
        append(day, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ number: UInt64, padded width: Int = 1, to bytes: inout [UInt8]) {
        // The largest number has twenty digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var first = 20
            var rest = number
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                first -= 1
                digits.initializeElement(at: first, to: UInt8(ascii: "0") + UInt8(digit))
                rest = quotient
            } while rest > 0 || 20 - first < width
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[first...]))
        }
    }
}
