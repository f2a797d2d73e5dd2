import CLibPQ

/// The result of one statement: its rows, in binary form, read by row and column index from 0.
///
/// Every reader throws an error of kind `.decoding`, and never traps, where row or column is out of range or the
/// column's type does not fit. Integers may be read as wider ones, and as narrower ones where the value fits.
package struct Rows: Sendable {
    /// How many rows were returned.
    package let count: Int
    package let columnCount: Int
    private let result: ResultHandle

    init(_ result: ResultHandle) {
        self.result = result
        count = Int(PQntuples(result.pointer))
        columnCount = Int(PQnfields(result.pointer))
    }

    /// How many rows the statement returned, inserted, updated or deleted; 0 for statements that do none of it.
    package var affectedCount: Int {
        PQcmdTuples(result.pointer).flatMap { Int(String(cString: $0)) } ?? 0
    }

    package func columnIndex(_ name: String) throws(PostgresError) -> Int {
        for column in 0..<columnCount where columnName(column) == name { return column }
        let known = (0..<columnCount).map(columnName).joined(separator: ", ")
        throw PostgresError(kind: .decoding, message: "there is no column \"\(name)\" among: \(known)")
    }

    package func isNull(_ row: Int, _ column: Int) throws(PostgresError) -> Bool {
        try checkBounds(row, column)
        return PQgetisnull(result.pointer, Int32(row), Int32(column)) != 0
    }

    // MARK: Values that may be NULL

    package func optionalBool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool? {
        try decode(row, column, "bool") { $0.bool }
    }

    package func optionalInt2(_ row: Int, _ column: Int) throws(PostgresError) -> Int16? {
        try decode(row, column, "int2") { $0.integer.flatMap { Int16(exactly: $0) } }
    }

    package func optionalInt4(_ row: Int, _ column: Int) throws(PostgresError) -> Int32? {
        try decode(row, column, "int4") { $0.integer.flatMap { Int32(exactly: $0) } }
    }

    package func optionalInt8(_ row: Int, _ column: Int) throws(PostgresError) -> Int64? {
        try decode(row, column, "int8") { $0.integer }
    }

    package func optionalText(_ row: Int, _ column: Int) throws(PostgresError) -> String? {
        try decode(row, column, "text") { $0.text }
    }

    package func optionalBytes(_ row: Int, _ column: Int) throws(PostgresError) -> [UInt8]? {
        try decode(row, column, "bytea") { $0.byteArray }
    }

    /// Days since 1970-01-01.
    package func optionalDay(_ row: Int, _ column: Int) throws(PostgresError) -> Int32? {
        try decode(row, column, "a finite date") { $0.day }
    }

    /// Microseconds since 1970-01-01 UTC.
    package func optionalMicroseconds(_ row: Int, _ column: Int) throws(PostgresError) -> Int64? {
        try decode(row, column, "a finite timestamp") { $0.microseconds }
    }

    // MARK: Values that may not be NULL

    package func bool(_ row: Int, _ column: Int) throws(PostgresError) -> Bool {
        try present(optionalBool(row, column), column)
    }

    package func int2(_ row: Int, _ column: Int) throws(PostgresError) -> Int16 {
        try present(optionalInt2(row, column), column)
    }

    package func int4(_ row: Int, _ column: Int) throws(PostgresError) -> Int32 {
        try present(optionalInt4(row, column), column)
    }

    package func int8(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 {
        try present(optionalInt8(row, column), column)
    }

    package func text(_ row: Int, _ column: Int) throws(PostgresError) -> String {
        try present(optionalText(row, column), column)
    }

    package func bytes(_ row: Int, _ column: Int) throws(PostgresError) -> [UInt8] {
        try present(optionalBytes(row, column), column)
    }

    /// Days since 1970-01-01.
    package func day(_ row: Int, _ column: Int) throws(PostgresError) -> Int32 {
        try present(optionalDay(row, column), column)
    }

    /// Microseconds since 1970-01-01 UTC.
    package func microseconds(_ row: Int, _ column: Int) throws(PostgresError) -> Int64 {
        try present(optionalMicroseconds(row, column), column)
    }

    // MARK: Arrays; none of them may be NULL, and only the elements of `optional…s` may be

    package func int2s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int16] {
        try array(row, column, "int2[]") { $0?.integer.flatMap { Int16(exactly: $0) } }
    }

    package func int4s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int32] {
        try array(row, column, "int4[]") { $0?.integer.flatMap { Int32(exactly: $0) } }
    }

    package func int8s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int64] {
        try array(row, column, "int8[]") { $0?.integer }
    }

    package func texts(_ row: Int, _ column: Int) throws(PostgresError) -> [String] {
        try array(row, column, "text[]") { $0?.text }
    }

    /// Days since 1970-01-01.
    package func days(_ row: Int, _ column: Int) throws(PostgresError) -> [Int32] {
        try array(row, column, "date[] without NULL or infinity") { $0?.day }
    }

    package func optionalInt8s(_ row: Int, _ column: Int) throws(PostgresError) -> [Int64?] {
        try array(row, column, "int8[]") { element -> Int64?? in
            guard let element else { return .some(nil) }
            return element.integer.map { .some($0) }
        }
    }
}

extension Rows {
    private func checkBounds(_ row: Int, _ column: Int) throws(PostgresError) {
        guard row >= 0, row < count, column >= 0, column < columnCount else {
            let extent = "\(count) rows of \(columnCount) columns"
            throw PostgresError(kind: .decoding, message: "row \(row), column \(column) is outside of \(extent)")
        }
    }

    /// nil is NULL; that `read` answers nil means that the value does not fit.
    private func decode<Value>(
        _ row: Int, _ column: Int, _ wanted: StaticString, _ read: (BinaryValue) -> Value?
    ) throws(PostgresError) -> Value? {
        guard try !isNull(row, column) else { return nil }
        let value = withExtendedLifetime(result) {
            let length = Int(PQgetlength(result.pointer, Int32(row), Int32(column)))
            let bytes = UnsafeRawBufferPointer(
                start: PQgetvalue(result.pointer, Int32(row), Int32(column)), count: length)
            return read(BinaryValue(bytes: bytes, type: PQftype(result.pointer, Int32(column))))
        }
        guard let value else { throw unreadable(column, "cannot be read as \(wanted)") }
        return value
    }

    private func array<Element>(
        _ row: Int, _ column: Int, _ wanted: StaticString, _ read: (BinaryValue?) -> Element?
    ) throws(PostgresError) -> [Element] {
        try present(decode(row, column, wanted) { $0.elements(read) }, column)
    }

    private func present<Value>(_ value: Value?, _ column: Int) throws(PostgresError) -> Value {
        guard let value else { throw unreadable(column, "is NULL where a value is expected") }
        return value
    }

    private func unreadable(_ column: Int, _ why: String) -> PostgresError {
        let type = PQftype(result.pointer, Int32(column))
        return PostgresError(kind: .decoding, message: "column \"\(columnName(column))\" (type oid \(type)) \(why)")
    }

    private func columnName(_ column: Int) -> String {
        PQfname(result.pointer, Int32(column)).map { String(cString: $0) } ?? ""
    }
}
