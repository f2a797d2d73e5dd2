import LedgerCore

/// What became of the rows of an import.
struct ImportTally: Equatable {
    var posted = 0
    /// Posted by an earlier run, or before a connection was lost.
    var replayed = 0
    var refused = 0
    /// Sums of the replies' amounts, in fen. A file's sum may pass what the books can hold.
    private var postedFen: Int128 = 0
    private var replayedFen: Int128 = 0

    var rows: Int { posted + replayed + refused }
    var postedAmount: String { Self.yuan(postedFen) }
    var replayedAmount: String { Self.yuan(replayedFen) }

    mutating func accept(amount: Amount?, isReplay: Bool) {
        let fen = Int128((amount ?? .zero).fen)
        if isReplay {
            replayed += 1
            replayedFen += fen
        } else {
            posted += 1
            postedFen += fen
        }
    }

    private static func yuan(_ fen: Int128) -> String {
        let cents = String(fen % 100)
        return "\(fen / 100).\(cents.count < 2 ? "0" : "")\(cents)"
    }

    /// For people.
    func lines(report: String) -> [String] {
        var table = TextTable(columns: [
            .init(title: "", alignment: .left), .init(title: "rows", alignment: .right),
            .init(title: "yuan", alignment: .right),
        ])
        table.add(["posted", String(posted), postedAmount])
        table.add(["replayed", String(replayed), replayedAmount])
        table.add(["refused", String(refused), ""])
        return table.lines + (refused == 0 ? [] : ["The refused rows and the reasons are in \(report)."])
    }

    /// For programs.
    func json(report: String) -> [Field] {
        [
            Field("rows", .number(Int64(rows))), Field("posted", .number(Int64(posted))),
            Field("replayed", .number(Int64(replayed))), Field("refused", .number(Int64(refused))),
            Field("amount", .text(postedAmount)), Field("replayed-amount", .text(replayedAmount)),
            Field("rejects", refused == 0 ? .null : .text(report)),
        ]
    }
}
