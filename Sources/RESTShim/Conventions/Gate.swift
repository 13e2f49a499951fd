import RPC
import ServiceKit
import Synchronization

/// Who may come in. The services decide again; here a stranger is turned away before anything is read of his request.
struct Gate: Sendable {
    let verifier: TokenVerifier

    /// - Parameter lastCaller: who came in on the same connection before: mostly the same.
    func admit(_ authorization: String?, to method: MethodDescriptor, _ lastCaller: LastCaller) async throws(Problem) -> AdmittedCaller {
        guard let authorization else { throw .unauthenticated(tokenSent: false) }
        let caller =
            if let known = lastCaller.known(by: authorization, to: verifier) { known } else {
                try await recognise(authorization, lastCaller)
            }
        guard method.roles.permits(caller.principal.role) else { throw .permissionDenied }
        return caller
    }

    private func recognise(_ authorization: String, _ lastCaller: LastCaller) async throws(Problem) -> AdmittedCaller {
        guard let token = BearerToken.read(from: authorization) else { throw .unauthenticated(tokenSent: true) }
        do {
            let caller = AdmittedCaller(try await verifier.recognise(token), token: token)
            lastCaller.remember(caller, by: authorization)
            return caller
        } catch {
            throw .unauthenticated(tokenSent: true)
        }
    }
}

/// Who was let in, and the very token that said so: it is what the services are shown.
final class AdmittedCaller: Sendable {
    let recognition: RecognisedToken
    /// The field in which the token is sent on.
    let authorization: String
    /// The role as tokens write it.
    let roleName: String

    init(_ recognition: RecognisedToken, token: String) {
        self.recognition = recognition
        authorization = BearerToken.field(token)
        roleName = CallerRole(recognition.principal.role)?.rawValue ?? ""
    }

    var principal: Principal { recognition.principal }
}

/// Who was recognised on a connection last, and by which field of the header. The same bytes mean the same caller for as long
/// as the verifier would look nothing up.
final class LastCaller: Sendable {
    private let last = Mutex<(authorization: String, caller: AdmittedCaller)?>(nil)

    func known(by authorization: String, to verifier: TokenVerifier) -> AdmittedCaller? {
        guard let last = last.withLock({ $0 }), last.authorization == authorization, verifier.vouches(for: last.caller.recognition) else {
            return nil
        }
        return last.caller
    }

    func remember(_ caller: AdmittedCaller, by authorization: String) {
        last.withLock { $0 = (authorization, caller) }
    }
}
