/// How the person who imports a file says that it is to be read.
public struct ReadingOptions: Sendable {
    /// `field=COLUMN[+COLUMN…]` each.
    public var map: [String] = []
    /// `field=value` each: what holds in rows that say nothing.
    public var defaults: [String] = []
    /// `[field=]PATTERN` each; without a field it is for every date.
    public var dateFormats: [String] = []
    /// `field:theirs=ours` each.
    public var values: [String] = []
    /// The IANA name of the zone of times without an offset; nil: the clinic's.
    public var timeZone: String?
    /// What amounts of money are counted in; nil: a file that has some is not imported.
    public var unit: MoneyUnit?
    public var decimalSeparator: Character = "."
    /// What separates the values of a list beside `;`, `|` and line breaks.
    public var listSeparator: String?

    public init() {}
}
