import NIOHTTP1
import ServiceKit
import SignIn

/// A password that its owner chooses. He says the old one, as at a sign-in, and it counts as a try to sign in; his other sessions end.
extension SignInDoor {
    /// Whoever is signed in finds his name there.
    func passwordPage(for request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        var name = ""
        if let secret = cookie.secret(in: request.headers.cookie) { name = try await session(secret)?.person.name ?? "" }
        var page = signInPage(returnTo: returnTo(of: request), name: name)
        page.asksForNew = true
        return page.response(.ok)
    }

    func choosePassword(_ request: HTTPRequest) async throws(Problem) -> HTTPResponse {
        guard !SameOrigin.isDisproved(by: request, isSecure: isSecure) else { throw .crossSite }
        let form = try SignInForm(request)
        guard let chosen = form.newPassword else { throw .invalid("A new_password is needed.") }
        if form.isForm, form.again != chosen { return refuse(.badPassword("Those are two passwords."), form, asksForNew: true) }
        return try await answer(desk.choosePassword(chosen, attempt(form, request)), form, request)
    }
}
