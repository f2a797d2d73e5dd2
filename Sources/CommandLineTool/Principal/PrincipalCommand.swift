import ArgumentParser
import LedgerCore
import LineProtocol

/// `grantledger principal …`
struct PrincipalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "principal",
        abstract: "Say who may speak to the daemon, and give out tokens.",
        discussion: """
            NAME is the principal that a command is about, and --of the tenant that it shall reach. Who gives the \
            command is --principal, as everywhere: an operator. On the Unix socket the system user that started the \
            daemon is one and needs no token.

            Alice may post for lingang; her token goes into a file that only you can read:
              grantledger principal create alice --role finance --of lingang \\
                  --token-out alice.token

            She speaks with it:
              grantledger --tcp HOST:PORT --tls --principal alice \\
                  --token-file alice.token whoami

            She gets another token, and the old one ends at once:
              grantledger principal rotate alice --token-out alice.token

            Ops, an operator, takes her right to speak, from another machine:
              grantledger --tcp HOST:PORT --tls --principal ops \\
                  --token-file ops.token principal revoke alice
            """,
        subcommands: [Create.self, List.self, Rotate.self, Revoke.self])
}

extension PrincipalCommand {
    /// `grantledger principal list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List who may speak, what each may do, and who was revoked.",
            discussion: "Tokens are never shown: the daemon keeps only their hashes.")

        @OptionGroup(title: "Connection") var connection: ConnectionOptions

        func validate() throws { try PrincipalRequest.refuseTenant(of: connection) }

        func run() async throws {
            let request = PrincipalRequest(verb: "PRINCIPALS", remedy: "Ask again.")
            let reply = try await request.answer(from: connection)
            Terminal.write(connection.json ? [reply.json] : Self.lines(reply))
        }

        /// A table in which a principal without a bound shows that it has none.
        static func lines(_ reply: Reply) -> [String] {
            let members = reply.members.map { member in
                guard case .list(let items) = member.value else { return member }
                return JSONText.Member(member.name, .list(items.map(withBounds)))
            }
            return ReplyTables(members).lines
        }

        /// No identifier is `(all)`.
        private static func withBounds(_ principal: JSONText) -> JSONText {
            guard case .object(let members) = principal else { return principal }
            return .object(
                members.map { member in
                    let isBound = member.name == "tenant" || member.name == "schemes"
                    return isBound && member.value == .null ? JSONText.Member(member.name, .text("(all)")) : member
                })
        }
    }
}

extension PrincipalCommand {
    /// `grantledger principal revoke NAME`
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Take a principal's right to speak, on open connections too.",
            discussion: "There is no way back: its name is never given again. Who shall only get another token: rotate."
        )

        @Argument(help: "Who may speak no more.")
        var name: String

        @OptionGroup(title: "Connection") var connection: ConnectionOptions

        func validate() throws {
            try PrincipalRequest.refuseTenant(of: connection)
            try PrincipalRequest.validate(principal: name)
        }

        func run() async throws {
            let request = PrincipalRequest(
                verb: "PRINCIPAL.REVOKE", arguments: [("principal", name)],
                remedy: "It may have taken effect: send it again, and what stands already stays as it is.")
            let reply = try await request.answer(from: connection)
            Terminal.write(connection.json ? [reply.json] : ReplyTables(reply.members).lines)
        }
    }
}
