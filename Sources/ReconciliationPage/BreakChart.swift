import Reconciling

/// Open breaks as bars, one for each kind, each in parts by age. Labels stand above the bars, so that the chart can be
/// read on a telephone as on paper.
struct BreakChart {
    /// Of the drawing, in its own units.
    static let width = 400
    private static let rowHeight = 46
    private static let barHeight = 20
    /// No part is drawn narrower, in tenths of a unit: one old break beside thousands of new ones must be seen.
    private static let leastPart = 20

    let counts: [BreakKind: [BreakAge: Int]]

    /// `counts` of breaks.
    init(_ breaks: [BreakTally]) {
        var counts: [BreakKind: [BreakAge: Int]] = [:]
        for tally in breaks { counts[tally.kind, default: [:]][tally.age, default: 0] += tally.count }
        self.counts = counts
    }

    func total(_ kind: BreakKind) -> Int { (counts[kind] ?? [:]).values.reduce(0, +) }
    var total: Int { BreakKind.allCases.map(total).reduce(0, +) }

    func write(to page: inout Markup) {
        page.raw("<svg role=\"img\" aria-labelledby=\"chart-title chart-text\" viewBox=\"0 0 ")
        page.plain(Self.width)
        page.raw(" ")
        page.plain(Self.rowHeight * BreakKind.allCases.count)
        page.raw(
            "\" xmlns=\"http://www.w3.org/2000/svg\">\n<title id=\"chart-title\">Open breaks by kind and age</title>\n")
        writeDescription(to: &page)
        for (row, kind) in BreakKind.allCases.enumerated() { write(kind, row, to: &page) }
        page.raw("</svg>\n")
    }

    private func writeDescription(to page: inout Markup) {
        page.raw("<desc id=\"chart-text\">")
        for kind in BreakKind.allCases {
            page.raw(kind.name)
            page.raw(": ")
            page.number(total(kind))
            for age in BreakAge.allCases {
                guard let count = counts[kind]?[age], count > 0 else { continue }
                page.raw("; ")
                page.raw(age.name)
                page.raw(" ")
                page.number(count)
            }
            page.raw(". ")
        }
        page.raw("</desc>\n")
    }

    private func write(_ kind: BreakKind, _ row: Int, to page: inout Markup) {
        let top = row * Self.rowHeight
        page.raw("<text x=\"0\" y=\"")
        page.plain(top + 15)
        page.raw("\">")
        page.raw(kind.name)
        page.raw("</text><text class=\"end\" x=\"400\" y=\"")
        page.plain(top + 15)
        page.raw("\">")
        page.number(total(kind))
        page.raw("</text>\n<rect class=\"track\" x=\"0\" y=\"")
        page.plain(top + 21)
        page.raw("\" width=\"400\" height=\"")
        page.plain(Self.barHeight)
        page.raw("\"/>\n")
        var left = 0
        for (age, width) in parts(of: kind) {
            page.raw("<rect class=\"")
            page.raw(age.style)
            page.raw("\" x=\"")
            page.tenths(left)
            page.raw("\" y=\"")
            page.plain(top + 21)
            page.raw("\" width=\"")
            page.tenths(width)
            page.raw("\" height=\"")
            page.plain(Self.barHeight)
            page.raw("\"><title>")
            page.raw(kind.name)
            page.raw(", ")
            page.raw(age.name)
            page.raw(": ")
            page.number(counts[kind]?[age] ?? 0)
            page.raw("</title></rect>\n")
            left += width
        }
    }

    /// The widths of a bar's parts in tenths of a unit; the longest bar is as wide as the drawing.
    func parts(of kind: BreakKind) -> [(age: BreakAge, width: Int)] {
        let longest = BreakKind.allCases.map(total).max() ?? 0
        let room = Self.width * 10 - BreakAge.allCases.count * Self.leastPart
        return BreakAge.allCases.compactMap { age in
            guard let count = counts[kind]?[age], count > 0 else { return nil }
            return (age, Self.leastPart + Int(Int128(count) * Int128(room) / Int128(longest)))
        }
    }
}
