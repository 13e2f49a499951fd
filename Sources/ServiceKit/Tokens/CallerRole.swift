public import RPC

/// The `role` claim of a token.
public enum CallerRole: String, CaseIterable, Codable, Hashable, Sendable {
    case reception
    case doctor
    case billing
    case admin
    /// Another service of the hospital, never a person.
    case service

    /// The role of a person by its name; services make their own tokens.
    public static func person(_ name: String) -> CallerRole? {
        CallerRole(rawValue: name).flatMap { $0 == .service ? nil : $0 }
    }

    public var set: RoleSet {
        switch self {
        case .reception: .reception
        case .doctor: .doctor
        case .billing: .billing
        case .admin: .admin
        case .service: .service
        }
    }

    /// The role whose set this is; nil for none and for several.
    public init?(_ set: RoleSet) {
        switch set {
        case .reception: self = .reception
        case .doctor: self = .doctor
        case .billing: self = .billing
        case .admin: self = .admin
        case .service: self = .service
        default: return nil
        }
    }
}
