struct ServiceEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        []
    }
}
