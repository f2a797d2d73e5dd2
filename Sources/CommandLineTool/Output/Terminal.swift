import Foundation
import LedgerCore
import LineProtocol

/// Standard output and standard error. A reader that has gone away is none of the tool's business.
enum Terminal {
    static func write(_ lines: [String]) {
        try? FileHandle.standardOutput.write(contentsOf: Data(lines.map { $0 + "\n" }.joined().utf8))
    }

    static func writeError(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}

/// One line of JSON, as a daemon would write it.
func jsonLine(_ fields: [Field]) -> String {
    var bytes: [UInt8] = []
    ReplyEncoder.encode(.answered(fields), into: &bytes)
    return String(decoding: bytes.dropFirst().dropLast(2), as: UTF8.self)
}
