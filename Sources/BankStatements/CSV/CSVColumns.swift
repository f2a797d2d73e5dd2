/// Where the columns of a mapping are in one file, by its header.
struct CSVColumns {
    /// How many fields each record has.
    private let width: Int
    private let places: [CSVMapping.Field: [Int]]

    /// `first` is the header, or the first record where there is none.
    init(mapping: CSVMapping, first: CSVRecords.Record) throws(StatementError) {
        let names = first.fields.map { FieldText.normalized($0) ?? "" }
        width = Self.width(names)
        var places: [CSVMapping.Field: [Int]] = [:]
        for field in CSVMapping.Field.allCases {
            guard let columns = mapping.columns[field] else { continue }
            places[field] = try columns.map { column throws(StatementError) in
                switch column {
                case .index(let index):
                    guard index < first.fields.count else {
                        throw StatementError(
                            .mapping, line: first.line, "the file has \(first.fields.count) columns",
                            value: "\(field.rawValue): \(index + 1)", "correct the mapping's columns")
                    }
                    return index
                case .name(let name):
                    let matches = names.indices.filter { names[$0] == name }
                    guard matches.count == 1, let index = matches.first else {
                        throw StatementError(
                            .mapping, line: first.line,
                            matches.isEmpty
                                ? "the file has no such column" : "the file has \(matches.count) columns of this name",
                            value: name, "correct columns or skip-lines in the mapping")
                    }
                    return index
                }
            }
        }
        self.places = places
    }

    /// The value of `field` in a record, normalized; nil where it is empty or the mapping has no such column.
    func value(_ field: CSVMapping.Field, in record: CSVRecords.Record) -> String? {
        FieldText.joined((places[field] ?? []).map { FieldText.normalized(record.fields[$0]) })
    }

    /// A record with a delimiter too many or too few has its values in the wrong columns.
    func checkWidth(of record: inout CSVRecords.Record) throws(StatementError) {
        let count = Self.width(record.fields)
        guard count <= width, record.fields.count >= width else {
            throw StatementError(
                .syntax, line: record.line, "a record with \(record.fields.count) fields where there are \(width)",
                value: record.fields.first, "check its delimiters and quotes")
        }
    }

    /// Empty fields at the end are delimiters too many, which some programs write.
    private static func width(_ fields: [String]) -> Int {
        (fields.lastIndex { !$0.isEmpty } ?? -1) + 1
    }
}
