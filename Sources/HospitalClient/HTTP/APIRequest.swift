import PlainText

/// One request of the public API.
public struct APIRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    public var method: Method
    public var path: String
    public var query: [(name: String, value: String)]
    public var body: JSONValue?
    public var headers: [(name: String, value: String)]

    public init(
        _ method: Method, _ path: String, query: [(name: String, value: String)] = [], body: JSONValue? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.headers = headers
    }
}
