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
struct Route: Sendable {
    let httpMethod: String
    let path: [PathSegment]
    let pattern: String
    let body: RouteBody
    let method: MethodDescriptor
    let status: Int
    let queryFields: [String]
    let ifMatchField: String?
    let encodeRequest: @Sendable (RouteInput) throws -> ByteBuffer
    let decodeResponse: @Sendable (ByteBuffer) throws -> RouteOutput
}
