import Contracts
import HMSTestKit
import NIOCore
import PlainText
import PublicRoutes
import RPC
import Routes
import Testing
import UnimplementedServices

/// Examples are held to what they are examples of: a reader copies them.
@Suite("The examples of the OpenAPI document")
struct OpenAPIExampleTests {
    let document: APIDocument

    init() throws {
        document = try APIDocument.current.get()
    }

    @Test func `every request and every answer has an example that fits its schema`() throws {
        for operation in document.operations where operation.path != "/docs" && operation.path != "/openapi.json" {
            let answers = (operation.tree["responses"]?.members ?? []).compactMap { document.resolved($0.value) }
            for holder in [operation.tree["requestBody"]].compactMap(\.self) + answers {
                guard let content = holder["content"]?.members.first?.value, let schema = content["schema"] else { continue }
                let example = content["example"] ?? document.resolved(schema)?["examples"]?.elements.first
                let given = try #require(example, "\(operation)")
                #expect(document.schemas.faults(of: given, under: schema) == [], "\(operation)")
            }
        }
    }

    @Test func `every parameter that must be there has an example, and each fits its schema`() throws {
        for operation in document.operations {
            for parameter in try parameters(of: operation) {
                let (name, example) = (parameter["name"]?.text ?? "", parameter["example"])
                #expect(parameter["required"] != true || example != nil || isEnum(parameter), "\(operation) \(name)")
                guard let example, let schema = parameter["schema"] else { continue }
                #expect(document.schemas.faults(of: example, under: schema) == [], "\(operation) \(name)")
            }
        }
    }

    /// What a reader copies is not refused: the program itself reads it.
    @Test func `every example of a request is taken by its route`() throws {
        for route in Contracts.routes {
            let operation = try #require(document.operation(route.httpMethod, route.pattern))
            var input = RouteInput()
            for parameter in try parameters(of: operation) {
                guard let name = parameter["name"]?.text, let text = exampleText(parameter) else { continue }
                if parameter["in"] == "path" { input.path.append((name: name, value: text)) }
                if parameter["in"] == "query" { input.query.append((name: name, values: [text])) }
            }
            input.body = body(of: operation)
            #expect(throws: Never.self, "\(operation)") { try route.encodeRequest(input) }
        }
    }

    private func parameters(of operation: APIDocument.Operation) throws -> [JSONValue] {
        try (operation.tree["parameters"]?.elements ?? []).map { try #require(document.resolved($0)) }
    }

    private func isEnum(_ parameter: JSONValue) -> Bool { document.resolved(parameter["schema"])?["enum"] != nil }

    private func exampleText(_ parameter: JSONValue) -> String? {
        let example = parameter["example"] ?? document.resolved(parameter["schema"])?["enum"]?.elements.first
        return example.map { $0.text ?? $0.compact }
    }

    private func body(of operation: APIDocument.Operation) -> ByteBuffer? {
        let schema = document.resolved(operation.tree["requestBody"]?["content"]?["application/json"]?["schema"])
        return (schema?["examples"]?.elements.first).map { ByteBuffer(string: $0.compact) }
    }

    /// More white space than any field may be long, around every text of every example: it is taken off before the rules of
    /// the fields are looked at, so that each request reaches its handler.
    @Test func `white space around a text is no part of it, on any route`() async throws {
        let hospital = InProcessChannel(services: UnimplementedServices.services)
        let space = String(repeating: " \u{2003}\u{A0}\u{3000}\t", count: 1_100)
        var padded: Set<String> = []
        for route in Contracts.routes {
            let operation = try #require(document.operation(route.httpMethod, route.pattern))
            var input = RouteInput()
            for parameter in try parameters(of: operation) {
                guard let name = parameter["name"]?.text, let text = exampleText(parameter) else { continue }
                if parameter["in"] == "path" { input.path.append((name: name, value: space + text + space)) }
                if parameter["in"] == "query" { input.query.append((name: name, values: [space + text + space])) }
                padded.insert(name)
            }
            input.body = paddedBody(of: operation, by: space, noting: &padded)
            let request = try route.encodeRequest(input)
            let refusal = await refusal { _ = try await hospital.call(route.method, request, CallOptions()) }
            #expect(refusal?.code == .unimplemented, "\(operation): \(refusal?.violations ?? [])")
        }
        for name in ["name", "email", "phone", "dob", "allergies", "department", "reason", "message", "patient_id", "doctor_id"] {
            #expect(padded.contains(name), "\(name)")
        }
    }

    /// The body of the example with white space around its texts: all but times and enums, which are no texts.
    private func paddedBody(of operation: APIDocument.Operation, by space: String, noting padded: inout Set<String>) -> ByteBuffer? {
        let schema = document.resolved(operation.tree["requestBody"]?["content"]?["application/json"]?["schema"])
        guard let schema, let example = schema["examples"]?.elements.first else { return nil }
        let members = example.members.map { member -> JSONMember in
            let rule = document.resolved(schema["properties"]?[member.name])
            guard rule?["enum"] == nil, rule?["format"]?.text != "date-time" else { return member }
            if let text = member.value.text {
                padded.insert(member.name)
                return JSONMember(member.name, .string(space + text + space))
            }
            guard case .array(let elements) = member.value, rule?["items"]?["type"]?.text == "string" else { return member }
            padded.insert(member.name)
            return JSONMember(member.name, .array(elements.map { .string(space + ($0.text ?? "") + space) }))
        }
        return ByteBuffer(string: JSONValue.object(members).compact)
    }

    @Test(arguments: ["appointment_id", "slot_start", "status"])
    func `a fault of an example is seen`(field: String) throws {
        let appointment: JSONValue = ["$ref": "#/components/schemas/Appointment"]
        let example = try #require(document.resolved(appointment)?["examples"]?.elements.first)
        #expect(document.schemas.faults(of: example, under: appointment) == [])
        let without = JSONValue.object(example.members.filter { $0.name != field })
        #expect(document.schemas.faults(of: without, under: appointment) == ["$.\(field) is missing"])
        let broken = JSONValue.object(example.members.map { $0.name == field ? JSONMember(field, 7) : $0 })
        #expect(!document.schemas.faults(of: broken, under: appointment).isEmpty)
    }
}
