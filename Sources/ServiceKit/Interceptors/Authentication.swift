public import RPC

/// Lets a call through where the contract names the caller's role. A method that names no role is refused to everybody.
public final class Authentication: ServerFilter {
    private let verifier: TokenVerifier

    public init(verifier: TokenVerifier) {
        self.verifier = verifier
    }

    public func concerns(_ method: MethodDescriptor) -> Bool {
        !method.roles.contains(.anyone)
    }

    /// Whom the same token was found to speak for, over the same connection, is known at once.
    public func enter(_ call: ServerCall) throws -> Bool {
        guard let principal = caller(of: call.context) else { return false }
        try admit(principal, to: call.context)
        return true
    }

    public func enterWaiting(_ call: ServerCall) async throws {
        try admit(try await recognize(call.context), to: call.context)
    }

    private func admit(_ principal: Principal, to context: CallContext) throws {
        context.principal = principal
        guard context.method.roles.permits(principal.role) else {
            throw RPCError(.permissionDenied, "PERMISSION_DENIED", "The caller's role may not do this.")
        }
    }

    private func caller(of context: CallContext) -> Principal? {
        guard let known = context.callers?.caller(of: context.metadata), verifier.vouches(for: known) else { return nil }
        return known.principal
    }

    private func recognize(_ context: CallContext) async throws -> Principal {
        guard let token = context.token else { throw TokenRefusal.missing }
        let caller = try await verifier.recognize(token)
        context.callers?.remember(caller, of: context.metadata)
        return caller.principal
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
