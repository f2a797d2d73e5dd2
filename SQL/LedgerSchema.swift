/// The migrations, in order, as they are embedded into the program: it needs no files when it runs.
package enum LedgerSchema {
    package struct Migration: Sendable {
        /// 1, 2, 3 …
        package let number: Int32
        package let name: String
        package let sql: String
    }

    package static let migrations = [
        Migration(number: 1, name: "books", sql: String(decoding: PackageResources._001_books_sql, as: UTF8.self)),
        Migration(number: 2, name: "payees", sql: String(decoding: PackageResources._002_payees_sql, as: UTF8.self)),
        Migration(
            number: 3, name: "principals", sql: String(decoding: PackageResources._003_principals_sql, as: UTF8.self)),
        Migration(
            number: 4, name: "reporting", sql: String(decoding: PackageResources._004_reporting_sql, as: UTF8.self)),
        Migration(
            number: 5, name: "reporting_paths",
            sql: String(decoding: PackageResources._005_reporting_paths_sql, as: UTF8.self)),
        Migration(
            number: 6, name: "known_rows", sql: String(decoding: PackageResources._006_known_rows_sql, as: UTF8.self)),
        Migration(number: 7, name: "returns", sql: String(decoding: PackageResources._007_returns_sql, as: UTF8.self)),
        Migration(number: 8, name: "bank", sql: String(decoding: PackageResources._008_bank_sql, as: UTF8.self)),
        Migration(
            number: 9, name: "write_path", sql: String(decoding: PackageResources._009_write_path_sql, as: UTF8.self)),
    ]
}
