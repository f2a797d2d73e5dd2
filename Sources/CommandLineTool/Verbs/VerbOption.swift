import ArgumentParser
import Foundation
import LineProtocol

/// One argument of a verb as an option of the command line.
struct VerbOption {
    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    let argument: ArgumentSpec

    /// `TRIAL.BALANCE` is `trial-balance`.
    static func commandName(of verb: Verb) -> String {
        verb.rawValue.lowercased().split(separator: ".").joined(separator: "-")
    }

    /// All arguments of the verb but `tenant`, which every command has.
    static func all(of verb: Verb) -> [VerbOption] {
        verb.spec.arguments.filter { $0.name != "tenant" }.map { VerbOption(argument: $0) }
    }

    /// The tenant to send. A verb that says something about a tenant needs it named; the environment will not do.
    /// Throws ``Misuse`` where the verb needs a tenant and none is named.
    static func tenant(
        for spec: VerbSpec, of options: ConnectionOptions,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Misuse) -> String? {
        guard spec.arguments.contains(where: { $0.id == .tenant }) else { return nil }
        let isAbout = spec.verb == .tenantCreate || spec.verb == .principalCreate
        let tenant = isAbout ? options.tenant : options.tenant(environment: environment)
        guard tenant == nil, spec.needsTenant else { return tenant }
        let command = commandName(of: spec.verb)
        throw Misuse(
            isAbout
                ? "\(command) needs --tenant TENANT, the tenant that it is about"
                : "\(command) needs --tenant TENANT, in whose books it is, or the variable GRANTLEDGER_TENANT")
    }

    /// A message of the protocol in the words of the command line: `--award` for `award=…`, `--amount "x"` for
    /// `amount="x"`.
    static func inOptions(_ message: String, of spec: VerbSpec) -> String {
        message.replacing(#/([a-z-]+)=(…|(?="))/#) { match in
            guard let argument = spec.arguments.first(where: { $0.name == match.1 }) else { return match.0 }
            let name = argument.id == .tenant ? argument.name : VerbOption(argument: argument).optionName
            return "--\(name)\(match.2.isEmpty ? " " : "")"
        }
    }

    var key: Key { Key(optionName) }

    /// `--subject-kind`. An argument that has the name of an option of every command (the `principal` that is created)
    /// gets a word before it.
    var optionName: String {
        ConnectionOptions.names.contains(argument.name) ? "for-\(argument.name)" : argument.name
    }

    /// `yes` where it stands there, left out where it does not.
    private var isFlag: Bool { argument.kind == .choice(["yes", "no"]) && argument.standard == "no" }

    // MARK: For ArgumentParser

    var definition: Any {
        let name = NameSpecification.customLong(optionName)
        if isFlag { return Flag(wrappedValue: false, name: name, help: ArgumentHelp(stringLiteral: help)) }
        let valued = ArgumentHelp(help, valueName: argument.kind.label)
        if argument.isRequired { return Option<String>(name: name, help: valued, completion: completion) }
        return Option<String?>(name: name, help: valued, completion: completion)
    }

    func value(in container: KeyedDecodingContainer<Key>) throws -> String? {
        if isFlag { return try container.decode(Flag<Bool>.self, forKey: key).wrappedValue ? "yes" : nil }
        if argument.isRequired { return try container.decode(Option<String>.self, forKey: key).wrappedValue }
        return try container.decode(Option<String?>.self, forKey: key).wrappedValue
    }

    private var help: String {
        let meaning =
            isFlag && argument.meaning.hasPrefix("yes: ") ? argument.meaning.dropFirst(5) : argument.meaning[...]
        let sentence = meaning.prefix(1).uppercased() + meaning.dropFirst() + "."
        guard !isFlag, let standard = argument.standard else { return sentence }
        return "\(sentence) (default: \(standard))"
    }

    private var completion: CompletionKind? {
        if case .choice(let values) = argument.kind { .list(values) } else { nil }
    }
}
