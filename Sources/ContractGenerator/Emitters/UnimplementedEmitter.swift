/// Makes, for those who play a service in a test, a protocol in which every method answers UNIMPLEMENTED.
struct UnimplementedEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        contract.files.filter { !$0.services.isEmpty }.map { file in
            .swift(
                "\(file.stem).unimplemented.swift", in: "Unimplemented", of: file.protoPath,
                importing: ["public import \(contract.module)", "public import RPC"]
            ) { code in
                for service in file.services { write(service, to: &code) }
            }
        }
    }

    private func write(_ service: ServiceModel, to code: inout CodeWriter) {
        let name = "Unimplemented\(service.name)"
        code.line()
        code.line("/// `\(service.name)` where every method that is not implemented answers UNIMPLEMENTED.")
        let refinement = service.answersAtOnce ? " where Source == NothingStored" : ""
        code.line("public protocol \(name): \(service.name)Protocol\(refinement) {}")
        code.line()
        code.block("extension \(name)") { code in
            if service.answersAtOnce {
                code.line("public var database: NothingStored { NothingStored() }")
                code.line()
            }
            for (index, method) in service.methods.enumerated() {
                if index > 0 { code.line() }
                code.block("public " + method.requirement(reader: "NothingStored")) { code in
                    code.line("throw RPCError.unimplemented(context.method.name)")
                }
            }
        }
    }
}
