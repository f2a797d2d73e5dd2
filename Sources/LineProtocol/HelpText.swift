package import LedgerCore

/// What HELP answers.
package enum HelpText {
    /// All verbs by kind, or one of them with its arguments.
    package static func help(verb: Verb?) -> [Field] {
        guard let spec = verb?.spec else {
            return [
                Field("usage", .text("VERB name=value name=\"quoted value\" …; HELP verb tells more")),
                Field("verbs", .list(VerbTable.all.map { .object(overview(of: $0)) })),
            ]
        }
        return overview(of: spec) + [
            Field("usage", .text(spec.usage)),
            Field("arguments", .list(spec.arguments.map { .object(fields(of: $0)) })),
            Field("example", .text(spec.example)),
        ]
    }

    private static func overview(of spec: VerbSpec) -> [Field] {
        [
            Field("verb", .text(spec.name)), Field("kind", .text(spec.kind.rawValue)),
            Field("summary", .text(spec.summary)),
        ]
    }

    private static func fields(of argument: ArgumentSpec) -> [Field] {
        var fields = [
            Field("name", .text(argument.name)), Field("required", .flag(argument.isRequired)),
            Field("expects", .text(argument.kind.expectation)), Field("meaning", .text(argument.meaning)),
        ]
        if let standard = argument.standard { fields.append(Field("default", .text(standard))) }
        return fields
    }
}
