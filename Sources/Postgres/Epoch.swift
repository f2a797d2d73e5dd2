/// PostgreSQL counts days and microseconds from 2000-01-01, everything else here from 1970-01-01. On the wire the
/// lowest and the highest integer mean `-infinity` and `infinity`.
enum Epoch {
    /// Days from 1970-01-01 to 2000-01-01.
    static let days: Int32 = 10_957
    /// Microseconds from 1970-01-01 to 2000-01-01, UTC.
    static let microseconds: Int64 = 946_684_800_000_000

    /// A value too low for the wire becomes the lowest finite one, which the server refuses as out of range; it never
    /// turns into `-infinity` or wraps round.
    static func toWire<Value: FixedWidthInteger>(_ value: Value, since epoch: Value) -> Value {
        let (shifted, overflow) = value.subtractingReportingOverflow(epoch)
        return overflow || shifted == .min ? .min + 1 : shifted
    }

    /// nil for the infinities and for what cannot be counted from 1970.
    static func fromWire<Value: FixedWidthInteger>(_ value: Value, since epoch: Value) -> Value? {
        guard value != .min, value != .max else { return nil }
        let (shifted, overflow) = value.addingReportingOverflow(epoch)
        return overflow ? nil : shifted
    }
}
