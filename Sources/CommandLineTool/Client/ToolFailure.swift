import ArgumentParser
import Foundation
import LedgerCore
import LineProtocol
import NIOCore
import NIOPosix
import NIOSSL

/// How the tool tells its caller what happened: the exit codes of sysexits.h where there is one.
enum ToolExit {
    static let refused = ExitCode(1)
    static let misused = ExitCode(64)
    static let unreachable = ExitCode(69)
}

/// What ends the tool with a message of its own and an exit code.
protocol ToolFailure: Error, CustomStringConvertible {
    var exitCode: ExitCode { get }
}

/// The command line, or a file it names, is wrong.
struct Misuse: ToolFailure {
    let description: String
    var exitCode: ExitCode { ToolExit.misused }

    init(_ description: String) { self.description = description }
}

/// Nobody answers at the address.
struct Unreachable: ToolFailure {
    let address: DaemonAddress
    let reason: String
    /// What to do now; nil where the reason says it.
    var remedy: String? = "Start one with deploy/run, or name the one to ask with --unix PATH or --tcp HOST:PORT."
    var exitCode: ExitCode { ToolExit.unreachable }

    var description: String {
        "no daemon answers at \(address): \(reason)" + (remedy.map { "\n\($0)" } ?? "")
    }
}

/// The connection ended between a request and its reply.
struct Unanswered: ToolFailure {
    let address: DaemonAddress
    let reason: String
    /// What to do now.
    let remedy: String
    var exitCode: ExitCode { ToolExit.unreachable }

    var description: String {
        """
        the daemon at \(address) did not answer: \(reason)
        \(remedy)
        """
    }
}

/// The daemon refused what the tool needs to go on.
struct RefusedByDaemon: ToolFailure {
    let description: String
    /// Whether the same may be sent again.
    let isTemporary: Bool
    var exitCode: ExitCode { ToolExit.refused }

    /// nil where the reply is no refusal.
    init?(_ reply: Reply) {
        guard let code = reply.code else { return nil }
        description = "\(code): \(printable(reply.message))"
        isTemporary = code == RefusalCode.overloaded.name || code == RefusalCode.unavailable.name
    }
}

/// What went wrong with a connection, in words.
enum ConnectionFailure {
    static func text(of error: any Error) -> String {
        switch error {
        case let error as IOError:
            String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { text(of: $0.error) } ?? "the host \(error.host) is not known"
        case ChannelError.connectTimeout:
            "it did not accept the connection in time"
        case ChannelError.ioOnClosedChannel, ChannelError.eof, ChannelError.alreadyClosed, ChannelError.outputClosed,
            NIOSSLError.uncleanShutdown:
            "the connection was closed"
        case SocketAddressError.unixDomainSocketPathTooLong:
            "the path of the socket is too long for the system"
        default:
            String(describing: error)
        }
    }
}
