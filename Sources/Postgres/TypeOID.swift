/// Object identifiers of the built-in types that this library speaks; they never change between versions of PostgreSQL
/// (`src/include/catalog/pg_type.dat`).
enum TypeOID {
    /// The server infers the type from the statement.
    static let unspecified: UInt32 = 0

    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let date: UInt32 = 1082
    static let timestamp: UInt32 = 1114
    static let timestamptz: UInt32 = 1184

    static let bools: UInt32 = 1000
    static let byteas: UInt32 = 1001
    static let int2s: UInt32 = 1005
    static let int4s: UInt32 = 1007
    static let texts: UInt32 = 1009
    static let int8s: UInt32 = 1016
    static let dates: UInt32 = 1182
    static let timestamptzs: UInt32 = 1185

    /// Types made by `CREATE TYPE` and extensions are numbered from here.
    static let firstUserDefined: UInt32 = 16_384

    /// Whether the binary form of the type is its text: strings, json, and user-defined types such as enums.
    static func isTextual(_ type: UInt32) -> Bool {
        switch type {
        case text, varchar, bpchar, name, char, json, unknown: true
        default: type >= firstUserDefined
        }
    }
}
