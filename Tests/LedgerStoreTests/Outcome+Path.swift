import LedgerCore

extension Outcome {
    /// A field of the reply as text, by a path such as `entries.0.transfers.1.debit`; nil where there is none.
    subscript(path: String) -> String? {
        JSONValue.object(fields).text(
            at: path.split(separator: ".", omittingEmptySubsequences: true).map(String.init)[...])
    }

    /// How many elements a list of the reply has.
    func count(_ name: String) -> Int? {
        guard case .list(let values)? = fields.first(where: { $0.name == name })?.value else { return nil }
        return values.count
    }
}

extension JSONValue {
    fileprivate func text(at path: ArraySlice<String>) -> String? {
        switch self {
        case .object(let fields):
            return fields.first { $0.name == path.first }?.value.text(at: path.dropFirst())
        case .list(let values):
            guard let index = path.first.flatMap({ Int($0) }) else { return "\(values.count) values" }
            return values.indices.contains(index) ? values[index].text(at: path.dropFirst()) : nil
        case .null: return path.isEmpty ? "null" : nil
        case .flag(let flag): return String(flag)
        case .number(let number): return String(number)
        case .text(let text): return text
        case .amount(let amount): return amount.yuan
        }
    }
}
