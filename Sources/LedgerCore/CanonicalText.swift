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
        text.append(line: date.description)
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

    /// The same, as it is stored.
    package var text: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
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

    /// In decimal digits.
    fileprivate mutating func append(_ number: Int64) {
        if number < 0 { append(UInt8(ascii: "-")) }
        let first = count
        var rest = number.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[first...].reverse()
    }
}
