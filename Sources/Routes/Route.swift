public import FieldChecks
public import NIOCore
public import ProtobufJSON
public import RPC

/// One piece of a route's path.
public enum PathSegment: Hashable, Sendable {
    case literal(String)
    /// Holds the value of the request's field of this name.
    case field(String)
}

/// What an HTTP body is to a request.
public enum RouteBody: Hashable, Sendable {
    /// There is none.
    case none
    /// It is the request, but for what the path and headers give.
    case whole
    /// It is the request's field of this name.
    case field(String)
}

/// How HTTP reaches a method. Generated from the contract.
public struct Route: Sendable {
    /// `GET`
    public let httpMethod: String
    public let path: [PathSegment]
    public let method: MethodDescriptor
    public let body: RouteBody
    /// What success answers: 200, 201 or 204.
    public let status: Int
    /// The request fields that query parameters may set.
    public let queryFields: [String]
    /// Those of them in which `+` means itself and not a space: addresses, numbers and times.
    public let plusFields: [String]
    /// The request field that `If-Match` fills.
    public let ifMatchField: String?
    /// Makes the request. Throws ``InvalidRequest`` where HTTP gives something wrong.
    public let encodeRequest: @Sendable (RouteInput) throws -> ByteBuffer
    /// Makes the answer from the response.
    public let decodeResponse: @Sendable (ByteBuffer) throws -> RouteOutput

    public init(
        _ httpMethod: String, _ path: [PathSegment], _ method: MethodDescriptor, body: RouteBody = .none, status: Int = 200,
        queryFields: [String] = [], plusFields: [String] = [], ifMatchField: String? = nil,
        encodeRequest: @escaping @Sendable (RouteInput) throws -> ByteBuffer,
        decodeResponse: @escaping @Sendable (ByteBuffer) throws -> RouteOutput
    ) {
        self.httpMethod = httpMethod
        self.path = path
        self.method = method
        self.body = body
        self.status = status
        self.queryFields = queryFields
        self.plusFields = plusFields
        self.ifMatchField = ifMatchField
        self.encodeRequest = encodeRequest
        self.decodeResponse = decodeResponse
    }

    /// `/v1/patients/{patient_id}`
    public var pattern: String {
        path.map { segment in
            switch segment {
            case .literal(let text): "/\(text)"
            case .field(let name): "/{\(name)}"
            }
        }.joined()
    }

    /// A request field's name as HTTP callers know it: where the body is one field, that field's name is not theirs.
    public func publicName(ofField field: String) -> String {
        guard case .field(let body) = self.body, field.hasPrefix(body + ".") else { return field }
        return String(field.dropFirst(body.count + 1))
    }
}

/// What HTTP gives for a request.
public struct RouteInput: Sendable {
    /// The path's fields, decoded.
    public var path: [(name: String, value: String)]
    /// The query's parameters, decoded, each name once.
    public var query: [(name: String, values: [String])]
    public var body: ByteBuffer?
    /// The version that `If-Match` names.
    public var expectedVersion: Int64?

    public init(
        path: [(name: String, value: String)] = [], query: [(name: String, values: [String])] = [], body: ByteBuffer? = nil,
        expectedVersion: Int64? = nil
    ) {
        self.path = path
        self.query = query
        self.body = body
        self.expectedVersion = expectedVersion
    }
}

/// What HTTP answers.
public struct RouteOutput: Sendable {
    /// Empty where the status is 204.
    public let json: [UInt8]
    /// The version of the resource: its entity tag.
    public let version: Int64?
    /// The path of what was created.
    public let location: String?

    public init(json: [UInt8] = [], version: Int64? = nil, location: String? = nil) {
        self.json = json
        self.version = version
        self.location = location
    }

    /// The answer that shows a resource.
    public init<Resource: JSONMessage>(_ resource: Resource, version: Int64? = nil, location: String? = nil) throws {
        self.init(json: try resource.json(options: .api), version: version, location: location)
    }
}

/// An HTTP request that is not what its route takes. Never holds a value of it.
public struct InvalidRequest: Error, Hashable, Sendable {
    public let violations: [FieldViolation]

    public init(_ violations: [FieldViolation]) {
        self.violations = violations
    }
}

/// A response without the resource that its method promises.
public struct MissingResource: Error, Hashable, Sendable {
    public let field: String

    public init(_ field: String) {
        self.field = field
    }
}
