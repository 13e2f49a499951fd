import ServiceKit

/// How the public API takes one of a kind over from another system.
extension ImportKind {
    /// Where a record is sent to.
    public var path: String { isHistory ? "/v1/imports/\(rawValue)" : "/v1/\(rawValue)" }

    /// What has happened elsewhere and is taken over, instead of being done here.
    public var isHistory: Bool { self != .patients && self != .doctors }

    /// The least role that may create one.
    public var role: CallerRole { self == .patients ? .reception : .admin }

    /// Where records are found by what their source calls them; the member of the answer that lists them has the last name.
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

    /// What our ids of it begin with.
    public var idPrefix: String {
        switch self {
        case .patients, .allergies: "pat_"
        case .doctors: "doc_"
        case .appointments: "apt_"
        case .prescriptions: "rx_"
        case .bills: "bil_"
        case .payments: "pay_"
        }
    }

    /// Whether a source has names for records of this kind, which the hospital remembers.
    public var hasSourceIDs: Bool { self != .allergies }

    /// Whether records that are there can be changed by an import.
    public var canUpdate: Bool { self == .patients || self == .doctors || self == .appointments }

    /// Whether two records may be one person.
    public var canBeDuplicates: Bool { self == .patients || self == .doctors }
}
