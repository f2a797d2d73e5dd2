/// Where a daemon listens.
enum DaemonAddress: Sendable, Equatable, CustomStringConvertible {
    case unix(path: String)
    case tcp(host: String, port: Int)

    static let standard = DaemonAddress.unix(path: ".local/grantledger.sock")

    /// Reads `HOST:PORT`, a version 6 address in brackets (`[::1]:7411`); nil for anything else.
    init?(hostAndPort text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65_535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    /// nil of a socket.
    var host: String? { if case .tcp(let host, _) = self { host } else { nil } }

    var description: String {
        switch self {
        case .unix(let path): path
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }
}
