import CDocs
import NIOHTTP1

/// A page of forms. It works without a script, and has none.
struct FormPage {
    let title: String
    /// Why something didn't work; nothing where it did.
    var message = ""
    /// What it says as HTML.
    let content: String

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

    /// The same where something was refused; its message says why.
    func response(to problem: Problem) -> HTTPResponse {
        var response = response(problem.status)
        response.set("Retry-After", problem.retryAfterSeconds)
        response.set("WWW-Authenticate", problem.challenge)
        return response
    }

    private func html(_ nonce: String) -> String {
        var page = Self.pieces.joined(separator: nonce)
        page = page.replacing("{{title}}", with: title)
        page = page.replacing("{{message}}", with: message.isEmpty ? "" : "<p class=\"bad\" role=\"alert\">\(Self.escaped(message))</p>")
        return page.replacing("{{form}}", with: content)
    }

    /// Letter by letter as Unicode has them: a sign with an accent on it is still that sign to a browser.
    static func escaped(_ text: String) -> String {
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

/// One field of a form, with its label.
struct FormField {
    private let id: String
    private let label: String
    private let attributes: String

    /// - Parameter id: its name in the form, behind the form's own where a page has several.
    private init(_ id: String, _ label: String, _ attributes: String, isFirst: Bool) {
        self.id = id
        self.label = label
        self.attributes = attributes + (isFirst ? " autofocus" : "")
    }

    static func password(
        _ label: String, named name: String = "password", _ kind: String = "current-password", of form: String = "", isFirst: Bool = false
    ) -> FormField {
        FormField(
            form + name, label, "name=\"\(name)\" type=\"password\" autocomplete=\"\(kind)\" maxlength=\"256\" required", isFirst: isFirst)
    }

    /// Of an app or of the paper.
    static func code(_ label: String, of form: String = "", isRequired: Bool = false, isFirst: Bool = false) -> FormField {
        FormField(
            form + "code", label,
            "name=\"code\" autocomplete=\"one-time-code\" autocapitalize=\"none\" spellcheck=\"false\" maxlength=\"32\""
                + (isRequired ? " required" : ""), isFirst: isFirst)
    }

    static func name(_ name: String) -> FormField {
        FormField(
            "name", "Name",
            "name=\"name\" value=\"\(FormPage.escaped(name))\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" "
                + "maxlength=\"64\" required", isFirst: name.isEmpty)
    }

    var html: String {
        """
          <label for="\(id)">\(label)</label>
          <input id="\(id)" \(attributes)>

        """
    }
}
