public import RPC

/// Lets a call through where the contract names the caller's role. A method that names no role is refused to everybody.
public struct Authentication: ServerInterceptor {
    private let verifier: TokenVerifier

    public init(verifier: TokenVerifier) {
        self.verifier = verifier
    }

    public func intercept(_ call: ServerCall, next: (ServerCall) async throws -> ServerReply) async throws -> ServerReply {
        let roles = call.context.method.roles
        if roles.contains(.anyone) { return try await next(call) }
        guard let token = call.context.token else { throw TokenRefusal.missing }
        let principal = try await verifier.verify(token)
        var call = call
        call.context.principal = principal
        call.context.values[SeenCaller.self]?.principal = principal
        guard roles.permits(principal.role) else {
            throw RPCError(.permissionDenied, "PERMISSION_DENIED", "The caller's role may not do this.")
        }
        return try await next(call)
    }
}

extension RoleSet {
    /// Roles that people have. What one of them may do, an administrator may do.
    static let people: RoleSet = [.reception, .doctor, .billing, .admin]

    /// Whether a method with these roles may be called by a caller in `role`: the one answer, for the door and for every
    /// service. A method that names no role is closed to everybody.
    public func permits(_ role: RoleSet) -> Bool {
        if contains(.anyone) { return true }
        if !isDisjoint(with: role) { return true }
        return role == .admin && !isDisjoint(with: .people)
    }
}
