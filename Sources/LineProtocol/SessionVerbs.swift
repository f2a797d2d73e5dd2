extension VerbSpec {
    static let use = VerbSpec(
        .use, .session, "Sets the tenant of the requests that follow on this connection.",
        [.required(.tenant, .identifier, "the tenant that they leave out")],
        example: "USE tenant=lingang")

    static let multi = VerbSpec(
        .multi, .session, "Begins a voucher: postings are queued until EXEC.", [], example: "MULTI")

    static let exec = VerbSpec(
        .exec, .session, "Posts all that was queued since MULTI, or none of it.", [], example: "EXEC")

    static let discard = VerbSpec(
        .discard, .session, "Forgets all that was queued since MULTI.", [], example: "DISCARD")

    static let whoami = VerbSpec(
        .whoami, .session, "Shows who speaks on this connection, and what it may do.", [], example: "WHOAMI")

    static let status = VerbSpec(
        .status, .session, "Shows the daemon's version, its database and where it listens.", [], example: "STATUS")

    static let help = VerbSpec(
        .help, .session, "Lists the verbs, or describes one of them.",
        [.optional(.verb, .name, "the verb to describe")], isPositional: true, example: "HELP COMMIT")

    static let ping = VerbSpec(
        .ping, .session, "Answers PONG, or the message.",
        [.optional(.message, .text, "sent back as it is")], isPositional: true, example: "PING")

    static let auth = VerbSpec(
        .auth, .session, "Says who speaks.",
        [
            .optional(.principal, .identifier, "who speaks; may be left out"),
            .required(.token, .name, "the token that PRINCIPAL.CREATE showed"),
        ], isPositional: true, example: "AUTH alice 0b6f5b2d")

    static let hello = VerbSpec(
        .hello, .session, "Chooses the version of RESP in which Redis clients are answered.",
        [
            .optional(.protocolVersion, .choice(["2", "3"]), "the version of RESP"),
            .optional(.credentials, .name, "AUTH, a principal and its token"),
            .optional(.connectionName, .name, "SETNAME and a name for this connection"),
        ], isPositional: true, example: "HELLO 3 AUTH alice 0b6f5b2d SETNAME payroll")

    static let echo = VerbSpec(
        .echo, .session, "Sends the message back.",
        [.required(.message, .text, "any bytes")], isPositional: true, example: "ECHO hello")

    static let reset = VerbSpec(
        .reset, .session, "Brings the connection back to where it began.", [], isPositional: true, example: "RESET")

    static let select = VerbSpec(
        .select, .session, "Accepts database 0, the only one, from Redis clients.",
        [.required(.database, .number(0...0), "always 0")], isPositional: true, example: "SELECT 0")

    static let client = VerbSpec(
        .client, .session, "Answers what Redis clients say about themselves.",
        [
            .required(.subcommand, .name, "SETNAME, GETNAME, SETINFO, ID, INFO, …"),
            .optional(.parameter, .text, "what the subcommand needs"),
        ], isPositional: true, example: "CLIENT SETNAME payroll")

    static let command = VerbSpec(
        .command, .session, "Describes the verbs to Redis clients.",
        [
            .optional(.subcommand, .choice(["DOCS"]), "DOCS: with their arguments"),
            .optional(.verb, .name, "only these verbs"),
        ], isPositional: true, example: "COMMAND DOCS")

    static let info = VerbSpec(
        .info, .session, "Describes the daemon to Redis clients.",
        [.optional(.section, .name, "accepted and not looked at")], isPositional: true, example: "INFO")

    static let config = VerbSpec(
        .config, .session, "Answers the settings that Redis clients ask for.",
        [
            .required(.subcommand, .choice(["GET"]), "GET"),
            .required(.parameter, .name, "the setting, or a pattern with *"),
        ], isPositional: true, example: "CONFIG GET save")

    static let quit = VerbSpec(
        .quit, .session, "Ends the connection after the replies that are due.", [], isPositional: true, example: "QUIT")
}
