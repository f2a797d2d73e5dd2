/// Why a statement is refused: where, what is wrong, the value, and what to do; a single line of text.
package struct StatementError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Not a statement of a kind that is read here.
        case format
        /// A declaration that may stand for other text: DOCTYPE, ENTITY.
        case declaration
        case encoding
        /// Not well-formed.
        case syntax
        /// The file ends too early.
        case truncated
        /// Above a limit that bounds memory.
        case tooLarge
        /// Something that must be there is not.
        case missing
        case amount
        case date
        /// A code or number that is not one of those that may stand there.
        case value
        case currency
        /// Opening balance, lines and closing balance do not agree.
        case balance
        /// A line outside the statement's period.
        case period
        /// The statement does not follow the one before.
        case succession
        /// The mapping file of a CSV statement is wrong, or does not fit the file.
        case mapping
    }

    package let kind: Kind
    /// The line of the statement's file, or of the mapping file where ``kind`` is ``Kind/mapping``; counted from 1.
    package internal(set) var line: Int?
    package let problem: String
    package let value: String?
    package let remedy: String

    init(_ kind: Kind, line: Int? = nil, _ problem: String, value: String? = nil, _ remedy: String) {
        self.kind = kind
        self.line = line
        self.problem = problem
        self.value = value
        self.remedy = remedy
    }

    package var description: String {
        let place = line.map { "line \($0): " } ?? ""
        let shown = value.map { ": \(Self.quoted($0))" } ?? ""
        return "\(place)\(problem)\(shown); \(remedy)"
    }

    /// This error, at `line` unless it has a line already.
    func at(_ line: Int) -> StatementError {
        var placed = self
        placed.line = self.line ?? line
        return placed
    }

    /// At most 60 characters, and nothing in them that would begin a new line or move a cursor.
    static func quoted(_ value: String) -> String {
        var shown = "\""
        for (count, scalar) in value.unicodeScalars.enumerated() {
            if count == 60 { return shown + "…\"" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown + "\""
    }
}
