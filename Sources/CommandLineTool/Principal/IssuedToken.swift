import ArgumentParser
import LedgerCore
import LineProtocol

/// What the daemon answered to who asked for a token.
struct IssuedToken {
    let reply: Reply
    let principal: String
    /// The principal was to be created; else it was to get another token.
    let isNew: Bool

    private var token: String? { reply["token"]?.string }

    /// Puts the token into the file, or shows it where there is none. Throws where a file was wanted and there is no
    /// token for it.
    func handOver(to file: TokenFile?, json: Bool) throws {
        if let file, let token {
            do {
                try file.keep(token)
            } catch {
                throw TokenLost(principal: principal, path: file.path, reason: error.description)
            }
        }
        let path = token == nil ? nil : file?.path
        Terminal.write(json ? [self.json(file: path)] : lines(file: path))
        guard token == nil else { return }
        Terminal.writeError(absence + "\n")
        if file != nil || !isNew { throw ToolExit.refused }
    }

    /// As people read it; `file` is where the token is.
    func lines(file: String?) -> [String] {
        var lines = ReplyTables(shown(file: file)).lines
        if token != nil, file == nil {
            lines += [
                "",
                "This token is shown this once only. Whoever has it speaks as \(principal): keep it in a file that "
                    + "nobody else can read.",
            ]
        }
        return lines
    }

    /// For programs: the daemon's JSON, in which the file stands in the token's place.
    func json(file: String?) -> String {
        guard file != nil else { return reply.json }
        return jsonLine(shown(file: file).map { Field($0.name, JSONValue($0.value)) })
    }

    /// Why there is no token, and how to get one.
    var absence: String {
        isNew
            ? "\(principal) stood already, and its token is not shown again. 'grantledger principal rotate "
                + "\(principal)' gives it another, and ends the old one."
            : "\(principal) got another token from somebody else at the same time. Rotate again for one that you see."
    }

    /// The token only where it has no file.
    private func shown(file: String?) -> [JSONText.Member] {
        reply.members.compactMap { member in
            guard member.name == "token" else { return member }
            if let file { return JSONText.Member("token-file", .text(file)) }
            return member.value == .null ? nil : member
        }
    }
}

/// The daemon gave out a token, and it is gone.
struct TokenLost: ToolFailure {
    let principal: String
    let path: String
    let reason: String
    var exitCode: ExitCode { ToolExit.refused }

    var description: String {
        "\(principal) has a new token, but it could not be written to \(path): \(reason)\n"
            + "Nobody knows it; 'grantledger principal rotate \(principal)' gives another."
    }
}

extension JSONValue {
    fileprivate init(_ json: JSONText) {
        switch json {
        case .null: self = .null
        case .flag(let flag): self = .flag(flag)
        case .number(let text): self = Int64(text).map(JSONValue.number) ?? .text(text)
        case .text(let text): self = .text(text)
        case .list(let items): self = .list(items.map(JSONValue.init))
        case .object(let members): self = .object(members.map { Field($0.name, JSONValue($0.value)) })
        }
    }
}
