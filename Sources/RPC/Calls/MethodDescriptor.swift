/// What the contract says of one method.
public struct MethodDescriptor: Sendable, Hashable {
    /// `hms.patient.v1.PatientService/GetPatient`.
    public let name: String
    /// The name as it travels: its 64-bit FNV-1a hash.
    public let id: UInt64
    /// What calling it twice means.
    public let idempotency: Idempotency
    /// Who may call it. Nobody, where empty.
    public let roles: RoleSet
    /// Whether the handler checks ownership against the stored record.
    public let ownRecord: Bool
    /// Whether calls are kept in the service's audit.
    public let audit: Bool
    /// Whether a doctor who treats not everybody whom the answer names has to say why he reads it.
    public let treatment: Bool
    /// Whether it is answered by a stream of messages instead of one.
    public let isStreamed: Bool
    /// The number of the request field that holds the version which a change is for, where there is one (`if_match`).
    public let ifMatchField: Int?
    /// What its calls go before where a server has too much to do.
    public let priority: CallPriority

    /// `id` is computed from the name where it is not given.
    public init(
        name: String, id: UInt64? = nil, idempotency: Idempotency = .unspecified, roles: RoleSet = [], ownRecord: Bool = false,
        audit: Bool = false, treatment: Bool = false, isStreamed: Bool = false, ifMatchField: Int? = nil, priority: CallPriority = .ordinary
    ) {
        self.name = name
        self.id = id ?? MethodDescriptor.id(of: name)
        self.idempotency = idempotency
        self.roles = roles
        self.ownRecord = ownRecord
        self.audit = audit
        self.treatment = treatment
        self.isStreamed = isStreamed
        self.ifMatchField = ifMatchField
        self.priority = priority
    }

    /// Stands for a method that nobody here knows: what is told of a call to it.
    public static let unknown = MethodDescriptor(name: "unknown")

    public static func == (one: MethodDescriptor, other: MethodDescriptor) -> Bool {
        one.id == other.id
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
    }

    /// 64-bit FNV-1a over the UTF-8 of `pkg.Service/Method`.
    public static func id(of name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { hash, byte in (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
}

/// What calling a method twice means, and so when a retry is safe. Numbers as in `hms.api.v1.Idempotency`.
public enum Idempotency: UInt8, Sendable {
    case unspecified = 0
    case readOnly = 1
    case repeatable = 2
    case keyOptional = 3
    case keyRequired = 4
}
