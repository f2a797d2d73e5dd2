import ArgumentParser
import LineProtocol

/// A verb of the protocol as a type: ArgumentParser knows its commands by their types.
protocol VerbType {
    static var verb: Verb { get }
}

/// The command that sends one verb: its options are the arguments that the protocol's table gives the verb.
///
/// ArgumentParser finds the options of a command by reflecting on its first value, and decodes them by their keys. Both
/// are given by hand here, so that the table stays the only description of a verb.
struct VerbCommand<Name: VerbType>: AsyncParsableCommand {
    static var verb: Verb { Name.verb }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: VerbOption.commandName(of: verb), abstract: verb.spec.summary,
            discussion: "As a line of the protocol: \(verb.spec.example)")
    }

    private var definitions: [VerbOption]
    private var connection: OptionGroup<ConnectionOptions>
    /// What was given, by the name of the argument.
    private(set) var values: [String: String] = [:]

    var options: ConnectionOptions { connection.wrappedValue }

    init() {
        definitions = VerbOption.all(of: Self.verb)
        connection = OptionGroup(title: "Connection")
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: VerbOption.Key.self)
        definitions = []
        for option in VerbOption.all(of: Self.verb) {
            if let value = try option.value(in: container) { values[option.argument.name] = value }
        }
        connection = try container.decode(OptionGroup<ConnectionOptions>.self, forKey: VerbOption.Key("connection"))
    }

    mutating func run() async throws {
        let spec = Self.verb.spec
        if let tenant = try VerbOption.tenant(for: spec, of: options) { values["tenant"] = tenant }
        let arguments = spec.arguments.compactMap { argument in values[argument.name].map { (argument.name, $0) } }
        try await VerbRun(spec: spec, arguments: arguments, options: options).run()
    }
}

extension VerbCommand: CustomReflectable {
    var customMirror: Mirror {
        let children = definitions.map { (label: $0.key.stringValue as String?, value: $0.definition as Any) }
        return Mirror(self, children: children + [(label: "connection", value: connection as Any)])
    }
}
