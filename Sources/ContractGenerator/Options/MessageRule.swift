/// The rules of one message: `hms.api.v1.MessageRule`.
public struct MessageRule: Hashable, Sendable {
    /// `doctor.registered`
    public var eventTypes: [String] = []

    public init() {}

    /// The number of the extension in google.protobuf.MessageOptions.
    static let extensionNumber = 50001

    init(options: OptionBytes) {
        eventTypes = options.message(Self.extensionNumber)?.texts(1) ?? []
    }
}
