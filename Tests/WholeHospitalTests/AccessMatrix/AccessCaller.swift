import HMSTestKit
import RPC
import ServiceKit

/// Somebody at the door of the hospital: a stranger of some sort, a person in a role, or another service.
enum AccessCaller: CaseIterable, Hashable, Sendable {
    case withoutToken, expired, wrongKey, wrongAudience
    case reception, doctor, billing, admin, service

    /// The role of a caller whose token is good; nil for strangers.
    var role: CallerRole? {
        switch self {
        case .withoutToken, .expired, .wrongKey, .wrongAudience: nil
        case .reception: .reception
        case .doctor: .doctor
        case .billing: .billing
        case .admin: .admin
        case .service: .service
        }
    }

    /// What he shows when he calls `method`. The token of a stranger names a role that the method lets in, so that nothing but
    /// its one fault is in his way.
    ///
    /// - Parameter doctorID: the doctor who calls.
    func token(for method: MethodDescriptor, _ tokens: AccessTokens, doctorID: String) async throws -> String? {
        let welcome = CallerRole.allCases.first { method.roles.contains($0.set) } ?? .admin
        switch self {
        case .withoutToken: return nil
        case .expired: return try await tokens.hospital.token(welcome, lifetime: .seconds(-60))
        case .wrongKey: return try tokens.elsewhere.signer.sign(subject: "somebody", role: welcome, lifetime: .seconds(3_600))
        case .wrongAudience: return try tokens.forOthers(welcome)
        case .doctor: return try await tokens.hospital.token(.doctor, subject: doctorID)
        case .reception: return try await tokens.hospital.token(.reception)
        case .billing: return try await tokens.hospital.token(.billing)
        case .admin: return try await tokens.hospital.token(.admin)
        case .service: return try await tokens.hospital.token(.service)
        }
    }
}

/// What tokens are made of, good ones and others.
struct AccessTokens: Sendable {
    let hospital: TestHospital
    /// A hospital whose operator has another key, of the same issuer and for the same audience.
    let elsewhere: TestHospital

    init(_ hospital: TestHospital) throws {
        self.hospital = hospital
        elsewhere = try TestHospital()
    }

    /// Signed by the right key, for somebody else to accept.
    func forOthers(_ role: CallerRole) throws -> String {
        var identity = hospital.configuration.identity
        identity.audience = "another-hospital"
        let service = role == .service ? Settings.services.first : nil
        let file = service.map(identity.serviceKeyFile(of:)) ?? identity.signingKeyFile
        return try TokenSigner(key: SigningKey(pemFile: file), identity)
            .sign(subject: service ?? "some-\(role.rawValue)", role: role, lifetime: .seconds(3_600))
    }
}
