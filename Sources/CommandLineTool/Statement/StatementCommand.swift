import ArgumentParser

/// `grantledger statement`
struct StatementCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statement", abstract: "Read what the bank says was paid.",
        subcommands: [StatementCheckCommand.self, StatementImportCommand.self])
}
