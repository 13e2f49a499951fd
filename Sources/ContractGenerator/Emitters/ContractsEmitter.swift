struct ContractsEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        []
    }
}
