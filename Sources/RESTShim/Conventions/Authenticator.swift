import RPC
import ServiceKit
import Synchronization

/// Who may come in. The services decide again; here a stranger is turned away before anything is read of his request.
struct Authenticator: Sendable {
    let verifier: TokenVerifier

    /// - Parameter lastCaller: who came in on the same connection before: mostly the same.
    func admit(_ authorization: String?, to method: MethodDescriptor, _ lastCaller: LastCaller) async throws(Problem) -> AdmittedCaller {
        if let known = try admitKnown(authorization, to: method, lastCaller) { return known }
        guard let authorization else { throw .unauthenticated(tokenSent: false) }
        let token = try token(of: authorization)
        do {
            let caller = AdmittedCaller(try await verifier.recognize(token), token: token)
            lastCaller.remember(caller, by: authorization)
            return try permitted(caller, to: method)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .unauthenticated(tokenSent: true)
        }
    }

    /// The same for whoever's token was looked at lately. Nil where it has to be looked at first.
    func admitKnown(_ authorization: String?, to method: MethodDescriptor, _ lastCaller: LastCaller) throws(Problem) -> AdmittedCaller? {
        guard let authorization else { throw .unauthenticated(tokenSent: false) }
        if let known = lastCaller.known(by: authorization, to: verifier) { return try permitted(known, to: method) }
        let token = try token(of: authorization)
        guard let recognized = try recognizeAtOnce(token) else { return nil }
        let caller = AdmittedCaller(recognized, token: token)
        lastCaller.remember(caller, by: authorization)
        return try permitted(caller, to: method)
    }

    private func token(of authorization: String) throws(Problem) -> String {
        guard let token = BearerToken.read(from: authorization) else { throw .unauthenticated(tokenSent: true) }
        return token
    }

    private func recognizeAtOnce(_ token: String) throws(Problem) -> RecognizedCaller? {
        do {
            return try verifier.recognizeAtOnce(token)
        } catch {
            throw .unauthenticated(tokenSent: true)
        }
    }

    private func permitted(_ caller: AdmittedCaller, to method: MethodDescriptor) throws(Problem) -> AdmittedCaller {
        guard method.roles.permits(caller.principal.role) else { throw .permissionDenied }
        return caller
    }
}

/// Who was let in, and the very token that said so: it is what the services are shown.
final class AdmittedCaller: Sendable {
    let recognition: RecognizedCaller
    /// The field in which the token is sent on.
    let authorization: String
    /// The role as tokens write it.
    let roleName: String

    init(_ recognition: RecognizedCaller, token: String) {
        self.recognition = recognition
        authorization = BearerToken.field(token)
        roleName = CallerRole(recognition.principal.role)?.rawValue ?? ""
    }

    var principal: Principal { recognition.principal }
}

/// Who was recognized on a connection last, and by which field of the header. The same bytes mean the same caller for as long
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
