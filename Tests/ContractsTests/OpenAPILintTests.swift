import Contracts
import HMSTestKit
import PlainText
import PublicRoutes
import RPC
import Routes
import Testing

/// How the document must be written, so that people understand it and generators make good clients of it.
@Suite("The OpenAPI document is well written")
struct OpenAPILintTests {
    let document: APIDocument

    init() throws {
        document = try APIDocument.current.get()
    }

    /// A place in the document: `components/schemas/Patient/properties/name`.
    private struct Node {
        let path: [String]
        let value: JSONValue

        var name: String { path.joined(separator: "/") }
        var parent: String { path.dropLast().last ?? "" }
    }

    /// Every node but those inside examples, which are data.
    private var nodes: [Node] { nodes(below: Node(path: [], value: document.tree)) }

    private func nodes(below node: Node) -> [Node] {
        let children =
            node.value.members.map { Node(path: node.path + [$0.name], value: $0.value) }
            + node.value.elements.enumerated().map { Node(path: node.path + ["\($0)"], value: $1) }
        return [node] + children.filter { $0.path.last != "examples" && $0.path.last != "example" }.flatMap(nodes)
    }

    private func components(_ kind: String) -> [JSONMember] { document.tree["components"]?[kind]?.members ?? [] }

    @Test func `every reference leads somewhere, and every component is referred to`() {
        let references = Set(nodes.compactMap { $0.path.last == "$ref" ? $0.value.text : nil })
        for reference in references { #expect(document.schemas.target(of: .string(reference)) != nil, "\(reference)") }
        for kind in ["schemas", "parameters", "headers", "responses"] {
            for component in components(kind) { #expect(references.contains("#/components/\(kind)/\(component.name)")) }
        }
    }

    /// Generators give schemas that have no name one of their own: `InlineObject5`.
    @Test func `every object has a name`() {
        for node in nodes where node.value["properties"] != nil && node.parent != "properties" {
            #expect(node.path.count == 3 && node.path.starts(with: ["components", "schemas"]), "\(node.name)")
        }
        for node in nodes { #expect(node.value["allOf"] == nil && node.value["oneOf"] == nil, "\(node.name)") }
    }

    @Test func `errors stand once and are referred to, and all are one schema`() {
        for operation in document.operations {
            for response in operation.tree["responses"]?.members ?? [] where response.name >= "400" {
                #expect(response.value["$ref"] != nil || operation.path == "/readyz", "\(operation) \(response.name)")
            }
        }
        for response in components("responses") {
            guard let content = response.value["content"] else { continue }
            #expect(content["application/problem+json"]?["schema"] == ["$ref": "#/components/schemas/Problem"], "\(response.name)")
        }
    }

    @Test func `nothing is said twice: no value of an enum, no required field, no error, no operation`() {
        for node in nodes where ["enum", "required", "x-hms-errors", "x-hms-roles", "type"].contains(node.path.last ?? "") {
            #expect(Set(node.value.elements).count == node.value.elements.count, "\(node.name)")
        }
        let ids = document.operations.map(\.id)
        #expect(Set(ids).count == ids.count && !ids.contains(""))
    }

    @Test func `an operation is named after its route, so that clients keep their names`() {
        for route in Contracts.routes {
            let method = route.method.name.split(separator: "/").last.map(String.init) ?? ""
            #expect(document.operation(route.httpMethod, route.pattern)?.id.lowercased() == method.lowercased())
        }
    }

    @Test func `everything is described in words`() {
        let kinds: Set = ["properties", "responses", "headers", "schemas", "parameters", "securitySchemes"]
        for node in nodes where kinds.contains(node.parent) && node.value["$ref"] == nil {
            #expect(isDescribed(node.value), "\(node.name)")
        }
        for node in nodes where node.parent == "properties" { #expect(isDescribed(node.value), "\(node.name)") }
        for operation in document.operations {
            #expect(isDescribed(operation.tree) && operation.tree["summary"]?.text?.isEmpty == false, "\(operation)")
            #expect(operation.tree["tags"]?.elements.count == 1, "\(operation)")
        }
        for tag in document.tree["tags"]?.elements ?? [] { #expect(isDescribed(tag)) }
    }

    private func isDescribed(_ value: JSONValue) -> Bool { value["description"]?.text?.isEmpty == false }

    @Test func `every value of an enum is described`() {
        for schema in components("schemas") where schema.value["enum"] != nil {
            for value in (schema.value["enum"]?.elements ?? []).compactMap(\.text) {
                let description = schema.value["description"]?.text ?? ""
                #expect(description.contains("\n\n`\(value)`: ") || description.hasPrefix("`\(value)`: "), "\(schema.name).\(value)")
            }
        }
    }

    /// What checks a text by its rule refuses the character NUL, which PostgreSQL can't store.
    @Test func `every text that a caller sends has a rule`() {
        for operation in document.operations {
            for parameter in (operation.tree["parameters"]?.elements ?? []).compactMap(document.resolved)
            where parameter["in"] != "header" {
                expectRule(parameter["schema"], "\(operation) \(parameter["name"]?.text ?? "")", [])
            }
            for content in document.resolved(operation.tree["requestBody"])?["content"]?.members ?? [] {
                expectRule(content.value["schema"], "\(operation)", [])
            }
        }
    }

    private func expectRule(_ schema: JSONValue?, _ place: String, _ seen: Set<String>) {
        if let reference = schema?["$ref"]?.text {
            guard !seen.contains(reference) else { return }
            return expectRule(document.resolved(schema), place, seen.union([reference]))
        }
        guard let schema else { return }
        if schema["type"] == "string" || schema["type"]?.elements.contains("string") == true {
            #expect(["maxLength", "pattern", "format", "enum"].contains { schema[$0] != nil }, "\(place)")
        }
        for property in schema["properties"]?.members ?? [] { expectRule(property.value, "\(place).\(property.name)", seen) }
        expectRule(schema["items"], place + "[]", seen)
        for other in schema["anyOf"]?.elements ?? [] { expectRule(other, place, seen) }
    }
}
