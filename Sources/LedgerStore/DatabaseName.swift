/// Which database a connection string names, and the same string for another database of that server: to make a
/// database, one must be connected to another one.
enum DatabaseName {
    /// nil where the string leaves it to libpq's defaults, which then name one that stands.
    static func find(in conninfo: String) -> String? {
        if isURL(conninfo) {
            let rest = conninfo.drop { $0 != "/" }.dropFirst(2)
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            // As libpq does, the last one that is given holds.
            if parts.count == 2, let named = parts[1].split(separator: "&").last(where: { $0.hasPrefix("dbname=") }) {
                return decoded(named.dropFirst("dbname=".count))
            }
            // Behind the host, which may be empty.
            let place = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let path = place.dropFirst().first else { return nil }
            return path.isEmpty ? nil : decoded(path)
        }
        guard conninfo.contains("=") else { return conninfo.isEmpty ? nil : conninfo }
        return keywords(conninfo).last { $0.name == "dbname" && !$0.value.isEmpty }?.value
    }

    /// The same server and user, and the database `name`, which must be a plain word.
    static func replace(in conninfo: String, by name: String) -> String {
        if isURL(conninfo) { return conninfo + (conninfo.contains("?") ? "&" : "?") + "dbname=" + name }
        return conninfo.contains("=") ? conninfo + " dbname=" + name : name
    }

    private static func isURL(_ conninfo: String) -> Bool {
        conninfo.hasPrefix("postgres://") || conninfo.hasPrefix("postgresql://")
    }

    /// `name = value` or `name = 'quoted value'`, in which a backslash stands before what is taken as it is.
    private static func keywords(_ conninfo: String) -> [(name: String, value: String)] {
        var found: [(name: String, value: String)] = []
        var rest = conninfo[...]
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { !$0.isWhitespace }
            rest = rest[equals...].dropFirst().drop { $0.isWhitespace }
            let isQuoted = rest.first == "'"
            if isQuoted { rest.removeFirst() }
            var value = ""
            while let character = rest.popFirst() {
                if character == "\\" {
                    if let next = rest.popFirst() { value.append(next) }
                } else if isQuoted ? character == "'" : character.isWhitespace {
                    break
                } else {
                    value.append(character)
                }
            }
            found.append((name, value))
        }
        return found
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                    return nil
                }
                bytes.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
