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
        } else if contentType.prefix(while: { $0 != ";" }).lowercased() == "application/x-www-form-urlencoded" {
            try self.init(fields: body)
        } else {
            throw .unsupportedMediaType
        }
    }

    private init(fields body: [UInt8]) throws(Problem) {
        let target = String(validating: body, as: UTF8.self).flatMap { RequestTarget("/?\($0)") }
        guard let items = target?.queryItems() else { throw .invalid("The form can't be read.") }
        func value(_ name: String) -> String? { items.last { $0.name == name }?.value }
        guard let name = value("name"), let password = value("password") else { throw .invalid("The form has a name and a password.") }
        self.name = name
        self.password = password
        code = value("code")
        newPassword = value("new_password")
        again = value("again")
        returnTo = value("return_to")
        isForm = true
    }
}
