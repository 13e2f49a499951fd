import Logging
import NIOCore
import NIOHTTP1
import ProtobufJSON
import ServiceKit
import SharedCache
import SignIn

/// Where people sign in and out. Who is signed in speaks to everything by his session's cookie; behind this door he speaks by a token,
/// as everybody does.
final class SignInDoor: Sendable {
    private let users: UserDirectory
    let desk: PasswordDesk
    let sessions: Sessions
    let offers: SecondFactorOffers
    let cookie: SessionCookie
    private let provider: IdentityProvider?
    /// In which a browser keeps a sign-in at a provider that it has begun. It comes back from another site, so it is `Lax`.
    let beginning: SessionCookie
    let isSecure: Bool
    private let proxies: TrustedProxies
    let logger: Logger

    /// - Parameters:
    ///   - hasTLS: whether this process itself speaks TLS to browsers.
    ///   - cache: in which all shims know who is signed in; nil: this one alone knows its own.
    /// - Throws: where the machine has no memory to check a password.
    init(
        _ configuration: SignInConfiguration, hasTLS: Bool, proxies: TrustedProxies, cache: SharedCache? = nil,
        cost: ScryptCost = ScryptCost(), throttle: ThrottleRules = ThrottleRules(), logger: Logger
    ) throws {
        users = UserDirectory(UserFile(configuration), logger: logger)
        desk = try PasswordDesk(
            users, throttle: SignInThrottle(throttle), cache: cache, cost: cost,
            rolesWithSecondFactor: configuration.rolesWithSecondFactor, logger: logger)
        sessions = Sessions(
            SessionRules(idle: configuration.idle, lifetime: configuration.lifetime), configuration.identity, users: users, cache: cache)
        offers = SecondFactorOffers(configuration.identity)
        isSecure = hasTLS || configuration.publicURL?.hasPrefix("https://") == true
        cookie = SessionCookie(isSecure: isSecure)
        beginning = SessionCookie("hms-sign-in", isSecure: isSecure, sameSite: "Lax")
        provider = configuration.provider.map {
            IdentityProvider(
                $0, redirectURI: "\(configuration.publicURL ?? "")/session/callback",
                shared: cache.map { ($0, configuration.identity) }, logger: logger)
        }
        self.proxies = proxies
        self.logger = logger
    }

    var endpoints: [SignInEndpoint] {
        [
            SignInEndpoint("/sign-in") { request in self.page(for: request) },
            SignInEndpoint("/session") { request throws(Problem) in try await self.describe(request) },
            SignInEndpoint("/session", .POST) { request throws(Problem) in try await self.signIn(request) },
            SignInEndpoint("/session", .DELETE) { request throws(Problem) in try await self.signOut(request) },
            SignInEndpoint("/session/password") { request throws(Problem) in try await self.passwordPage(for: request) },
            SignInEndpoint("/session/password", .POST) { request throws(Problem) in try await self.choosePassword(request) },
            SignInEndpoint("/session/end", .POST) { request throws(Problem) in try await self.leave(request) },
        ]
            + accountEndpoints
            + (provider.map { provider in
                [
                    SignInEndpoint("/session/provider") { request in await self.send(request, to: provider) },
                    SignInEndpoint("/session/callback") { request throws(Problem) in try await self.finish(request, by: provider) },
                ]
            } ?? [])
    }

    // MARK: Everything else

    /// What the session says in place of an `Authorization` field; nil where nobody is signed in.
    ///
    /// - Throws: `CROSS_SITE_REQUEST` where a page of another site may have made the browser send it.
    func authorization(of request: HTTPRequest) async throws(Problem) -> String? {
        guard let secret = cookie.secret(in: request.headers.cookie), let session = try await session(secret) else { return nil }
        return try authorization(of: request, by: session.token)
    }

    /// The same where no cache has to be asked for it; nil where one has.
    func authorizationAtOnce(of request: HTTPRequest) throws(Problem) -> (field: String?, Void)? {
        guard let secret = cookie.secret(in: request.headers.cookie) else { return (nil, ()) }
        guard sessions.areAtHand else { return nil }
        do {
            guard let session = try sessions.sessionAtOnce(of: secret) else { return (nil, ()) }
            return (try authorization(of: request, by: session.token), ())
        } catch {
            throw problem(error)
        }
    }

    private func authorization(of request: HTTPRequest, by token: String) throws(Problem) -> String {
        guard request.method.isSafe || SameOrigin.isProved(by: request, isSecure: isSecure) else { throw .crossSite }
        return "Bearer \(token)"
    }

    func session(_ secret: String) async throws(Problem) -> (person: SignedInPerson, token: String)? {
        try await asking { try await self.sessions.session(of: secret) }
    }

    /// Whatever goes wrong with sessions, nobody is taken for somebody.
    func asking<Result>(_ body: () async throws -> Result) async throws(Problem) -> Result {
        do {
            return try await body()
        } catch {
            throw problem(error)
        }
    }

