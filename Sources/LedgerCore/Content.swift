/// The verb and the arguments of a posting in canonical form (defaults filled in, `1` as `1.00`), without `key` and
/// `dry-run`: what is compared when a key comes back, and what an auditor reads beside the entry.
package struct Content: Sendable, Hashable {
    package struct Argument: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package let verb: String
    /// In the verb's own order; those left out without a default are not here.
    package let arguments: [Argument]

    package init(verb: String, arguments: [Argument]) {
        self.verb = verb
        self.arguments = arguments
    }

    package subscript(name: String) -> String? {
        arguments.first { $0.name == name }?.value
    }

    /// The first argument in which `other` differs, `verb` where the verb does; nil where the content is the same.
    /// Where `payee` is given, a `party` that was left out stands for it.
    package func firstDifference(from other: Content, payee: String?) -> String? {
        guard verb == other.verb else { return "verb" }
        return mergedNames(with: other).first { name in
            let fallback = name == "party" ? payee : nil
            return (self[name] ?? fallback) != (other[name] ?? fallback)
        }
    }

    /// The names of both in the verb's order, which each of them follows.
    private func mergedNames(with other: Content) -> [String] {
        var names: [String] = []
        var theirs = other.arguments.map(\.name)[...]
        for name in arguments.map(\.name) {
            if let place = theirs.firstIndex(of: name) {
                names += theirs[...place]
                theirs = theirs[(place + 1)...]
            } else {
                names.append(name)
            }
        }
        return names + theirs
    }

    // MARK: One text, as it is stored

    /// Reads what ``text`` wrote.
    package init(text: String) {
        let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        verb = lines.first.map(String.init) ?? ""
        arguments = lines.dropFirst().map { line in
            let name = line.prefix { $0 != "=" }
            var value = String.UnicodeScalarView()
            var isEscaped = false
            for scalar in line.dropFirst(name.count + 1) {
                if isEscaped {
                    value.append(scalar == "n" ? "\n" : scalar)
                    isEscaped = false
                } else if scalar == "\\" {
                    isEscaped = true
                } else {
                    value.append(scalar)
                }
            }
            return Argument(String(name), String(value))
        }
    }
}
