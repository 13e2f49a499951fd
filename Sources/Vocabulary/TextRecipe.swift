/// How texts were made comparable: what a database notes beside the folded texts and telephone numbers that it keeps.
public struct TextRecipe: Hashable, Sendable, LosslessStringConvertible {
    /// Where numbers without a country code are dialled.
    public let region: PhoneRegion

    /// How it is done now.
    public init(region: PhoneRegion) {
        self.region = region
    }

    /// Nil where the note is of another version.
    public init?(_ description: String) {
        guard let region = PhoneRegion(String(description.suffix(2))), TextRecipe(region: region).description == description else {
            return nil
        }
        self.region = region
    }

    public var description: String { "folding \(FoldedText.version), phones \(PhoneNumber.version), region \(region)" }
}
