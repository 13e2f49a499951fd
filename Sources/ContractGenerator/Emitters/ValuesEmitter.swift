struct ValuesEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        []
    }
}
