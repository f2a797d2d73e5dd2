import Foundation
import Glibc
import TestKit
import Testing

/// The house rules that a compiler does not hold: who may import whom, and words that have no place in the sources.
@Suite struct TidyTests {
    /// What a target may import of the project and of packages. Nothing that is not named here.
    private static let imports: [String: Set<String>] = [
        "LedgerCore": [],
        "LineProtocol": ["LedgerCore"],
        "Postgres": ["CLibPQ"],
        "BookExport": ["Crypto", "LedgerCore", "LineProtocol"],
        "PaymentOrders": ["LedgerCore"],
        "ReconciliationPage": ["LedgerCore", "Reconciling"],
        "Reconciling": ["LedgerCore"],
        "LedgerStore": ["Crypto", "LedgerCore", "LedgerSchema", "Postgres", "Reconciling"],
        "LedgerServer": [
            "Crypto", "LedgerCore", "LedgerStore", "LineProtocol", "Logging", "NIOCore", "NIOPosix", "NIOSSL",
            "ServiceLifecycle", "SwiftASN1",
        ],
        "BankStatements": ["Crypto", "FoundationXML", "LedgerCore", "Yams"],
        "Catalogue": ["LedgerCore", "LineProtocol", "Yams"],
        "CommandLineTool": [
            "ArgumentParser", "BankStatements", "BookExport", "Catalogue", "Crypto", "Histogram", "LedgerCore",
            "LineProtocol",
            "NIOCore", "NIOPosix", "NIOSSL", "NIOTLS", "PaymentOrders", "Reconciling",
            "ReconciliationPage",
        ],
        "grantledger": ["CommandLineTool"],
        "grantledgerd": [
            "ArgumentParser", "Catalogue", "Crypto", "LedgerCore", "LedgerServer", "LedgerStore", "LineProtocol",
            "Logging", "ServiceLifecycle", "Subprocess", "SystemPackage", "UnixSignals",
        ],
    ]
    /// The system's own libraries, which every target but the core may use.
    private static let system: Set<String> = [
        "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Synchronization",
    ]

    private static let banned = ["try!", "as!", "fatalError(", "TODO", "FIXME", "XXX"]

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private static func sources(of target: String) throws -> [(name: String, lines: [Substring])] {
        let folder = root.appendingPathComponent("Sources/\(target)")
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.map { name in
            let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
            return ("\(target)/\(name)", text.split(separator: "\n", omittingEmptySubsequences: false))
        }
    }

    @Test(arguments: imports.keys.sorted()) func targetImportsOnlyWhatItMay(target: String) throws {
        let allowed = (Self.imports[target] ?? []).union(target == "LedgerCore" ? [] : Self.system)
        let files = try Self.sources(of: target)
        #expect(!files.isEmpty)
        for (name, lines) in files {
            for line in lines {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count else { continue }
                let modifiers: Set = ["package", "internal", "@preconcurrency", "@testable"]
                guard words[..<place].allSatisfy({ modifiers.contains(String($0)) }) else { continue }
                #expect(allowed.contains(String(words[place + 1])), "\(name): \(line)")
            }
        }
    }

    @Test(arguments: imports.keys.sorted()) func noSourceHasABannedWord(target: String) throws {
        for (name, lines) in try Self.sources(of: target) {
            for (number, line) in lines.enumerated() {
                for word in Self.banned { #expect(!line.contains(word), "\(name):\(number + 1): \(word)") }
                #expect(line.count <= 120, "\(name):\(number + 1) is longer than 120 characters")
            }
        }
    }

    /// No clock, no randomness and no I/O: the same input always gives the same output.
    @Test func theCoreIsPure() throws {
        for (name, lines) in try Self.sources(of: "LedgerCore") {
            for word in ["Clock", "random", "Random", "print(", "Date()", "Task", "async", "Mutex"] {
                #expect(!lines.contains { $0.contains(word) && !$0.contains("//") }, "\(name): \(word)")
            }
        }
    }

    /// A test that waits for the end of its connection would wait for as long as a daemon of other tests runs.
    @Test func aProgramThatATestStartsInheritsNoConnection() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        let open = try ProgramRun("ls", ["/proc/self/fd"]).output.split(separator: "\n").compactMap { Int32($0) }
        #expect(open.count > 2 && !open.contains(descriptor), "\(open) holds \(descriptor)")
    }
}
