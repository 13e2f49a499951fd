import RPC
import ServiceKit

/// Who may come in. The services decide again; here a stranger is turned away before anything is read of his request.
struct Gate: Sendable {
    let verifier: TokenVerifier

    func admit(_ authorization: String?, to method: MethodDescriptor) async throws(Problem) -> AdmittedCaller {
        guard let authorization else { throw .unauthenticated(tokenSent: false) }
        guard let token = BearerToken.read(from: authorization) else { throw .unauthenticated(tokenSent: true) }
        let principal = try await verify(token)
        guard method.roles.permits(principal.role) else { throw .permissionDenied }
        return AdmittedCaller(principal: principal, token: token)
    }

    private func verify(_ token: String) async throws(Problem) -> Principal {
        do {
            return try await verifier.verify(token)
        } catch {
            throw .unauthenticated(tokenSent: true)
        }
    }
}

/// Who was let in, and the very token that said so: it is what the services are shown.
struct AdmittedCaller: Sendable {
    let principal: Principal
    let token: String
}
