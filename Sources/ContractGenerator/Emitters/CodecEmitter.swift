struct CodecEmitter: Emitter {
    func files(for contract: Contract) throws -> [GeneratedFile] {
        []
    }
}
