/// How the public API takes one of a kind over from another system.
extension ImportKind {
    /// Where a record is sent to.
    public var path: String { "/v1/imports/\(rawValue)" }

    /// Where records are found by what their source calls them. The member of the answer that lists them has the last name
    /// of the path.
    public var listPath: String { "/v1/\(rawValue)" }

    /// The member of an answer that holds the record. An allergy is a part of its patient.
    public var resource: String {
        switch self {
        case .patients, .allergies: "patient"
        case .doctors: "doctor"
        case .appointments: "appointment"
        case .prescriptions: "prescription"
        case .bills: "bill"
        case .payments: "payment"
        }
    }

    /// The field that holds the id of the record.
    public var idField: String { "\(resource)_id" }

    /// What our ids of it begin with, before the underscore.
    public var idPrefix: String {
        switch self {
        case .patients, .allergies: "pat"
        case .doctors: "doc"
        case .appointments: "apt"
        case .prescriptions: "rx"
        case .bills: "bil"
        case .payments: "pay"
        }
    }

    /// Whether a source has names for records of this kind, which the hospital remembers.
    public var hasSourceIDs: Bool { self != .allergies }

    /// Whether an import can change records that are there.
    public var canUpdate: Bool { self == .patients || self == .doctors || self == .appointments }

    /// Whether two records may be one person.
    public var canBeDuplicates: Bool { self == .patients || self == .doctors }
}
