import Reconciling

/// A page as it grows. Marks can only be written in the program's own text: whatever comes from outside goes through
/// ``text(_:)`` and is escaped there.
struct Markup {
    private(set) var html = ""

    mutating func raw(_ marks: StaticString) {
        marks.withUTF8Buffer { html += String(decoding: $0, as: UTF8.self) }
    }

    /// Characters that nobody could see, or that turn the direction of writing, are shown as `�`.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case ">": html += "&gt;"
            case "\"": html += "&quot;"
            case "'": html += "&#39;"
            default: html.unicodeScalars.append(Self.isVisible(scalar) ? scalar : "\u{FFFD}")
            }
        }
    }

    /// `1,234`.
    mutating func number(_ number: Int) { html += Self.grouped(String(number)) }

    /// Without grouping: what an attribute has.
    mutating func plain(_ number: some BinaryInteger) { html += String(number) }

    /// Tenths as a decimal: 125 is `12.5`.
    mutating func tenths(_ number: Int) { html += "\(number / 10).\(number % 10)" }

    /// Yuan: `-1,234,567.89`.
    mutating func money(_ total: Total) { html += Self.grouped(total.description) }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: !scalar.properties.isNoncharacterCodePoint
        }
    }

    /// Commas between thousands of the part before the point.
    static func grouped(_ number: String) -> String {
        let whole = number.prefix { $0 != "." }
        let digits = whole.drop { $0 == "-" }
        var text = whole.first == "-" ? "−" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return text + number.dropFirst(whole.count)
    }
}
