import NIOHTTP1
import SignIn

/// The form to sign in with.
struct SignInPage {
    let returnTo: ReturnAddress
    /// Whether anybody has a password here.
    let hasUsers: Bool
    /// Where else people sign in, by its host.
    var provider: String?
    /// What was typed before.
    var name = ""
    /// Why it didn't work.
    var message = ""
    /// Whether a new password is chosen.
    var asksForNew = false

    func response(_ status: HTTPResponseStatus) -> HTTPResponse { page.response(status) }
    func response(to problem: Problem) -> HTTPResponse { page.response(to: problem) }

    private var page: FormPage {
        let form = hasUsers ? self.form : provider == nil ? Self.noUsers : ""
        let link = asksForNew ? "" : provider.map { Self.link($0, returnTo, isAlone: !hasUsers) } ?? ""
        return FormPage(title: asksForNew ? "Choose a password" : "Sign in", message: message, content: form + link)
    }

    private static let noUsers =
        "<p class=\"none\">Nobody has a password here yet. On the hospital's machine:<br><code>hms user add NAME --role reception</code></p>"

    private static func link(_ provider: String, _ returnTo: ReturnAddress, isAlone: Bool) -> String {
        let query = PercentEncoding.encode(returnTo.path)
        return (isAlone ? "" : "<p class=\"or\">or</p>")
            + "<a class=\"button\" href=\"/session/provider?return_to=\(query)\">Sign in with \(FormPage.escaped(provider))</a>"
    }

    private var form: String {
        """
        <form method="post" action="/session\(asksForNew ? "/password" : "")">
          <input type="hidden" name="return_to" value="\(FormPage.escaped(returnTo.path))">
        \(FormField.name(name).html)\
        \(FormField.password(asksForNew ? "Password until now" : "Password", isFirst: !name.isEmpty).html)\
        \(FormField.code("Code <small>where you have an app for it</small>").html)\
        \(asksForNew ? Self.newPassword() : "")\
          <button>\(asksForNew ? "Choose it" : "Sign in")</button>
        </form>
        \(asksForNew ? "" : "<p class=\"more\"><a href=\"/session/password\">Choose another password</a></p>")
        """
    }

    /// The fields of a new password, in a form that has such a name where a page has several.
    static func newPassword(of form: String = "") -> String {
        let label = "New one <small>\(PasswordPolicy.lengths.lowerBound) characters at least, any of them</small>"
        return FormField.password(label, named: "new_password", "new-password", of: form).html
            + FormField.password("New one, once more", named: "again", "new-password", of: form).html
    }
}
