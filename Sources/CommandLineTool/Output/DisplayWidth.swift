/// How many columns a text takes on a terminal: two for wide East Asian characters and emoji, none for marks that join
/// the character before (Unicode Standard Annex 11, in the ranges that names and money texts use).
func displayWidth(_ text: String) -> Int {
    text.reduce(0) { width, character in
        guard let first = character.unicodeScalars.first else { return width }
        return width + (isInvisible(first) ? 0 : isWide(first) || isEmoji(character) ? 2 : 1)
    }
}

private func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1100...0x115F,  // Hangul initials
        0x2E80...0x303E,  // CJK radicals, ideographic punctuation
        0x3041...0x33FF,  // Kana, Bopomofo, enclosed and squared CJK
        0x3400...0x4DBF, 0x4E00...0x9FFF,  // CJK ideographs
        0xA000...0xA4CF,  // Yi
        0xA960...0xA97F, 0xAC00...0xD7A3,  // Hangul
        0xF900...0xFAFF,  // CJK compatibility ideographs
        0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,  // Full-width forms
        0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,  // Pictographs
        0x20000...0x3FFFD:  // CJK ideographs of the supplementary planes
        true
    default: false
    }
}

private func isEmoji(_ character: Character) -> Bool {
    character.unicodeScalars.contains { $0.value == 0xFE0F }
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: true
    default: false
    }
}

/// The text with what would move the cursor or end the row made visible, so that a name from outside cannot draw on the
/// reader's terminal.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    return text.unicodeScalars.map { scalar in
        scalar.properties.generalCategory == .control ? "\u{FFFD}" : String(scalar)
    }
    .joined()
}
