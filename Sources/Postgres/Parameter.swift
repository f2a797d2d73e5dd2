/// A value that goes to the server in binary form, with its type, so that the planner needs no casts.
///
/// Dates are days since 1970-01-01; timestamps are microseconds since 1970-01-01 UTC and become `timestamptz`. Plural
/// cases are one-dimensional arrays; the `optional…s` ones may have NULL elements.
package enum Parameter: Sendable, Equatable {
    /// NULL of whatever type the statement asks for.
    case null
    case bool(Bool)
    case int2(Int16)
    case int4(Int32)
    case int8(Int64)
    case text(String)
    case bytea([UInt8])
    case date(Int32)
    case timestamp(Int64)

    case bools([Bool])
    case int2s([Int16])
    case int4s([Int32])
    case int8s([Int64])
    case texts([String])
    case byteas([[UInt8]])
    case dates([Int32])
    case timestamps([Int64])

    case optionalInt4s([Int32?])
    case optionalInt8s([Int64?])
    case optionalTexts([String?])
    case optionalDates([Int32?])

    /// Of a composite type, which the statement names.
    case rows(RowArray)
}

extension Parameter {
    var type: UInt32 {
        switch self {
        case .null, .rows: TypeOID.unspecified
        case .bool: TypeOID.bool
        case .int2: TypeOID.int2
        case .int4: TypeOID.int4
        case .int8: TypeOID.int8
        case .text: TypeOID.text
        case .bytea: TypeOID.bytea
        case .date: TypeOID.date
        case .timestamp: TypeOID.timestamptz
        case .bools: TypeOID.bools
        case .int2s: TypeOID.int2s
        case .int4s, .optionalInt4s: TypeOID.int4s
        case .int8s, .optionalInt8s: TypeOID.int8s
        case .texts, .optionalTexts: TypeOID.texts
        case .byteas: TypeOID.byteas
        case .dates, .optionalDates: TypeOID.dates
        case .timestamps: TypeOID.timestamptzs
        }
    }

    /// Appends the binary form without its length; NULL has none.
    func encode(into bytes: inout [UInt8]) {
        switch self {
        case .null: break
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int2(let value): bytes.appendBigEndian(value)
        case .int4(let value): bytes.appendBigEndian(value)
        case .int8(let value): bytes.appendBigEndian(value)
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .bytea(let value): bytes.append(contentsOf: value)
        case .date(let day): bytes.appendBigEndian(Epoch.toWire(day, since: Epoch.days))
        case .timestamp(let moment): bytes.appendBigEndian(Epoch.toWire(moment, since: Epoch.microseconds))

        case .bools(let values): bytes.appendArray(values, of: TypeOID.bool) { $0 ? UInt8(1) : 0 }
        case .int2s(let values): bytes.appendArray(values, of: TypeOID.int2) { $0 }
        case .int4s(let values): bytes.appendArray(values, of: TypeOID.int4) { $0 }
        case .int8s(let values): bytes.appendArray(values, of: TypeOID.int8) { $0 }
        case .texts(let values): bytes.appendArray(values, of: TypeOID.text) { $0.utf8 }
        case .byteas(let values): bytes.appendArray(values, of: TypeOID.bytea) { $0 }
        case .dates(let days):
            bytes.appendArray(days, of: TypeOID.date) { Epoch.toWire($0, since: Epoch.days) }
        case .timestamps(let moments):
            bytes.appendArray(moments, of: TypeOID.timestamptz) { Epoch.toWire($0, since: Epoch.microseconds) }

        case .optionalInt4s(let values): bytes.appendArray(values, of: TypeOID.int4) { $0 }
        case .optionalInt8s(let values): bytes.appendArray(values, of: TypeOID.int8) { $0 }
        case .optionalTexts(let values): bytes.appendArray(values, of: TypeOID.text) { $0?.utf8 }
        case .optionalDates(let days):
            bytes.appendArray(days, of: TypeOID.date) { $0.map { Epoch.toWire($0, since: Epoch.days) } }

        case .rows(let rows): rows.encode(into: &bytes)
        }
    }
}
