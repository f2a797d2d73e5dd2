import LineProtocol

/// The first row of an import file: which column holds which argument.
struct ImportHeader: Sendable, Equatable {
    /// What a report of refused rows puts before the columns; passed over where such a report is imported again.
    static let reportColumns = ["line", "code", "message"]

    /// How many columns stand before the file's own: those of a report of refused rows, or none.
    let reportColumnCount: Int
    /// The names of the file's own columns, as the file has them.
    let titles: [String]
    /// The argument in each column, the report's included; nil where the column is passed over.
    let arguments: [String?]
    let verbColumn: Int?
    let defaultVerb: Verb

    /// Throws ``Misuse`` with everything that is wrong with the names at once.
    init(titles: [String], defaultVerb: Verb, hasTenant: Bool) throws(Misuse) {
        let names = titles.map { $0.trimming(" ").lowercased() }
        let verbColumn = names.firstIndex(of: "verb")
        let verbs = verbColumn == nil ? [defaultVerb] : Verb.allCases.filter(\.mayBeImported)
        let known = Set(verbs.flatMap { $0.spec.arguments.map(\.name) })

        reportColumnCount = names.starts(with: Self.reportColumns) ? Self.reportColumns.count : 0
        let reportColumns = 0..<reportColumnCount
        let arguments = names.enumerated().map { index, name in
            index == verbColumn || reportColumns.contains(index) ? nil : name
        }
        var problems: [String] = []
        for (index, name) in names.enumerated() {
            if arguments[index] != nil, !known.contains(name) {
                problems.append("column \(index + 1) \"\(titles[index])\" is no argument of \(Self.list(verbs))")
            } else if let first = names.firstIndex(of: name), first < index {
                problems.append("columns \(first + 1) and \(index + 1) are both \"\(name)\"")
            }
        }
        let present = Set(arguments.compactMap(\.self))
        if verbColumn == nil {
            for argument in defaultVerb.spec.arguments where argument.isRequired && !present.contains(argument.name) {
                if argument.name == "tenant", hasTenant { continue }
                let remedy = argument.name == "tenant" ? "; add it or give --tenant" : ""
                problems.append("\(defaultVerb.rawValue) needs a column \"\(argument.name)\"\(remedy)")
            }
        } else if !present.contains("tenant"), !hasTenant {
            problems.append("there is no column \"tenant\"; add it or give --tenant")
        }
        guard problems.isEmpty else {
            let arguments = verbs.count == 1 ? "\nThe line of the protocol is: \(defaultVerb.spec.usage)" : ""
            throw Misuse("line 1: " + problems.joined(separator: "\nline 1: ") + arguments)
        }
        self.titles = Array(titles[reportColumns.upperBound...])
        self.arguments = arguments
        self.verbColumn = verbColumn
        self.defaultVerb = defaultVerb
    }

    /// The cells of a row's own columns.
    func ownFields(of record: CSVRecord) -> [String] { Array(record.fields.dropFirst(reportColumnCount)) }

    private static func list(_ verbs: [Verb]) -> String {
        verbs.count == 1 ? verbs[0].rawValue : "any verb that can be imported"
    }
}

extension VerbSpec {
    var needsTenant: Bool { arguments.contains { $0.id == .tenant && $0.isRequired } }
}

extension Verb {
    /// A row may be sent again after a lost connection: postings carry a key, registrations may be repeated.
    var mayBeImported: Bool {
        switch spec.kind {
        case .posting, .registration: self != .principalCreate && self != .principalRevoke
        case .bank: self == .fundPut
        case .query, .session: false
        }
    }
}

extension String {
    /// Without these characters at both ends.
    func trimming(_ character: Character) -> String {
        var text = self[...]
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
