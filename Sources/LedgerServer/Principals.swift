import Crypto
import LedgerCore
import LineProtocol
import Synchronization

/// Who may speak, as this daemon last read it: asked before every request, so kept in memory.
package final class Principals: Sendable {
    private struct State {
        var version: Int64 = -1
        var records: [String: PrincipalRecord] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    var version: Int64 { state.withLock(\.version) }

    /// An older list than the one that is known changes nothing.
    func replace(by list: PrincipalList) {
        state.withLock { state in
            guard list.version > state.version else { return }
            state.version = list.version
            state.records = Dictionary(uniqueKeysWithValues: list.records.map { ($0.principal.name, $0) })
        }
    }

    subscript(name: String) -> PrincipalRecord? { state.withLock { $0.records[name] } }

    /// Whether the principal may still speak.
    func stands(_ principal: Principal) -> Bool { self[principal.name]?.isRevoked == false }

    var all: [PrincipalRecord] { state.withLock { Array($0.records.values) } }

    /// Whose token this is. How long that takes tells nothing of any token: digests compare in constant time, and all
    /// that may be meant are compared.
    func find(_ credentials: Credentials) -> Principal? {
        let digest = Token.hash(credentials.token)
        let candidates = state.withLock { state in
            guard let name = credentials.named, let record = state.records[name] else {
                return credentials.named == nil ? Array(state.records.values) : []
            }
            return [record]
        }
        var found: Principal?
        for record in candidates where digest == record.tokenHash && !record.isRevoked { found = record.principal }
        return found
    }
}

extension Credentials {
    /// Redis clients that are given a password alone name the user `default`.
    fileprivate var named: String? { principal == "default" ? nil : principal }
}

/// 256 random bits, as 64 hexadecimal digits.
enum Token {
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    static func hash(_ token: String) -> SHA256Digest { SHA256.hash(data: Array(token.utf8)) }

    /// Whether a word may be one, or a piece of one.
    static func isLike(_ word: String) -> Bool {
        word.split { !$0.isHexDigit }.contains { $0.utf8.count >= 32 }
    }
}
