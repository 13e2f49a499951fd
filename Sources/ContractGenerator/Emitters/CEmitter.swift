struct CEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        []
    }
}
