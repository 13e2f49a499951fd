/// The public API as a collection of Postman, for people who try it there: `postman.json`. It says what `openapi.json` says.
struct PostmanEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        let services = contract.services.filter(\.hasRoutes)
        guard !services.isEmpty else { return [] }
        let types = ClientTypes(contract)
        let folders = try services.map { service in
            let operations = try service.methods.filter { !$0.http.isEmpty }.map { method in
                try ClientOperation(RouteModel.all(of: method, contract)[0], types)
            }
            return ["name": .text(service.tag), "description": .text(service.comment.paragraphs), "item": .array(operations.map(item))]
                as JSONTree
        }
        let collection: JSONTree = [
            "info": [
                "name": .text(OpenAPITexts.title), "version": .text(OpenAPITexts.version),
                "description": "Set the variables `url` and `token`; `hms token --role reception` makes one.",
                "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
            ],
            "auth": ["type": "bearer", "bearer": [["key": "token", "value": "{{token}}", "type": "string"]]],
            "variable": [["key": "url", "value": "http://127.0.0.1:8080"], ["key": "token", "value": ""]],
            "item": .array(folders),
        ]
        return [GeneratedFile(path: "postman.json", content: collection.document)]
    }

    private func item(_ operation: ClientOperation) -> JSONTree {
        let request: JSONTree = [
            "method": .text(operation.route.http.method), "header": .array(headers(of: operation)), "url": url(of: operation),
            "description": .text(operation.comment.paragraphs),
        ]
        return ["name": .text(operation.comment.title), "request": request.adding(["body": body(of: operation)])]
    }

    private func headers(of operation: ClientOperation) -> [JSONTree] {
        let key: JSONTree? = operation.takesKey ? ["key": "Idempotency-Key", "value": "{{$guid}}"] : nil
        let type: JSONTree? = operation.route.body == .none ? nil : ["key": "Content-Type", "value": "application/json"]
        let reason: JSONTree? =
            operation.takesReason
            ? ["key": "X-Access-Reason", "value": "", "description": .text(ClientOperation.reasonComment), "disabled": true] : nil
        return [key, type, reason].compactMap(\.self)
    }

    /// Parameters that need not be there are listed and switched off.
    private func url(of operation: ClientOperation) -> JSONTree {
        let path = operation.route.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .field(let name): ":\(name)"
            }
        }
        let query = operation.parameters(in: .query).map { parameter in
            (["key": .text(parameter.name), "value": .text(parameter.example?.plainText ?? "")] as JSONTree).adding([
                "description": .text(parameter.comment.paragraphs), "disabled": parameter.isRequired ? nil : true,
            ])
        }
        let variables = operation.pathParameters.map { parameter -> JSONTree in
            ["key": .text(parameter.name), "value": .text(parameter.example?.plainText ?? "")]
        }
        return [
            "raw": .text("{{url}}/" + path.joined(separator: "/")), "host": ["{{url}}"], "path": .texts(path), "query": .array(query),
            "variable": .array(variables),
        ]
    }

    private func body(of operation: ClientOperation) -> JSONTree? {
        guard operation.route.body != .none else { return nil }
        let shown = (operation.parameters(in: .body) + operation.parameters(in: .change)).compactMap { parameter in
            parameter.example.map { JSONTree.Member(key: parameter.name, value: $0) }
        }
        return ["mode": "raw", "raw": .text(JSONTree.object(shown).document), "options": ["raw": ["language": "json"]]]
    }
}
