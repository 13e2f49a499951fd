/// The public API for people and tools: `openapi.json`.
struct OpenAPIEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        let services = contract.services.filter(\.hasRoutes)
        guard !services.isEmpty else { return [] }
        let document = try OpenAPIDocument(services: services, contract: contract).tree()
        return [GeneratedFile(path: "openapi.json", content: document.document)]
    }
}

/// The OpenAPI 3.1 document of all routes.
struct OpenAPIDocument {
    private let services: [ServiceModel]
    private let routes: [(service: ServiceModel, route: RouteModel)]
    private let schemas: OpenAPISchemas
    private let samples: ClientSamples

    init(services: [ServiceModel], contract: Contract) throws {
        self.services = services
        routes = try services.flatMap { service in
            try service.methods.flatMap { try RouteModel.all(of: $0, contract) }.map { (service: service, route: $0) }
        }
        schemas = OpenAPISchemas(routes: routes.map(\.route), contract: contract)
        samples = ClientSamples(contract)
    }

    func tree() throws -> JSONTree {
        [
            "openapi": "3.1.0",
            "info": [
                "title": .text(OpenAPITexts.title),
                "version": .text(OpenAPITexts.version),
                "description": .text(OpenAPITexts.introduction),
                "license": ["name": "Proprietary", "identifier": "LicenseRef-Proprietary"],
            ],
            "servers": [["url": "/", "description": "The hospital that serves this document"]],
            "security": [["bearer": []]],
            "x-hms-errors": .texts(OpenAPITexts.elsewhere.map(\.text)),
            "tags": .array(services.map { ["name": .text($0.tag), "description": .text($0.comment.paragraphs)] } + [OpenAPIPages.tag]),
            "paths": .object(try paths()),
            "components": [
                "securitySchemes": OpenAPITexts.securitySchemes,
                "schemas": .object(try schemas.components() + OpenAPIProblem.schemas + OpenAPIPages.schemas),
                "parameters": OpenAPIHeaders.parameters,
                "headers": OpenAPIHeaders.headers,
                "responses": .object(responses),
            ],
        ]
    }

    /// Paths in the order of the contracts, each with all its methods.
    private func paths() throws -> [JSONTree.Member] {
        var order: [String] = []
        var operations: [String: [JSONTree.Member]] = [:]
        for (service, route) in routes {
            let path = route.http.path
            if operations[path] == nil { order.append(path) }
            let operation = OpenAPIOperation(route: route, tag: service.tag, schemas: schemas) { try samples.tree(of: route, in: service) }
            operations[path, default: []].append(JSONTree.Member(key: route.http.method.lowercased(), value: try operation.tree()))
        }
        return order.map { JSONTree.Member(key: $0, value: .object(operations[$0] ?? [])) } + OpenAPIPages.paths
    }

    private var responses: [JSONTree.Member] {
        let notModified: JSONTree = [
            "description": "The caller has this version already.",
            "headers": .references("headers", ["X-Correlation-ID", "traceparent", "ETag"]),
        ]
        return [.init(key: "NotModified", value: notModified)] + SharedResponse.all.map { JSONTree.Member(key: $0.name, value: $0.tree) }
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
        let text = paragraphs.prefix { $0 != "\n" }
        let sentence = text[..<(text.firstRange(of: ". ")?.lowerBound ?? text.endIndex)]
        return String(sentence.hasSuffix(".") ? sentence.dropLast() : sentence)
    }

    /// The first sentence, or as much of a long one as says something by itself: for lists in which many stand.
    var title: String {
        let enough = 80
        let sentence = summary
        guard sentence.count > enough else { return sentence }
        let clause = sentence[..<(sentence.firstRange(of: ": ")?.lowerBound ?? sentence.endIndex)]
        guard clause.count > enough, let comma = clause.prefix(enough).ranges(of: ", ").last else { return String(clause) }
        return String(clause[..<comma.lowerBound])
    }
}
