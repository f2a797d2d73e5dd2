import ArgumentParser
import LedgerCore
import LineProtocol

extension PrincipalCommand {
    /// `grantledger principal create NAME --role ROLE`
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "create", abstract: "Create a principal, and give out its token once.",
            discussion: """
                An operator may do everything. Finance posts, registers what postings need, and asks everything. \
                A committee asks what remains, and for figures. A reconciler asks everything, and says what the bank \
                has paid.

                For example, a committee that sees two schemes of lingang and of the tenants below it:
                  grantledger principal create jury --role committee --of lingang \\
                      --schemes pilot-project,founder-rent

                Created again as it stands, a principal stays as it is and keeps its token.
                """)

        @Argument(help: "The new principal; unique in the whole installation.")
        var name: String

        @Option(help: "What it may do.")
        var role: PrincipalRole

        @Option(
            help: ArgumentHelp(
                "The tenant that it reaches, with those below; left out: all of them.", valueName: "tenant"))
        var of: String?

        @Option(
            help: ArgumentHelp("The only schemes that it reaches, such as a,b; left out: all.", valueName: "schemes"))
        var schemes: String?

        @OptionGroup var destination: TokenDestination

        @OptionGroup(title: "Connection") var connection: ConnectionOptions

        func validate() throws {
            try PrincipalRequest.validate(principal: name)
            try PrincipalRequest.refuseTenant(
                of: connection, instead: "the tenant that \(name) shall reach is --of TENANT")
            if let of, !Identifier.isValid(of) {
                throw ValidationError("--of \"\(printable(of))\" is no tenant's identifier.")
            }
            for scheme in schemes?.split(separator: ",", omittingEmptySubsequences: false) ?? []
            where !Identifier.isValid(scheme) {
                throw ValidationError(
                    "--schemes has \"\(printable(String(scheme)))\", which is no identifier; write a,b without spaces.")
            }
        }

        func run() async throws {
            let bounds = [("tenant", of), ("schemes", schemes)].compactMap { name, value in value.map { (name, $0) } }
            let request = PrincipalRequest(
                verb: "PRINCIPAL.CREATE", arguments: [("principal", name), ("role", role.rawValue)] + bounds,
                remedy: "It may have taken effect: send it again. If \(name) stands already then, "
                    + "'grantledger principal rotate \(name)' gives it a token that you see.")
            let file = try destination.newFile()
            defer { file?.discard() }
            let reply = try await request.answer(from: connection)
            try IssuedToken(reply: reply, principal: name, isNew: true).handOver(to: file, json: connection.json)
        }
    }
}

extension PrincipalRole: ExpressibleByArgument {}
