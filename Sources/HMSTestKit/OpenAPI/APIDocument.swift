import Contracts
public import PlainText

/// The OpenAPI document, and whether what happens is what it says.
public struct APIDocument: Sendable {
    public let tree: JSONValue
    public let schemas: SchemaCheck
    public let operations: [Operation]

    /// One method of one path.
    public struct Operation: Sendable, CustomStringConvertible {
        /// `GET`
        public let method: String
        /// `/v1/patients/{patient_id}`
        public let path: String
        public let tree: JSONValue

        public var description: String { "\(method) \(path)" }
        public var id: String { tree["operationId"]?.text ?? "" }
    }

    /// The document of this build.
    public static let current = Result { try APIDocument(parsing: String(decoding: Contracts.openAPI, as: UTF8.self)) }

    public init(parsing text: String) throws {
        self.init(try JSONValue(parsing: text))
    }

    public init(_ tree: JSONValue) {
        self.tree = tree
        schemas = SchemaCheck(document: tree)
        let verbs = ["get", "put", "post", "delete", "patch"]
        operations = (tree["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { verbs.contains($0.name) }.map { verb in
                Operation(method: verb.name.uppercased(), path: path.name, tree: verb.value)
            }
        }
    }

    /// The node itself, or what it refers to.
    public func resolved(_ node: JSONValue?) -> JSONValue? {
        guard let reference = node?["$ref"] else { return node }
        return schemas.target(of: reference)
    }

    /// The operation that a path belongs to; one that is written out comes before one with a parameter in its place.
    public func operation(_ method: String, _ path: String) -> Operation? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let fitting = operations.filter { $0.method == method && $0.fits(parts) }
        return fitting.min { $0.parameterCount < $1.parameterCount }
    }
}

extension APIDocument.Operation {
    fileprivate func fits(_ parts: [Substring]) -> Bool {
        let own = path.split(separator: "/", omittingEmptySubsequences: false)
        return own.count == parts.count && zip(own, parts).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && !$1.isEmpty) }
    }

    fileprivate var parameterCount: Int { path.count { $0 == "{" } }
}
