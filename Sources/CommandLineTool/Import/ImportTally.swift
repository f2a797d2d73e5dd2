import LedgerCore

/// What became of the rows of an import.
struct ImportTally: Equatable {
    /// What became of a row that was not refused.
    enum Fate {
        case posted
        /// In a dry run.
        case wouldBePosted
        /// Posted by an earlier run, or before a connection was lost.
        case replayed
    }

    /// Rows of one fate.
    struct Share: Equatable {
        fileprivate(set) var rows = 0
        /// The sum of the replies' amounts, in fen. A file's sum may pass what the books can hold.
        fileprivate var fen: Int128 = 0

        /// In yuan.
        var amount: String {
            let cents = String(fen % 100)
            return "\(fen / 100).\(cents.count < 2 ? "0" : "")\(cents)"
        }
    }

    private(set) var posted = Share()
    private(set) var wouldBePosted = Share()
    private(set) var replayed = Share()
    private(set) var refused = 0

    var rows: Int { posted.rows + wouldBePosted.rows + replayed.rows + refused }

    mutating func accept(_ amount: Amount?, as fate: Fate) {
        let share: WritableKeyPath<ImportTally, Share> =
            switch fate {
            case .posted: \.posted
            case .wouldBePosted: \.wouldBePosted
            case .replayed: \.replayed
            }
        self[keyPath: share].rows += 1
        self[keyPath: share].fen += Int128((amount ?? .zero).fen)
    }

    mutating func refuse() { refused += 1 }

    /// For people.
    func lines(report: String) -> [String] {
        var table = TextTable(columns: [
            .init(title: "", alignment: .left), .init(title: "rows", alignment: .right),
            .init(title: "yuan", alignment: .right),
        ])
        table.add(["posted", String(posted.rows), posted.amount])
        if wouldBePosted.rows > 0 {
            table.add(["would be posted", String(wouldBePosted.rows), wouldBePosted.amount])
        }
        table.add(["replayed", String(replayed.rows), replayed.amount])
        table.add(["refused", String(refused), ""])
        var lines = table.lines
        if wouldBePosted.rows > 0 {
            lines.append("A dry run posts nothing, and judges each row as if it were the only one.")
        }
        if refused > 0 { lines.append("The refused rows and the reasons are in \(report).") }
        return lines
    }

    /// For programs.
    func json(report: String) -> [Field] {
        [
            Field("rows", .number(Int64(rows))), Field("posted", .number(Int64(posted.rows))),
            Field("would-be-posted", .number(Int64(wouldBePosted.rows))),
            Field("replayed", .number(Int64(replayed.rows))), Field("refused", .number(Int64(refused))),
            Field("amount", .text(posted.amount)), Field("would-be-posted-amount", .text(wouldBePosted.amount)),
            Field("replayed-amount", .text(replayed.amount)), Field("rejects", refused == 0 ? .null : .text(report)),
        ]
    }
}
