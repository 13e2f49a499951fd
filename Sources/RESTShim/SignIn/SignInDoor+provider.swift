import Logging
import NIOHTTP1
import ServiceKit
import SignIn

extension SignInDoor {
    /// Sends a browser to the provider.
    func send(_ request: HTTPRequest, to provider: IdentityProvider) async -> HTTPResponse {
        do {
            let (url, secret) = try await provider.begin(returnTo: returnTo(of: request).path)
            var response = HTTPResponse.leading(to: url)
            response.set("Set-Cookie", beginning.field(secret, for: 600))
            response.set("Cache-Control", "no-store")
            return response
        } catch {
            return refuse(error)
        }
    }

    /// A browser is back from there.
    func finish(_ request: HTTPRequest, by provider: IdentityProvider) async throws(Problem) -> HTTPResponse {
        let fields = RequestTarget(request.target)?.queryItems() ?? []
        do {
            let (person, returnTo) = try await provider.finish(
                fields.map { ($0.name, $0.value) }, secret: beginning.secret(in: request.headers.cookie))
            logger.notice("Signed in by the provider", metadata: ["subject": "\(person.subject)", "role": "\(person.role.rawValue)"])
            try await endOld(request)
            var response = HTTPResponse.leading(to: ReturnAddress(returnTo).path)
            response.set("Set-Cookie", cookie.field(try await open(for: person)))
            response.set("Set-Cookie", beginning.clearing)
            response.set("Cache-Control", "no-store")
            return response
        } catch let refusal as ProviderRefusal {
            return refuse(refusal)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .internal
        }
    }

    /// The reason is for the log; the person learns what he can do.
    private func refuse(_ refusal: ProviderRefusal) -> HTTPResponse {
        logger.warning("A sign-in by the provider was refused", metadata: ["reason": "\(refusal)"])
        var response = signInPage(returnTo: .usual, message: refusal.sentence).response(refusal.status)
        response.set("Set-Cookie", beginning.clearing)
        response.set("Retry-After", refusal.status == .serviceUnavailable ? "10" : nil)
        response.set("WWW-Authenticate", refusal.status == .unauthorized ? #"Bearer realm="hms""# : nil)
        return response
    }
}

extension ProviderRefusal {
    fileprivate var status: HTTPResponseStatus {
        switch self {
        case .notBegun, .declined, .untrusted: .unauthorized
        case .noRole: .forbidden
        case .unusable: .serviceUnavailable
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .notBegun: "That sign-in was not begun in this browser, or too long ago. Begin again."
        case .declined: "The sign-in was not finished there. Begin again."
        case .untrusted: "What came back from there can't be trusted. Begin again, and tell your administrator if that happens twice."
        case .noRole: "You are known, but have no role in this hospital. Your administrator can give you one."
        case .unusable: "The sign-in of your organization can't be reached now. Try again later."
        }
    }
}

extension HTTPResponse {
    /// Sends a browser on, with GET.
    static func leading(to address: String) -> HTTPResponse {
        var response = HTTPResponse(status: .seeOther)
        response.set("Location", address)
        return response
    }
}
