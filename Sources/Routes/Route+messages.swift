import NIOCore
public import ProtobufC
public import ProtobufJSON
public import RPC

extension Route {
    /// Reads a body into its request.
    public typealias BodyReader<Request: JSONMessage> = @Sendable (inout Request, inout JSONReader) throws -> Void

    /// A route between two types of messages.
    ///
    /// - Parameters:
    ///   - readBody: reads the body where it is one field of the request.
    ///   - setNames: takes the names of the fields that the body holds.
    ///   - setVersion: takes the version that `If-Match` names.
    ///   - answer: shows the response.
    public init<Request: JSONMessage, Response: Message>(
        _ httpMethod: String, _ path: [PathSegment], _ method: MethodDescriptor, from request: Request.Type, to response: Response.Type,
        body: RouteBody = .none, status: Int = 200, queryFields: [String] = [], plusFields: [String] = [],
        ifMatchField: String? = nil, updateMaskField: String? = nil, readBody: BodyReader<Request>? = nil,
        setNames: (@Sendable (inout Request, [String]) -> Void)? = nil, setVersion: (@Sendable (inout Request, Int64) -> Void)? = nil,
        answer: @escaping @Sendable (Response) throws -> RouteOutput
    ) {
        let pathFields = path.compactMap { segment in
            if case .field(let name) = segment { name } else { nil }
        }
        let elsewhere = body == .whole ? pathFields + [ifMatchField, updateMaskField].compactMap(\.self) : []
        let readWhole: BodyReader<Request> = { request, json in try request.readJSON(from: &json) }
        let reader = RequestReader(
            queryFields: queryFields, elsewhere: elsewhere, readBody: body == .whole ? readWhole : readBody, setNames: setNames)
        self.init(
            httpMethod, path, method, body: body, status: status, queryFields: queryFields, plusFields: plusFields,
            ifMatchField: ifMatchField,
            encodeRequest: { input in
                var request = try reader.request(input)
                if let version = input.expectedVersion { setVersion?(&request, version) }
                return request.payload()
            },
            decodeResponse: { bytes in
                try answer(bytes.withUnsafeReadableBytes { try Response(protobuf: $0) })
            })
    }

    /// Shows what stands in one field of the response, which throws ``MissingResource`` where nothing does.
    public static func resource<Response: Message, Resource>(
        _ name: String, _ field: @escaping @Sendable (Response) -> Resource?, answer: @escaping @Sendable (Resource) throws -> RouteOutput
    ) -> @Sendable (Response) throws -> RouteOutput {
        { response in
            guard let resource = field(response) else { throw MissingResource(name) }
            return try answer(resource)
        }
    }
}
