/// The different words that stand in the tags of a file: names, and the values of attributes. libxml2 keeps each of
/// them until the end, and grows slow with them; a statement has a few hundred.
struct MarkupWords {
    /// Bytes of all words, with 16 more for each.
    static let most = 262_144

    private var known: Set<[UInt8]> = []
    private var size = 0
    private var word: [UInt8] = []

    mutating func append(_ byte: UInt8) { word.append(byte) }

    /// Ends the word at hand, if there is one. Whether there is room for it.
    mutating func endWord() -> Bool {
        guard !word.isEmpty else { return true }
        if !known.contains(word) {
            size += word.count + 16
            guard size <= Self.most else { return false }
            known.insert(word)
        }
        word.removeAll(keepingCapacity: true)
        return true
    }
}
