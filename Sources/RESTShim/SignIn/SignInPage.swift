import CDocs
import NIOHTTP1
import SignIn

/// The form to sign in with. It works without a script, and has none.
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

    private static let pieces = ShimPage.pieces(of: sign_in_html(), ["sign-in.css": sign_in_css()])

    func response(_ status: HTTPResponseStatus) -> HTTPResponse {
        let nonce = ShimPage.nonce()
        var response = HTTPResponse(status: status, contentType: "text/html; charset=utf-8")
        response.set(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'nonce-\(nonce)'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
        // A browser that is told to send no referrer sends no origin with a form either, by which it would be known.
        response.set("Referrer-Policy", "same-origin")
        response.set("X-Frame-Options", "DENY")
        response.set("Cache-Control", "no-store")
        response.body = .bytes(Array(html(nonce).utf8))
        return response
    }

    private func html(_ nonce: String) -> String {
        var page = Self.pieces.joined(separator: nonce)
        let form = hasUsers ? self.form : provider == nil ? Self.noUsers : ""
        let link = asksForNew ? "" : provider.map { Self.link($0, returnTo, isAlone: !hasUsers) } ?? ""
        page = page.replacing("{{title}}", with: asksForNew ? "Choose a password" : "Sign in")
        page = page.replacing("{{message}}", with: message.isEmpty ? "" : "<p class=\"bad\" role=\"alert\">\(Self.escaped(message))</p>")
        return page.replacing("{{form}}", with: form + link)
    }

    private static let noUsers =
        "<p class=\"none\">Nobody has a password here yet. On the hospital's machine:<br><code>hms user add NAME --role reception</code></p>"

    private static func link(_ provider: String, _ returnTo: ReturnAddress, isAlone: Bool) -> String {
        let query = PercentEncoding.encode(returnTo.path)
        return (isAlone ? "" : "<p class=\"or\">or</p>")
            + "<a class=\"button\" href=\"/session/provider?return_to=\(query)\">Sign in with \(escaped(provider))</a>"
    }

    private var form: String {
        """
        <form method="post" action="/session\(asksForNew ? "/password" : "")">
          <input type="hidden" name="return_to" value="\(Self.escaped(returnTo.path))">
          <label for="name">Name</label>
          <input id="name" name="name" value="\(Self.escaped(name))" autocomplete="username" autocapitalize="none" spellcheck="false" \
        maxlength="64" required\(name.isEmpty ? " autofocus" : "")>
        \(Self.secret("password", asksForNew ? "Password until now" : "Password", "current-password", isFirst: !name.isEmpty))
          <label for="code">Code <small>where you have an app for it</small></label>
          <input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" maxlength="32">
        \(asksForNew ? Self.newPassword : "")
          <button>\(asksForNew ? "Choose it" : "Sign in")</button>
        </form>
        \(asksForNew ? "" : "<p class=\"more\"><a href=\"/session/password\">Choose another password</a></p>")
        """
    }

    private static var newPassword: String {
        let lengths = PasswordPolicy.lengths
        return secret("new_password", "New one <small>\(lengths.lowerBound) characters at least, any of them</small>", "new-password")
            + "\n"
            + secret("again", "New one, once more", "new-password")
    }

    private static func secret(_ name: String, _ label: String, _ kind: String, isFirst: Bool = false) -> String {
        """
          <label for="\(name)">\(label)</label>
          <input id="\(name)" name="\(name)" type="password" autocomplete="\(kind)" maxlength="256" required\(isFirst ? " autofocus" : "")>
        """
    }

    /// Letter by letter as Unicode has them: a sign with an accent on it is still that sign to a browser.
    private static func escaped(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, letter in
            switch letter {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(letter)
            }
        }
    }
}
