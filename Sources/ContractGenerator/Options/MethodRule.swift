/// The rules of one method: `hms.api.v1.MethodRule`.
public struct MethodRule: Hashable, Sendable {
    public enum Role: Int, Sendable {
        case unspecified, reception, doctor, billing, admin, service, anyone
    }

    public enum Idempotency: Int, Sendable {
        case unspecified, readOnly, repeatable, keyOptional, keyRequired
    }

    public enum Priority: Int, Sendable {
        case unspecified, critical, always
    }

    public var roles: [Role] = []
    /// The request field that must equal a doctor's own subject, by its proto name.
    public var own: String?
    public var ownRecord = false
    public var idempotency = Idempotency.unspecified
    public var audit = false
    /// `/v1/patients/{patient.patient_id}`
    public var location: String?
    /// `409 POSSIBLE_DUPLICATE`
    public var errors: [String] = []
    /// Answered where the call arrives, from a read that the service is handed.
    public var atOnce = false
    /// What it goes before where a server has too much to do.
    public var priority = Priority.unspecified
    /// A doctor says why where he treats not everybody whom the answer names.
    public var treatment = false

    public init() {}

    /// Whether nothing is said of it that only changes need.
    var isRead: Bool { idempotency == .readOnly || idempotency == .unspecified }

    /// The number of the extension in google.protobuf.MethodOptions.
    static let extensionNumber = 50001

    init(options: OptionBytes) {
        guard let rule = options.message(Self.extensionNumber) else { return }
        roles = rule.integers(1).compactMap(Role.init).filter { $0 != .unspecified }
        own = rule.text(2)
        ownRecord = rule.bool(3)
        idempotency = rule.integer(4).flatMap(Idempotency.init) ?? .unspecified
        audit = rule.bool(5)
        location = rule.text(6)
        errors = rule.texts(7)
        atOnce = rule.bool(8)
        priority = rule.integer(9).flatMap(Priority.init) ?? .unspecified
        treatment = rule.bool(10)
    }
}
