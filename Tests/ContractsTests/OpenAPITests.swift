import Contracts
import ProtobufC
import RPC
import Testing
import Vocabulary

@Suite("The OpenAPI document")
struct OpenAPITests {
    private let document: ProtobufStruct

    init() throws {
        var options = JSONOptions.standard
        options.depthLimit = 30
        document = try ProtobufStruct(json: "\(Contracts.openAPI)", options: options)
    }

    private func object(_ path: String..., in start: ProtobufStruct? = nil) -> ProtobufStruct? {
        path.reduce(start ?? document) { object, key in
            guard case .structValue(let inner) = object?.fields[key]?.kind else { return nil }
            return inner
        }
    }

    private func operation(_ route: Route) -> ProtobufStruct? {
        object("paths", route.pattern, route.httpMethod.lowercased())
    }

    private func texts(_ value: ProtobufValue?) -> [String] {
        guard case .listValue(let list) = value?.kind else { return [] }
        return list.values.compactMap { if case .stringValue(let text) = $0.kind { text } else { nil } }
    }

    @Test func `every route is described with its method, its roles and its answer`() {
        for route in Contracts.routes {
            let operation = operation(route)
            #expect(operation?.fields["x-hms-method"]?.kind == .stringValue(route.method.name))
            let roles = texts(operation?.fields["x-hms-roles"])
            #expect(roles.contains("admin"))
            #expect(object("responses", "\(route.status)", in: operation) != nil)
            #expect((operation?.fields["requestBody"] != nil) == (route.body != .none))
        }
    }

    @Test func `every route tells of the errors that it can answer`() {
        for route in Contracts.routes {
            for status in ["400", "401", "403", "429", "500", "503", "504"] {
                #expect(object("responses", status, in: operation(route)) != nil, "\(route.pattern) \(status)")
            }
            #expect((object("responses", "412", in: operation(route)) != nil) == (route.ifMatchField != nil))
            #expect((object("responses", "415", in: operation(route)) != nil) == (route.body != .none))
        }
    }

    @Test func `every code is one that the hospital knows`() {
        let general = [
            "UNAUTHENTICATED", "PERMISSION_DENIED", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "RATE_LIMITED", "INTERNAL", "UNAVAILABLE",
            "OVERLOADED", "DEADLINE_EXCEEDED",
        ]
        var codes: Set<String> = []
        for responses in Contracts.routes.compactMap({ object("responses", in: operation($0)) })
            + [object("components", "responses")].compactMap(\.self)
        {
            for status in responses.fields.keys {
                let schema = object(status, "content", "application/problem+json", "schema", "properties", "code", in: responses)
                codes.formUnion(texts(schema?.fields["enum"]))
            }
        }
        #expect(codes.contains("POSSIBLE_DUPLICATE"))
        #expect(codes.contains("PATIENT_NOT_FOUND"))
        for code in codes { #expect(general.contains(code) || RejectionCode(rawValue: code) != nil, "\(code)") }
    }

    @Test func `what a patient's name must be like stands in the schema`() {
        let name = object("components", "schemas", "CreatePatientRequest", "properties", "name")
        #expect(name?.fields["maxLength"]?.kind == .numberValue(200))
        #expect(name?.fields["minLength"]?.kind == .numberValue(1))
        #expect(name?.fields["x-hms-personal"]?.kind == .boolValue(true))
        #expect(texts(object("components", "schemas", "CreatePatientRequest")?.fields["required"]) == ["name", "dob"])
    }
}
