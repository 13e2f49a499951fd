/// How HTTP reaches the methods: `patient.routes.swift`, and `Contracts.routes` over all of them. They are a module of their own,
/// PublicRoutes, because services have no use for them.
struct RoutesEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        let files = contract.files.filter { file in file.services.contains(where: \.hasRoutes) }
        guard !files.isEmpty else { return [] }
        return try files.map { try routes(of: $0, contract) } + [table(files, contract)]
    }

    private func routes(of file: FileModel, _ contract: Contract) throws -> GeneratedFile {
        try .swift(
            file.stem + ".routes.swift", in: "Routes", of: file.protoPath, importing: [contract.module, "ProtobufJSON", "RPC", "Routes"]
        ) { code in
            for service in file.services where service.hasRoutes {
                let routes = try service.methods.flatMap { try RouteModel.all(of: $0, contract) }
                code.line()
                code.document(["How HTTP reaches ``\(service.name)Methods``."])
                code.block("enum \(service.name)Routes") { code in
                    let names = routes.map(\.swiftName).joined(separator: ", ")
                    code.line("static let all: [Route] = [\(names)]")
                    for route in routes { RouteCode(route).emit(service: service, to: &code) }
                    calls(of: service, contract, to: &code)
                }
            }
        }
    }

    /// Every method by its own name, but for those that are answered by a stream.
    private func calls(of service: ServiceModel, _ contract: Contract, to code: inout CodeWriter) {
        code.line()
        code.document(["How the methods are called by their names, in JSON."])
        code.line("static let calls: [Route] = [")
        code.indented { code in
            for method in service.methods where !method.isStreamed {
                guard let input = contract.messages[method.input.fullName], let output = contract.messages[method.output.fullName] else {
                    continue
                }
                code.line(".call(\(service.name)Methods.\(method.swiftName), from: \(input.swiftName).self, to: \(output.swiftName).self),")
            }
        }
        code.line("]")
    }

    private func table(_ files: [FileModel], _ contract: Contract) -> GeneratedFile {
        let modules = ["public import \(contract.module)", "public import Routes"]
        return .swift("PublicRoutes.swift", in: "Routes", of: "the contracts", importing: modules) { code in
            code.line()
            code.block("extension \(contract.module)") { code in
                code.document(["Every route of the public API."])
                let tables = files.flatMap(\.services).filter(\.hasRoutes).map { "\($0.name)Routes.all" }
                code.line("public static let routes: [Route] = \(tables.joined(separator: " + "))")
                code.line()
                code.document(["Every method of the services that have routes, by its own name."])
                let calls = files.flatMap(\.services).filter(\.hasRoutes).map { "\($0.name)Routes.calls" }
                code.line("public static let calls: [Route] = \(calls.joined(separator: " + "))")
            }
        }
    }
}

extension ServiceModel {
    var hasRoutes: Bool { methods.contains { !$0.http.isEmpty } }
}
