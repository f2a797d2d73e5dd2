package import LedgerCore

/// Writes requests as lines that the decoder reads back.
package enum LineWriter {
    /// A request without its line end. A line feed or a carriage return cannot stand in a line, quoted or not: the
    /// refusal names the value that has one.
    package static func line(
        verb: String, arguments: [(name: String, value: String)]
    ) throws(Refusal) -> String {
        var line = verb
        for (name, value) in arguments { line += " \(name)=\(try quotedWherever(value, name))" }
        return line
    }

    /// A session verb and its words, which stand without names.
    package static func line(verb: String, words: [String]) throws(Refusal) -> String {
        var line = verb
        for word in words { line += " \(word.isEmpty ? "\"\"" : try quotedWherever(word, verb.lowercasedASCII))" }
        return line
    }

    private static func quotedWherever(_ value: String, _ argument: String) throws(Refusal) -> String {
        guard !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D }) else {
            throw .invalid(argument, "\(argument) has a line break, which no request can carry")
        }
        let mustQuote: [UInt8] = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\"")]
        guard value.utf8.contains(where: mustQuote.contains) else { return value }
        var quoted: [UInt8] = [UInt8(ascii: "\"")]
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { quoted.append(UInt8(ascii: "\\")) }
            quoted.append(byte)
        }
        quoted.append(UInt8(ascii: "\""))
        return String(decoding: quoted, as: UTF8.self)
    }
}
