import NIOHTTP1
import SignIn

/// What somebody who is signed in changes of his own. A page of ours has to ask for it, his password is said once more and counts as a try to
/// sign in, and what it changes ends all his sessions but this browser's, which gets a new one.
extension SignInDoor {
    var accountEndpoints: [SignInEndpoint] {
        [
            SignInEndpoint("/account") { request throws(Problem) in try await self.account(request) },
            SignInEndpoint("/account/password", .POST) { request throws(Problem) in try await self.changePassword(request) },
            SignInEndpoint("/account/sessions/end", .POST) { request throws(Problem) in try await self.endSessions(request) },
            SignInEndpoint("/account/second-factor", .POST) { request throws(Problem) in try await self.offerSecondFactor(request) },
            SignInEndpoint("/account/second-factor/on", .POST) { request throws(Problem) in try await self.turnOnSecondFactor(request) },
            SignInEndpoint("/account/second-factor/off", .POST) { request throws(Problem) in try await self.turnOffSecondFactor(request) },
        ]
    }

    private func account(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let person = try await person(of: request) else { return Self.toSignIn }
        return accountPage(of: person).page.response(.ok)
    }

    private func changePassword(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let (person, name, sent) = try await change(request) else { return Self.toSignIn }
        guard let chosen = sent["new_password"] else { throw .invalid("A new_password is needed.") }
        guard sent["again"] == chosen else { return refuse(.badPassword("Those are two passwords."), in: .password, of: person) }
        switch await desk.choosePassword(chosen, attempt(name, sent, request)) {
        case .person(let changed): return try await goOn(as: changed, request, .leading(to: "/account"))
        case let outcome: return refuse(Problem(outcome), in: .password, of: person)
        }
    }

    private func endSessions(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let (person, name, sent) = try await change(request) else { return Self.toSignIn }
        switch await desk.endSessions(attempt(name, sent, request)) {
        case .person(let changed): return try await goOn(as: changed, request, .leading(to: "/account"))
        case let outcome: return refuse(Problem(outcome), in: .endSessions, of: person)
        }
    }

    /// Shows a key for an app. Nothing is kept of it yet.
    private func offerSecondFactor(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let (person, name, sent) = try await change(request) else { return Self.toSignIn }
        switch await desk.prove(attempt(name, sent, request)) {
        case .person:
            guard let offer = try await asking({ try self.offers.make(for: person) }) else { throw .invalid("You have no password here.") }
            return SecondFactorPage(offer: offer).page.response(.ok)
        case let outcome: return refuse(Problem(outcome), in: .turnOn, of: person)
        }
    }

    private func turnOnSecondFactor(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let (person, _, sent) = try await change(request) else { return Self.toSignIn }
        let offer = try await asking { try self.offers.open(sent["offer"] ?? "", of: person) }
        guard let offer else { return refuse(Self.outdated, in: .turnOn, of: person) }
        switch await desk.turnOnSecondFactor(offer, code: sent["code"] ?? "", of: person) {
        case .on(let changed, let codes): return try await goOn(as: changed, request, SecondFactorPage.done(codes).response(.ok))
        case .wrongCode:
            let problem = Problem(.unprocessableEntity, "BAD_CODE", "That is not the code of this key now. Wait for the next one.")
            return SecondFactorPage(offer: offer, message: problem.detail).page.response(to: problem)
        case .outdated: return refuse(Self.outdated, in: .turnOn, of: person)
        case .unwritable: return refuse(.usersUnwritable, in: .turnOn, of: person)
        }
    }

    private func turnOffSecondFactor(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard let (person, name, sent) = try await change(request) else { return Self.toSignIn }
        switch await desk.turnOffSecondFactor(attempt(name, sent, request)) {
        case .person(let changed): return try await goOn(as: changed, request, .leading(to: "/account"))
        case let outcome: return refuse(Problem(outcome), in: .turnOff, of: person)
        }
    }

    // MARK: Who, and what he has sent

    /// Nil where nobody is signed in any more.
    ///
    /// - Throws: where another site may have made the browser send it, or he has no password here.
    private func change(_ request: HTTPRequest) async throws(Problem) -> (person: SignedInPerson, name: String, sent: SentForm)? {
        guard let person = try await person(of: request) else { return nil }
        guard SameOrigin.isProved(by: request, isSecure: isSecure) else { throw .crossSite }
        guard let name = person.userName else { throw .invalid("You have no password here.") }
        return (person, name, try SentForm(request))
    }

    private func person(of request: HTTPRequest) async throws(Problem) -> SignedInPerson? {
        guard let secret = cookie.secret(in: request.headers.cookie) else { return nil }
        return try await session(secret)?.person
    }

    private func attempt(_ name: String, _ sent: SentForm, _ request: HTTPRequest) -> SignInAttempt {
        attempt(name, sent["password"] ?? "", sent["code"], request)
    }

    // MARK: Answers

    private func accountPage(of person: SignedInPerson) -> AccountPage {
        AccountPage(
            person: person, codesLeft: desk.recoveryCodesLeft(of: person), needsSecondFactor: desk.requiresSecondFactor(of: person.role))
    }

    private func refuse(_ problem: Problem, in form: AccountPage.Form, of person: SignedInPerson) -> HTTPResponse {
        var page = accountPage(of: person)
        page.refused = (form, problem.code == Problem.signInFailed.code ? page.notProved : problem.detail)
        return page.page.response(to: problem)
    }

    /// Gives the browser the session of who he is now.
    private func goOn(as person: SignedInPerson, _ request: HTTPRequest, _ response: HTTPResponse) async throws(Problem) -> HTTPResponse {
        try await endOld(request)
        var response = response
        response.set("Set-Cookie", cookie.field(try await open(for: person)))
        response.set("Cache-Control", "no-store")
        return response
    }

    private static let toSignIn: HTTPResponse = {
        var response = HTTPResponse.leading(to: "/sign-in?return_to=/account")
        response.set("Cache-Control", "no-store")
        return response
    }()

    private static let outdated = Problem(.conflict, "OFFER_OUTDATED", "That key is not good any more. Begin again.")
}
