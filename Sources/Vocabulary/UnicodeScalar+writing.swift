extension Unicode.Scalar {
    /// Takes no place where it is shown: zero-width marks, the soft hyphen, the byte order mark, Hangul fillers (Unicode's
    /// Default_Ignorable_Code_Point), and the Braille pattern without a dot.
    public var isInvisible: Bool {
        value >= 0xAD && (properties.isDefaultIgnorableCodePoint || value == 0x2800)
    }

    /// What people and their keyboards write for an apostrophe, in any script.
    var isApostrophe: Bool { Self.apostrophes.contains(self) }

    /// What people write for a hyphen, a dash or a minus.
    var isDashLike: Bool { properties.isDash || Self.otherDashes.contains(self) }

    private static let apostrophes: Set<Unicode.Scalar> = [
        "'", "`", "\u{B4}", "\u{2B9}", "\u{2BB}", "\u{2BC}", "\u{2BD}", "\u{2BE}", "\u{2BF}", "\u{2C8}", "\u{2CA}", "\u{2CB}", "\u{374}",
        "\u{384}", "\u{55A}", "\u{5F3}", "\u{7F4}", "\u{7F5}", "\u{1FBD}", "\u{1FBF}", "\u{1FEF}", "\u{1FFD}", "\u{1FFE}", "\u{2018}",
        "\u{2019}", "\u{201B}", "\u{2032}", "\u{2035}", "\u{275B}", "\u{275C}", "\u{A78B}", "\u{A78C}", "\u{FF07}", "\u{FF40}",
    ]

    /// The modifier letter minus and the hyphen bullet, which Unicode doesn't count among dashes.
    private static let otherDashes: Set<Unicode.Scalar> = ["\u{2D7}", "\u{2043}"]
}
