/// The rules of one field: `hms.api.v1.FieldRule`.
public struct FieldRule: Hashable, Sendable {
    public enum Format: Int, Sendable {
        case unspecified, email, phone, date, timeOfDay, line
    }

    public var required = false
    /// In Unicode scalars of text, bytes of `bytes`; 0 is no limit.
    public var minLength = 0
    public var maxLength = 0
    public var min: Int?
    public var max: Int?
    public var pattern: String?
    public var format = Format.unspecified
    /// 0 is no limit.
    public var maxItems = 0
    public var idPrefix: String?
    public var personal = false
    public var ifMatch = false
    /// May be changed but not cleared.
    public var notNull = false
    /// As a query parameter, `+` means itself and not a space.
    public var keepsPlus = false
    /// A value for the examples of the API's description, as text.
    public var example: String?

    /// An amount in minor units of a currency.
    public var money = false

    public init() {}

    /// The number of the extension in google.protobuf.FieldOptions.
    static let extensionNumber = 50001

    init(options: OptionBytes) {
        guard let rule = options.message(Self.extensionNumber) else { return }
        required = rule.bool(1)
        minLength = rule.integer(2) ?? 0
        maxLength = rule.integer(3) ?? 0
        min = rule.integer(4)
        max = rule.integer(5)
        pattern = rule.text(6)
        format = rule.integer(7).flatMap(Format.init) ?? .unspecified
        maxItems = rule.integer(8) ?? 0
        idPrefix = rule.text(9)
        personal = rule.bool(10)
        ifMatch = rule.bool(11)
        notNull = rule.bool(12)
        example = rule.text(13)
        keepsPlus = rule.bool(14)
        money = rule.bool(15)
    }
}
