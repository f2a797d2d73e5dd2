import ArgumentParser
import LedgerCore
import LineProtocol

extension PrincipalCommand {
    /// `grantledger principal rotate NAME`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate", abstract: "Give a principal another token; the old one ends at once.",
            discussion:
                "--token-out may name the file with the old token: it is replaced as soon as the new one is known.")

        @Argument(help: "Whose token is replaced.")
        var name: String

        @OptionGroup var destination: TokenDestination

        @OptionGroup(title: "Connection") var connection: ConnectionOptions

        func validate() throws {
            try PrincipalRequest.refuseTenant(of: connection)
            try PrincipalRequest.validate(principal: name)
        }

        func run() async throws {
            let request = PrincipalRequest(
                verb: "PRINCIPAL.ROTATE", arguments: [("principal", name)],
                remedy: "The old token may have ended: rotate again.")
            let file = try await destination.file(of: name, at: connection.daemon())
            defer { file?.discard() }
            let reply = try await request.answer(from: connection)
            try IssuedToken(reply: reply, principal: name, isNew: false).handOver(to: file, json: connection.json)
        }
    }
}
