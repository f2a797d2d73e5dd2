import Foundation

/// The encoding of files from Chinese banks.
enum GB18030 {
    static func encode(_ text: String) -> [UInt8] {
        text.data(using: String.Encoding(rawValue: 0x8000_0632)).map(Array.init) ?? []
    }
}
