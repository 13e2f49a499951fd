/// The public API for people and tools: `openapi.json`, and the same bytes as `Contracts.openAPI`.
struct OpenAPIEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        let services = contract.services.filter(\.hasRoutes)
        guard !services.isEmpty else { return [] }
        let document = try OpenAPIDocument(services: services, contract: contract).tree.document
        return [GeneratedFile(path: "openapi.json", content: document), swift(document)]
    }

    private func swift(_ document: String) -> GeneratedFile {
        let delimiter = "##"
        return .swift("OpenAPI.swift", of: "the contracts", importing: []) { code in
            code.block("extension Contracts") { code in
                code.document(["The public API as an OpenAPI 3.1 document: `openapi.json`, byte for byte."])
                code.line("public static let openAPI: StaticString = \(delimiter)\"\"\"")
                code.indented { code in
                    code.lines(document)
                    code.line("\"\"\"\(delimiter)")
                }
            }
        }
    }
}

/// The OpenAPI 3.1 document of all routes.
struct OpenAPIDocument {
    private let services: [ServiceModel]
    private let routes: [(service: ServiceModel, route: RouteModel)]
    private let schemas: OpenAPISchemas

    init(services: [ServiceModel], contract: Contract) throws {
        self.services = services
        routes = try services.flatMap { service in
            try service.methods.flatMap { try RouteModel.all(of: $0, contract) }.map { (service: service, route: $0) }
        }
        schemas = OpenAPISchemas(routes: routes.map(\.route), contract: contract)
    }

    var tree: JSONTree {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Hospital Management System",
                "version": "1.0.0",
                "description": .text(OpenAPITexts.introduction),
                "license": ["name": "Proprietary", "identifier": "LicenseRef-Proprietary"],
            ],
            "servers": [["url": "/", "description": "The hospital that serves this document"]],
            "security": [["bearer": []]],
            "tags": .array(
                services.map { ["name": .text($0.tag), "description": .text($0.comment.paragraphs)] } + [OpenAPIHealth.tag]),
            "paths": .object(paths),
            "components": [
                "securitySchemes": OpenAPITexts.securitySchemes,
                "schemas": .object(schemas.components + [(key: "Problem", value: OpenAPIErrors.problemSchema)]),
                "parameters": OpenAPIHeaders.parameters,
                "headers": OpenAPIHeaders.headers,
                "responses": .object(OpenAPIErrors.sharedResponses),
            ],
        ]
    }

    /// Paths in the order of the contracts, each with all its methods.
    private var paths: [(key: String, value: JSONTree)] {
        var order: [String] = []
        var operations: [String: [(key: String, value: JSONTree)]] = [:]
        for (service, route) in routes {
            let path = route.http.path
            if operations[path] == nil { order.append(path) }
            let operation = OpenAPIOperation(route: route, tag: service.tag, schemas: schemas).tree
            operations[path, default: []].append((key: route.http.method.lowercased(), value: operation))
        }
        return order.map { (key: $0, value: .object(operations[$0] ?? [])) } + OpenAPIHealth.paths
    }
}

extension ServiceModel {
    /// `Patient` of `PatientService`
    var tag: String {
        name.hasSuffix("Service") ? String(name.dropLast("Service".count)) : name
    }
}

extension [String] {
    /// The lines of a comment as running text; empty lines part paragraphs.
    var paragraphs: String {
        split(separator: "").map { $0.joined(separator: " ") }.joined(separator: "\n\n")
    }

    /// The first sentence of a comment, without its full stop.
    var summary: String {
        let text = paragraphs
        let end = text.firstRange(of: ". ")?.lowerBound ?? text.firstRange(of: "\n")?.lowerBound ?? text.endIndex
        let sentence = text[..<end]
        return String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence)
    }
}
