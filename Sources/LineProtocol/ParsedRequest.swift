package import LedgerCore

/// A request whose every argument is right by itself; whether the books allow it is not yet asked.
package enum ParsedRequest: Sendable, Hashable {
    case command(Command)
    /// `wait` in milliseconds: how long a JOURNAL holds its reply until there is an entry.
    case query(Query, wait: Int64?)
    case bank(BankRequest)
    case session(SessionRequest)
}

/// What concerns the connection, and who may use it.
package enum SessionRequest: Sendable, Hashable {
    case use(tenant: String)
    case ping(String?)
    /// The name of a verb, in capitals.
    case help(verb: Verb?)
    case status
    case whoami
    case multi
    case exec
    case discard
    case authenticate(Credentials)
    case hello(version: Int?, credentials: Credentials?, name: String?)
    /// Any bytes at all, as a RESP array may carry them.
    case echo([UInt8])
    case reset
    case select(String)
    /// A subcommand in capitals, and its words.
    case client(String, [String])
    case commandTable
    /// The verbs asked for; all where empty.
    case commandDocs([String])
    case info
    case configGet([String])
    case quit
    case createPrincipal(Principal)
    case rotatePrincipal(String)
    case revokePrincipal(String)
    case principals
    case seal(tenant: String)

    package var verb: Verb {
        switch self {
        case .use: .use
        case .ping: .ping
        case .help: .help
        case .status: .status
        case .whoami: .whoami
        case .multi: .multi
        case .exec: .exec
        case .discard: .discard
        case .authenticate: .auth
        case .hello: .hello
        case .echo: .echo
        case .reset: .reset
        case .select: .select
        case .client: .client
        case .commandTable, .commandDocs: .command
        case .info: .info
        case .configGet: .config
        case .quit: .quit
        case .createPrincipal: .principalCreate
        case .rotatePrincipal: .principalRotate
        case .revokePrincipal: .principalRevoke
        case .principals: .principals
        case .seal: .seal
        }
    }
}

package struct Credentials: Sendable, Hashable {
    /// nil where only a token was sent.
    package let principal: String?
    package let token: String

    package init(principal: String?, token: String) {
        self.principal = principal
        self.token = token
    }
}
