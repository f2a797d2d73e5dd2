// The bytes that the hash chain covers. Each posting has them made once, so that they are written straight into bytes.

extension Entry {
    /// A text that people can read, with every name spelled out, in UTF-8.
    ///
    /// No two entries have the same bytes: each part is a line, only the last parts repeat, behind their counts.
    /// `name` gives an account's full name.
    package func canonicalText(tenant: String, name: (AccountID) -> String) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(768)
        text.append(line: "grantledger-entry-1")
        text.append(line: tenant)
        text.append(line: sequence)
        text.append(line: kind.verb)
        text.append(line: key)
        text.append(line: date)
        text.append(line: postedAt.microseconds)
        text.append(line: amount.fen)
        text.append(line: principal)
        if let target { text.append(line: target) } else { text.append(line: "-") }
        if let standing { text.append(line: standing) } else { text.append(line: "-") }
        text.append(line: Int64(content.arguments.count))
        content.write(to: &text)
        text.append(UInt8(ascii: "\n"))
        text.append(line: Int64(transfers.count))
        for transfer in transfers {
            text.append(contentsOf: name(transfer.debit).utf8)
            text.append(UInt8(ascii: " "))
            text.append(contentsOf: name(transfer.credit).utf8)
            text.append(UInt8(ascii: " "))
            text.append(line: transfer.amount.fen)
        }
        return text
    }
}

extension Content {
    /// `VERB`, then a line `name=value` for each argument; a backslash escapes itself and a line feed.
    func write(to text: inout [UInt8]) {
        text.append(contentsOf: verb.utf8)
        for argument in arguments {
            text.append(UInt8(ascii: "\n"))
            text.append(contentsOf: argument.name.utf8)
            text.append(UInt8(ascii: "="))
            for byte in argument.value.utf8 {
                switch byte {
                case UInt8(ascii: "\\"): text.append(contentsOf: [byte, byte])
                case UInt8(ascii: "\n"): text.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "n")])
                default: text.append(byte)
                }
            }
        }
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The same, as it is stored: UTF-8.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(to: &bytes)
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(line text: String) {
        append(contentsOf: text.utf8)
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func append(line number: Int64) {
        append(number)
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func append(line standing: Receipt.Standing) {
        append(contentsOf: standing.award.utf8)
        for amount in [standing.committed, standing.disbursed, standing.remaining] {
            append(UInt8(ascii: " "))
            if let amount { append(amount.fen) } else { append(UInt8(ascii: "-")) }
        }
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func append(line day: Day) {
        let (year, month, day) = day.civil
        append(Int64(year), digits: 4)
        append(UInt8(ascii: "-"))
        append(Int64(month), digits: 2)
        append(UInt8(ascii: "-"))
        append(Int64(day), digits: 2)
        append(UInt8(ascii: "\n"))
    }

    /// In decimal, with zeros before it where it has fewer digits.
    fileprivate mutating func append(_ number: Int64, digits: Int = 1) {
        if number < 0 { append(UInt8(ascii: "-")) }
        // The largest number has twenty digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            var first = 20
            var rest = number.magnitude
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                first -= 1
                buffer.initializeElement(at: first, to: UInt8(ascii: "0") + UInt8(digit))
                rest = quotient
            } while rest > 0 || 20 - first < digits
            append(contentsOf: UnsafeBufferPointer(rebasing: buffer[first...]))
        }
    }
}
