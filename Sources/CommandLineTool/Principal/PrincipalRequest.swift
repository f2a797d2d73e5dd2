import ArgumentParser
import LedgerCore
import LineProtocol

/// One request about principals, on a connection of its own.
struct PrincipalRequest {
    let verb: String
    var arguments: [(name: String, value: String)] = []
    /// What to do where no reply comes.
    let remedy: String

    /// The reply, which is none of a refusal: that is shown, and ends the command.
    func answer(from options: ConnectionOptions) async throws -> Reply {
        let line = try LineWriter.line(verb: verb, arguments: arguments)
        let daemon = try options.daemon()
        let replies: [Reply]
        do {
            replies = try await DaemonConnection.with(daemon) { connection in try await connection.exchange([line]) }
        } catch let loss as ConnectionLost {
            throw Unanswered(address: daemon.address, reason: loss.reason, remedy: remedy)
        }
        guard let reply = replies.first else {
            throw Unanswered(address: daemon.address, reason: "it sent no reply", remedy: remedy)
        }
        if let code = reply.code {
            if options.json { Terminal.write([reply.json]) }
            Terminal.writeError("\(code): \(printable(reply.message))\n")
            throw ToolExit.refused
        }
        return reply
    }

    // MARK: Looking at a command line

    static func validate(principal name: String) throws {
        guard Identifier.isValid(name) else {
            throw ValidationError("\"\(printable(name))\" is no name of a principal: 1 to 64 of A-Z a-z 0-9 . _ : / -")
        }
    }

    /// Principals are the whole installation's: a tenant in whose books such a command is would be a mistake.
    static func refuseTenant(of options: ConnectionOptions, instead: String? = nil) throws {
        guard let tenant = options.tenant else { return }
        let reason = "--tenant \(printable(tenant)) says in whose books a command is, which this one is not"
        throw ValidationError(reason + (instead.map { "; \($0)." } ?? "; leave it out."))
    }
}
