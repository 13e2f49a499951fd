/// Makes what is said of the contract as a whole.
struct ContractsEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        guard !contract.services.isEmpty else { return [] }
        return [
            .swift("\(contract.module).swift", of: "all contracts", importing: ["RPC"]) { code in
                code.line()
                code.line("/// The contract as a whole.")
                code.block("public enum \(contract.module)") { write(contract, to: &$0) }
            }
        ]
    }

    private func write(_ contract: Contract, to code: inout CodeWriter) {
        code.line("/// Every method of every service.")
        code.line("public static let methods: [MethodDescriptor] = [")
        code.indented { code in
            for service in contract.services { code.line("\(service.name)Methods.all,") }
        }
        code.line("].flatMap(\\.self)")
        code.line()
        code.line("/// Another number for every other contract.")
        code.line("public static let fingerprint: UInt64 = 0x\(String(contract.fingerprint, radix: 16))")
    }
}
