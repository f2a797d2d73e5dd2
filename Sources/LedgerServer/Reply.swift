package import LedgerCore
package import LineProtocol

/// What a request is answered with, before it is written.
package enum Reply: Sendable, Hashable {
    case outcome(Outcome)
    /// To EXEC.
    case verdict(Verdict)
    /// One that was written when it was found; it refuses nothing.
    case written([UInt8])
    /// To what Redis clients send of themselves.
    case value(RespValue, RespVersion)

    package static func refused(_ refusal: Refusal) -> Reply { .outcome(.refused(refusal)) }
    package static func simple(_ value: RespValue) -> Reply { .value(value, .two) }

    /// Why it refuses, where it does.
    package var refusal: Refusal? {
        switch self {
        case .outcome(let outcome), .verdict(.one(let outcome)): outcome.refusal
        case .verdict(.aborted(_, let refusal)): refusal
        case .verdict(.all), .verdict(.unfinished), .written, .value: nil
        }
    }

    package func encode(into bytes: inout [UInt8]) {
        switch self {
        case .outcome(let outcome): ReplyEncoder.encode(outcome, into: &bytes)
        case .verdict(let verdict): ReplyEncoder.encode(verdict, into: &bytes)
        case .written(let written): bytes.append(contentsOf: written)
        case .value(let value, let version): value.encode(version, into: &bytes)
        }
    }
}
