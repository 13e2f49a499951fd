import RPC
import ServiceKit

/// Who may come in. The services decide again; here a stranger is turned away before anything is read of his request.
struct Gate: Sendable {
    let verifier: TokenVerifier

    func admit(_ authorization: String?, to method: MethodDescriptor) async throws(Problem) -> Principal {
        guard let authorization else { throw .unauthenticated(tokenSent: false) }
        guard let token = Gate.token(authorization) else { throw .unauthenticated(tokenSent: true) }
        let principal = try await verify(token)
        guard Gate.allows(principal, method.roles) else { throw .permissionDenied }
        return principal
    }

    private func verify(_ token: String) async throws(Problem) -> Principal {
        do {
            return try await verifier.verify(token)
        } catch {
            throw .unauthenticated(tokenSent: true)
        }
    }

    /// A method that names no role is refused to everybody; an admin may call every other.
    private static func allows(_ principal: Principal, _ roles: RoleSet) -> Bool {
        !roles.isEmpty && (principal.role == .admin || !roles.isDisjoint(with: principal.role))
    }

    /// The scheme is read in any case (RFC 9110, 11.1).
    private static func token(_ authorization: String) -> String? {
        guard authorization.utf8.count > 7, String(authorization.prefix(7)).isField("bearer ") else { return nil }
        return String(authorization.dropFirst(7))
    }
}
