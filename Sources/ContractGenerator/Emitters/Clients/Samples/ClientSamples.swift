/// How an operation is called by example, in every language that there is a client for: `x-codeSamples` of the OpenAPI document.
struct ClientSamples {
    private let types: ClientTypes
    private let values: SampleValues

    init(_ contract: Contract) {
        types = ClientTypes(contract)
        values = SampleValues(types)
    }

    func tree(of route: RouteModel, in service: ServiceModel) throws -> JSONTree {
        let operation = try ClientOperation(route, types)
        let samples = [
            sample("Shell", "curl", curl(operation)), sample("Python", "Python", python(operation)),
            sample("TypeScript", "TypeScript", typeScript(operation)),
        ]
        let isOfOne = !Self.gathered.contains(service.name)
        return .array(samples + (isOfOne ? [sample("Swift", "Swift", swift(operation, service))] : []))
    }

    /// What the public port gathers of all services: over RPC, as Swift calls, each is asked for its own.
    private static let gathered: Set<String> = ["AuditService"]

    private func sample(_ language: String, _ label: String, _ source: String) -> JSONTree {
        ["lang": .text(language), "label": .text(label), "source": .text(source)]
    }

    // MARK: curl

    private func curl(_ operation: ClientOperation) -> String {
        let route = operation.route
        let path = operation.pathParameters.reduce(route.http.path) { path, parameter in
            path.replacing("{\(parameter.name)}", with: parameter.example?.plainText ?? "")
        }
        let query = operation.parameters(in: .query).compactMap { parameter in
            parameter.example.map { "\(parameter.name)=\($0.plainText.replacing(" ", with: "+"))" }
        }
        let method = route.http.method == "GET" ? "" : "-X \(route.http.method) "
        var lines = ["curl \(method)\"$URL\(path)\(query.isEmpty ? "" : "?" + query.joined(separator: "&"))\""]
        lines.append("-H \"Authorization: Bearer $TOKEN\"")
        if operation.takesKey { lines.append("-H \"Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)\"") }
        let body = (operation.parameters(in: .body) + operation.parameters(in: .change)).compactMap { parameter in
            parameter.example.map { JSONTree.Member(key: parameter.name, value: $0) }
        }
        if route.body != .none {
            lines.append("-H 'Content-Type: application/json'")
            lines.append("-d '\(JSONTree.object(body).oneLine.replacing("'", with: "'\\''"))'")
        }
        return lines.joined(separator: " \\\n  ")
    }

    // MARK: Python

    private func python(_ operation: ClientOperation) -> String {
        var names: Set<String> = []
        let path = operation.pathParameters.map { values.python($0.example ?? "", $0.type, &names) }
        let named = operation.parameters.filter { $0.place != .path }.compactMap { parameter in
            parameter.example.map { "\(PythonName.field(parameter.name))=\(values.python($0, parameter.type, &names))" }
        }
        let call = "hospital.\(PythonName.method(operation.name))"
        let arguments = Self.laidOut(call, "(", path + named, ")")
        let imports = ["date", "datetime"].filter { names.remove($0) != nil }
        let lines: [String] =
            (imports.isEmpty ? [] : ["from datetime import \(imports.joined(separator: ", "))"])
            + ["from hms_client import \((names.union(["Hospital"])).sorted().joined(separator: ", "))", ""]
            + ["hospital = Hospital(url, token=token)"]
        let end =
            switch operation.result {
            case .nothing: [arguments]
            case .record: ["answer = \(arguments)", "print(answer)"]
            case .pages: ["for found in \(arguments):", "    print(found)"]
            }
        return (lines + end).joined(separator: "\n")
    }

    // MARK: TypeScript

    private func typeScript(_ operation: ClientOperation) -> String {
        var names: Set<String> = ["Hospital"]
        let path = operation.pathParameters.map { values.typeScript($0.example ?? "", $0.type, &names) }
        let named = operation.parameters.filter { $0.place != .path }.compactMap { parameter in
            parameter.example.map { "\(TypeScriptName.field(parameter.name)): \(values.typeScript($0, parameter.type, &names))" }
        }
        let request = named.isEmpty ? [] : [Self.laidOut("", "{", named, "}", space: " ")]
        let isNeeded = operation.parameters.contains { $0.place == .change } && named.isEmpty
        let call = "hospital.\(operation.name)(\((path + request + (isNeeded ? ["{}"] : [])).joined(separator: ", ")))"
        let lines = [
            "import { \(names.sorted().joined(separator: ", ")) } from \"hms-client\";", "",
            "const hospital = new Hospital({ url, token });",
        ]
        let end =
            switch operation.result {
            case .nothing: ["await \(call);"]
            case .record: ["const answer = await \(call);", "console.log(answer);"]
            case .pages: ["for await (const found of \(call)) console.log(found);"]
            }
        return (lines + end).joined(separator: "\n")
    }

    // MARK: Swift

    private func swift(_ operation: ClientOperation, _ service: ServiceModel) -> String {
        let input = operation.route.input
        let fields = input.fields.compactMap { field -> String? in
            if case .field(let body) = operation.route.body, body == field,
                let message = types.contract.messages[field.checkedMessage ?? ""]
            {
                let shown = operation.parameters.filter { $0.place == .body || $0.place == .change }
                return "\(field.swiftName): \(message.swiftName)(\(swiftFields(message.fields, shown)))"
            }
            return swiftFields([field], operation.parameters.filter { $0.place != .change }).nonEmpty
        }
        let request = Self.laidOut(input.swiftName, "(", fields, ")")
        let target = "hospital.\(service.tag.prefix(1).lowercased() + service.tag.dropFirst())"
        let lines = [
            "import Contracts", "import HospitalClient", "", "let request = \(request)",
            "try await RemoteHospital.connect(to: services, token: { token }) { hospital in",
            "    print(try await \(target).\(operation.route.method.swiftName)(request))", "}",
        ]
        return lines.joined(separator: "\n")
    }

    private func swiftFields(_ fields: [FieldModel], _ parameters: [ClientOperation.Parameter]) -> String {
        fields.compactMap { field in
            guard let parameter = parameters.first(where: { $0.name == field.name }), let example = parameter.example else { return nil }
            return "\(field.swiftName): \(values.swift(example, parameter.type))"
        }.joined(separator: ", ")
    }

    // MARK: Layout

    private static let lineWidth = 80

    /// On one line where that is short, else each on its own.
    private static func laidOut(_ name: String, _ open: String, _ items: [String], _ close: String, space: String = "") -> String {
        let line = name + open + (items.isEmpty ? "" : space + items.joined(separator: ", ") + space) + close
        guard line.count > lineWidth else { return line }
        return name + open + "\n" + items.map { "    \($0),\n" }.joined() + close
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
