import ArgumentParser

/// The first thing in an export that is not as the ledger wrote it.
struct Disproof: ToolFailure, Equatable {
    enum Wrong: String {
        /// Its content, or the hash beside it, is not what was posted.
        case changed
        case missing
        /// It stands somewhere else.
        case swapped
        /// It does not belong where it stands.
        case inserted
        /// It moves nothing, or from an account to itself.
        case unsound
        /// A seal does not fit it, or is not by the key.
        case seal
        /// The file ends before its end.
        case cut
        /// No seal stands for any of it.
        case unsealed
    }

    let wrong: Wrong
    /// The entry's name: `E2-42`.
    let entry: String
    /// On which it stands, or should stand; nil where it is not about the file.
    let line: Int?
    let reason: String

    var exitCode: ExitCode { ToolExit.refused }

    var description: String { "\(entry)\(line.map { ", line \($0)" } ?? ""): \(wrong.rawValue): \(reason)" }
}
