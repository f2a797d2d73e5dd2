import Foundation
import LedgerCore
import LineProtocol
import Testing

@testable import BookExport

/// Entries as JOURNAL shows them.
enum SampleEntries {
    struct Move {
        let debit: String
        let credit: String
        let yuan: String

        init(_ debit: String, _ credit: String, _ yuan: String) {
            (self.debit, self.credit, self.yuan) = (debit, credit, yuan)
        }
    }

    /// `members` are those that some kinds of entries have, as JSON: `"settles":"E2-6",`.
    static func json(
        _ sequence: Int64, _ verb: String, on date: String, _ yuan: String, key: String? = nil, members: String = "",
        content: String = "{}", _ moves: [Move]
    ) throws -> JSONText {
        let transfers = moves.map { #"{"debit":"\#($0.debit)","credit":"\#($0.credit)","amount":"\#($0.yuan)"}"# }
        let hash = String(repeating: "0", count: 48) + String(format: "%016llx", sequence)
        return try JSONText(
            #"{"entry":"E2-\#(sequence)","seq":\#(sequence),"kind":"\#(verb)","key":"\#(key ?? "k\(sequence)")","#
                + #""date":"\#(date)","posted-at":"2026-11-23T16:02:16.304718Z","amount":"\#(yuan)","#
                + #""principal":"operator",\#(members)"content":\#(content),"#
                + #""transfers":[\#(transfers.joined(separator: ","))],"hash":"\#(hash)"}"#)
    }

    static func entry(_ sequence: Int64, on date: String, _ yuan: String = "1.00", from: String = "a", to: String = "b")
        throws -> JournalEntry
    {
        try JournalEntry(json(sequence, "APPROPRIATE", on: date, yuan, [Move("expense:\(to)", "cash:\(from)", yuan)]))
    }

    /// A journal with every kind of entry, in which a payment comes back; its dates are not in the order of seq.
    static func everyKind() throws -> [JournalEntry] {
        let cap = "cap:province|pilot|P:1"
        let commitment = [
            Move("budget:gen:x:2024:committed", "budget:gen:x:2024:available", "500.00"),
            Move("award:A-1:2024:committed", "award:A-1:2024:granted", "500.00"),
            Move("\(cap):committed", "\(cap):used", "500.00"),
            Move("\(cap):2024-02-01:dated", "award:A-1:1:dated", "500.00"),
        ]
        let payment = [
            Move("budget:gen:x:2024:disbursed", "budget:gen:x:2024:committed", "300.00"),
            Move("award:A-1:2024:disbursed", "award:A-1:2024:committed", "300.00"),
            Move("\(cap):disbursed", "\(cap):committed", "300.00"),
            Move("expense:gen:x", "payable:harbour|acme", "300.00"),
        ]
        let settlement = [Move("payable:harbour|acme", "cash:gen:x", "300.00")]
        let back = (settlement + payment).map { Move($0.credit, $0.debit, $0.yuan) }
        let award = #""award":"A-1","#
        let entries = [
            try json(
                1, "BASIS.SET", on: "2024-01-20", "1000.00",
                content: #"{"scheme":"pilot","subject":"P:1","amount":"1000.00"}"#, []),
            try json(
                2, "APPROPRIATE", on: "2024-01-05", "900.00",
                [Move("budget:gen:x:2024:available", "budget:gen:x:2024:appropriated", "900.00")]),
            try json(
                3, "CARRY", on: "2024-01-06", "100.00",
                [
                    Move("budget:gen:x:2023:appropriated", "budget:gen:x:2023:available", "100.00"),
                    Move("budget:gen:x:2024:available", "budget:gen:x:2024:appropriated", "100.00"),
                ]),
            try json(
                4, "COMMIT", on: "2024-02-01", "500.00", members: award,
                content: #"{"award":"A-1","scheme":"pilot","subject":"P:1","incurred":"2024-01-31"}"#, commitment),
            try json(
                5, "RESCHEDULE", on: "2024-02-02", "50.00", members: award,
                [Move("award:A-1:2025:committed", "award:A-1:2024:committed", "50.00")]),
            try json(
                6, "DISBURSE", on: "2024-02-03", "300.00", key: #"pay, \"6\" 50%: \\ 银行"#,
                members: award + #""party":"acme","settled-by":"E2-8","reversed-by":"E2-11","#,
                content: #"{"award":"A-1","amount":"300.00","ref":"ICBC: 77, \"x\""}"#, payment),
            try json(
                7, "RELEASE", on: "2024-02-04", "20.00", members: award,
                [
                    Move("budget:gen:x:2024:available", "budget:gen:x:2024:committed", "20.00"),
                    Move("\(cap):used", "\(cap):committed", "20.00"),
                ]),
            try json(8, "SETTLE", on: "2024-02-05", "300.00", members: #""settles":"E2-6","#, settlement),
            try json(
                9, "RECOVER", on: "2024-02-05", "10.00", members: award,
                [
                    Move("\(cap):forfeited", "\(cap):disbursed", "10.00"),
                    Move("receivable:harbour|acme", "expense:gen:x", "10.00"),
                ]),
            try json(
                10, "REVERSE", on: "2024-02-05", "20.00", members: award + #""reverses":"E2-7","#,
                [
                    Move("budget:gen:x:2024:committed", "budget:gen:x:2024:available", "20.00"),
                    Move("\(cap):committed", "\(cap):used", "20.00"),
                ]),
            try json(
                11, "RETURN", on: "2024-03-01", "300.00", members: award + #""returns":"E2-6","#,
                content: #"{"entry":"E2-6","date":"2024-03-01","ref":"ICBC-91"}"#, back),
        ]
        return try entries.map { try JournalEntry($0) }
    }

    /// A directory of its own, which the caller removes.
    static func directory() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "grantledger-books-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// The books as text. `memory` in bytes is what may wait before it is written out.
    static func books(
        _ entries: [JournalEntry], _ format: BookFormat, memory: Int = 1 << 20, mostCounts: Int = 1_000
    ) throws -> (text: String, totals: BookTotals) {
        var settings = BookWriter.Settings(tenant: "harbour", format: format, directory: NSTemporaryDirectory())
        settings.memory = memory
        settings.mostCounts = mostCounts
        var writer = BookWriter(settings)
        for entry in entries { try writer.add(entry) }
        var bytes: [UInt8] = []
        let totals = try writer.finish(write: { bytes += $0 })
        return (String(decoding: bytes, as: UTF8.self), totals)
    }
}
