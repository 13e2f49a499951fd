import NIOCore
import ProtobufC
import RPC

enum PathSegment: Sendable { case literal(String), field(String) }
enum RouteBody: Sendable { case none, whole, field(String) }
struct RouteInput: Sendable {
    var path: [(name: String, value: String)] = []
    var query: [(name: String, values: [String])] = []
    var body: ByteBuffer?
    var expectedVersion: Int64?
}
struct RouteOutput: Sendable { var json: [UInt8]; var version: Int64?; var location: String? }
struct InvalidRequest: Error { let violations: [FieldViolation]; init(_ violations: [FieldViolation]) { self.violations = violations } }
struct Route: Sendable {
    let httpMethod: String
    let path: [PathSegment]
    let method: MethodDescriptor
    let body: RouteBody
    let status: Int
    let queryFields: [String]
    let ifMatchField: String?
    let encodeRequest: @Sendable (RouteInput) throws -> ByteBuffer
    let decodeResponse: @Sendable (ByteBuffer) throws -> RouteOutput
    init(
        _ httpMethod: String, _ path: [PathSegment], _ method: MethodDescriptor, body: RouteBody = .none, responseField: String? = nil,
        location: String? = nil, status: Int = 200, queryFields: [String] = [], ifMatchField: String? = nil,
        updateMaskField: String? = nil, encodeRequest: @escaping @Sendable (RouteInput) throws -> ByteBuffer,
        decodeResponse: @escaping @Sendable (ByteBuffer) throws -> RouteOutput
    ) {
        self.httpMethod = httpMethod
        self.path = path
        self.method = method
        self.body = body
        self.status = status
        self.queryFields = queryFields
        self.ifMatchField = ifMatchField
        self.encodeRequest = encodeRequest
        self.decodeResponse = decodeResponse
    }
    var pattern: String {
        path.map { segment in
            switch segment {
            case .literal(let text): "/\(text)"
            case .field(let name): "/{\(name)}"
            }
        }.joined()
    }
    func publicName(ofField field: String) -> String {
        guard case .field(let body) = self.body, field.hasPrefix(body + ".") else { return field }
        return String(field.dropFirst(body.count + 1))
    }
}