    private func problem(_ error: any Error) -> Problem {
        if let problem = error as? Problem { return problem }
        if error is SessionsUnavailable {
            logger.warning("Nobody's session is known", metadata: ["error": "\(error)"])
            return .sessionsUnknown
        }
        logger.error("No token can be signed for a session", metadata: ["error": "\(error)"])
        return .noSessions
    }

    // MARK: In

    private func page(for request: HTTPRequest) -> HTTPResponse {
        signInPage(returnTo: returnTo(of: request)).response(.ok)
    }

    func signInPage(returnTo: ReturnAddress, name: String = "", message: String = "") -> SignInPage {
        SignInPage(returnTo: returnTo, hasUsers: !users.isEmpty, provider: provider?.name, name: name, message: message)
    }

    func returnTo(of request: HTTPRequest) -> ReturnAddress {
        ReturnAddress(RequestTarget(request.target)?.queryItems()?.last { $0.name == "return_to" }?.value)
    }

    private func signIn(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard !SameOrigin.isDisproved(by: request, isSecure: isSecure) else { throw .crossSite }
        let form = try SignInForm(request)
        return try await answer(desk.signIn(attempt(form, request)), form, request)
    }

    func attempt(_ form: SignInForm, _ request: HTTPRequest) -> SignInAttempt {
        attempt(form.name, form.password, form.code, request)
    }

    func attempt(_ name: String, _ password: String, _ code: String?, _ request: HTTPRequest) -> SignInAttempt {
        SignInAttempt(name: name, password: password, code: code, address: address(of: request))
    }

    func answer(_ outcome: SignInOutcome, _ form: SignInForm, _ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        if case .person(let person) = outcome { return try await welcome(person, form, request) }
        let problem = Problem(outcome)
        guard form.isForm else { throw problem }
        return refuse(problem, form, asksForNew: form.newPassword != nil || outcome == .passwordChangeRequired)
    }

    /// A session that the browser had before ends: what it may have been given by somebody else opens nothing.
    private func welcome(_ person: SignedInPerson, _ form: SignInForm, _ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        try await endOld(request)
        let secret = try await open(for: person)
        var response: HTTPResponse
        if form.isForm {
            response = .leading(to: ReturnAddress(form.returnTo).path)
        } else {
            response = HTTPResponse(status: .created, contentType: "application/json")
            response.set("Location", "/session")
            response.body = .bytes(description(of: person))
        }
        response.set("Set-Cookie", cookie.field(secret))
        response.set("Cache-Control", "no-store")
        return response
    }

    func open(for person: SignedInPerson) async throws(Problem) -> String {
        try await asking { try await self.sessions.open(for: person) }
    }

    /// The session that the browser has had.
    func endOld(_ request: HTTPRequest) async throws(Problem) {
        guard let old = cookie.secret(in: request.headers.cookie) else { return }
        try await asking { try await self.sessions.close(old) }
    }

    func refuse(_ problem: Problem, _ form: SignInForm, asksForNew: Bool) -> HTTPResponse {
        var page = signInPage(returnTo: ReturnAddress(form.returnTo), name: form.name, message: problem.detail)
        page.asksForNew = asksForNew
        return page.response(to: problem)
    }

    private func address(of request: HTTPRequest) -> String {
        guard let peer = request.connection.peer else { return "local" }
        let client = proxies.isEmpty ? peer : proxies.client(behind: peer, request.headers.forwardedFor)
        return client.isIPv4 ? "\(client)" : "\(client.high)"
    }

    // MARK: Who, and out

    private func describe(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let secret = cookie.secret(in: request.headers.cookie), let session = try await session(secret) else {
            throw .unauthenticated(tokenSent: false)
        }
        var response = HTTPResponse(status: .ok, contentType: "application/json")
        response.set("Cache-Control", "no-store")
        response.body = .bytes(description(of: session.person))
        return response
    }

    private func description(of person: SignedInPerson) -> [UInt8] {
        JSONWriter.document { object in
            object.member("subject", person.subject)
            object.member("role", person.role.rawValue)
            object.member("name", person.name)
        }
    }

    private func signOut(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        try await end(request)
        var response = HTTPResponse(status: .noContent)
        response.set("Set-Cookie", cookie.clearing)
        response.set("Cache-Control", "no-store")
        return response
    }

    /// The same for a form, whose page goes on.
    private func leave(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        try await end(request)
        var response = HTTPResponse.leading(to: "/sign-in")
        response.set("Set-Cookie", cookie.clearing)
        response.set("Cache-Control", "no-store")
        return response
    }

    /// Signing out twice is no mistake.
    private func end(_ request: HTTPRequest) async throws(Problem) {
        guard let secret = cookie.secret(in: request.headers.cookie), try await session(secret) != nil else { return }
        guard SameOrigin.isProved(by: request, isSecure: isSecure) else { throw .crossSite }
        try await asking { try await self.sessions.close(secret) }
    }
}
