import ArgumentParser

/// `grantledger`: the command line of the ledger.
struct GrantLedger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grantledger",
        abstract: "Speaks with a grant disbursement ledger, grantledgerd.",
        discussion: """
            Exit codes: 0 done, 1 refused (the reason is on standard error), 64 misused, 69 no daemon answers.
            The tool's version: grantledger --version
            Shell completion: grantledger --generate-completion-script bash|zsh|fish
            """,
        groupedSubcommands: [
            CommandGroup(
                name: "Files",
                subcommands: [
                    ImportCommand.self, ApplyCommand.self, ExportCommand.self, VerifyCommand.self,
                    FollowCommand.self,
                    StatementCommand.self,
                ]),
            CommandGroup(name: "Questions", subcommands: VerbCommands.queries),
            CommandGroup(name: "Postings", subcommands: VerbCommands.postings),
            CommandGroup(name: "Registers", subcommands: VerbCommands.registrations),
            CommandGroup(
                name: "The bank", subcommands: VerbCommands.bank + [PaymentsCommand.self, ReportCommand.self]),
            CommandGroup(name: "Principals", subcommands: [PrincipalCommand.self]),
            CommandGroup(name: "The daemon", subcommands: VerbCommands.session + [BenchCommand.self]),
        ])

    @OptionGroup(title: "Connection") var connection: ConnectionOptions

    static let version = "0.1.0"

    /// `grantledger 0.1.0` where that is asked for; nil where the arguments are for the parser.
    ///
    /// ArgumentParser's own `--version` is no choice: it would answer `scheme-put --version 2` too wherever that lacks
    /// another option, and end with success.
    static func versionLine(for arguments: [String]) -> String? {
        arguments.first == "--version" ? "grantledger \(version)" : nil
    }
}

/// Runs the command that the process's arguments name, and ends the process with its exit code.
package func runCommandLineTool() async -> Never {
    if let line = GrantLedger.versionLine(for: Array(CommandLine.arguments.dropFirst())) {
        Terminal.write([line])
        GrantLedger.exit(withError: nil)
    }
    do {
        var command = try await GrantLedger.asyncParseAsRoot()
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
        GrantLedger.exit(withError: nil)
    } catch let failure as any ToolFailure {
        Terminal.writeError("grantledger: \(failure)\n")
        GrantLedger.exit(withError: failure.exitCode)
    } catch {
        GrantLedger.exit(withError: error)
    }
}
