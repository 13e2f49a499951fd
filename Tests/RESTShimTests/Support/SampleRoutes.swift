import FieldChecks
import Foundation
import NIOCore
import ProtobufJSON
import RPC
import Routes

@testable import RESTShim

/// Routes of every kind, made by hand. Their requests are written as text, so that a test can read what would be called.
enum SampleRoutes {
    static let all = [
        route("POST", ["v1", "samples"], "Create", body: .whole, status: 201, idempotency: .keyOptional),
        route("GET", ["v1", "samples", "{sample_id}"], "Get"),
        route("GET", ["v1", "samples"], "List", query: ["query", "page_size", "tag", "email"], plus: ["email"]),
        route("PATCH", ["v1", "samples", "{sample_id}"], "Update", body: .field("sample"), ifMatch: "expected_version"),
        route("DELETE", ["v1", "samples", "{sample_id}"], "Delete", status: 204),
        route("POST", ["v1", "samples", "{sample_id}", "touch"], "Touch"),
        route("GET", ["v1", "samples", "special"], "Special"),
        route("GET", ["v1", "closed"], "Closed", roles: []),
        route("GET", ["v1", "billing"], "Billing", roles: .billing),
        route("GET", ["v1", "absent"], "Absent", service: "absent"),
    ]

    private static func route(
        _ httpMethod: String, _ path: [String], _ method: String, service: String = "sample", body: RouteBody = .none, status: Int = 200,
        query: [String] = [], plus: [String] = [], ifMatch: String? = nil, roles: RoleSet = [.reception, .doctor],
        idempotency: Idempotency = .readOnly
    ) -> Route {
        Route(
            httpMethod, path.map { $0.hasPrefix("{") ? .field(String($0.dropFirst().dropLast())) : .literal($0) },
            MethodDescriptor(name: "hms.\(service).v1.SampleService/\(method)", idempotency: idempotency, roles: roles), body: body,
            status: status, queryFields: query, plusFields: plus, ifMatchField: ifMatch,
            encodeRequest: { input in
                let unknown = input.query.map(\.name).filter { !query.contains($0) }
                guard unknown.isEmpty else { throw InvalidRequest(unknown.map { FieldViolation(field: $0, message: "is not known") }) }
                return ByteBuffer(string: text(of: input))
            },
            decodeResponse: { try output($0) })
    }

    /// `sample_id=s_1 query=a,b version=3 body={…}`
    private static func text(of input: RouteInput) -> String {
        var parts = input.path.map { "\($0.name)=\($0.value)" }
        parts += input.query.map { "\($0.name)=\($0.values.joined(separator: ","))" }
        if let version = input.expectedVersion { parts.append("version=\(version)") }
        if let body = input.body { parts.append("body=\(String(buffer: body))") }
        return parts.joined(separator: " ")
    }

    /// The reply is JSON already; its `version` and `location` stand for what a generated route reads off the message.
    private static func output(_ payload: ByteBuffer) throws -> RouteOutput {
        let json = Array(payload.readableBytesView)
        let object = try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
        return RouteOutput(json: json, version: object?["version"] as? Int64, location: object?["location"] as? String)
    }
}
