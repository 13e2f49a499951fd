import FoundationEssentials
import NIOCore

/// What somebody signs in with, as a form or as JSON.
struct SignInForm: Decodable {
    let name: String
    let password: String
    /// Of his second factor.
    var code: String?
    /// What he chooses instead of the password.
    var newPassword: String?
    /// The same once more, at a form.
    private(set) var again: String?
    /// Where he wants to go then.
    var returnTo: String?
    /// Whether a person at a form waits for a page.
    private(set) var isForm = false

    private enum CodingKeys: String, CodingKey {
        case name, password, code
        case newPassword = "new_password"
        case returnTo = "return_to"
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        name = try members.decode(String.self, forKey: .name)
        password = try members.decode(String.self, forKey: .password)
        code = try members.decodeIfPresent(String.self, forKey: .code)
        newPassword = try members.decodeIfPresent(String.self, forKey: .newPassword)
        returnTo = try members.decodeIfPresent(String.self, forKey: .returnTo)
    }

    init(_ request: HTTPRequest) throws(Problem) {
        let body = request.body.map { Array($0.readableBytesView) } ?? []
        guard let contentType = request.headers.contentType else { throw .unsupportedMediaType }
        if MediaType.isJSON(contentType) {
            guard let form = try? JSONDecoder().decode(SignInForm.self, from: Data(body)) else {
                throw .invalid("The body is an object with name and password.")
            }
            self = form
        } else {
            let fields = try SentForm(request)
            guard let name = fields["name"], let password = fields["password"] else {
                throw .invalid("The form has a name and a password.")
            }
            self.name = name
            self.password = password
            code = fields["code"]
            newPassword = fields["new_password"]
            again = fields["again"]
            returnTo = fields["return_to"]
            isForm = true
        }
    }
}

/// What a browser sends of a form (WHATWG URL, 5).
struct SentForm {
    private let fields: [(name: String, value: String)]

    init(_ request: HTTPRequest) throws(Problem) {
        guard request.headers.contentType?.prefix(while: { $0 != ";" }).lowercased() == "application/x-www-form-urlencoded" else {
            throw .unsupportedMediaType
        }
        let body = request.body.map { Array($0.readableBytesView) } ?? []
        let target = String(validating: body, as: UTF8.self).flatMap { RequestTarget("/?\($0)") }
        guard let items = target?.queryItems() else { throw .invalid("The form can't be read.") }
        fields = items.map { ($0.name, $0.value) }
    }

    subscript(_ name: String) -> String? { fields.last { $0.name == name }?.value }
}
