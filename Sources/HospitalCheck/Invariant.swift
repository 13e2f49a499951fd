import Storage

/// A sentence that is true of every hospital at every moment, and how to look whether it is.
public struct Invariant: Sendable {
    /// What must be so: `No doctor has two active appointments in one slot`.
    public let sentence: String
    public let constancy: Constancy
    /// The services whose databases are looked at.
    public let services: Set<String>
    let look: @Sendable (Evidence) throws -> Finding

    public init(
        _ sentence: String, of services: Set<String>, _ constancy: Constancy = .always,
        look: @escaping @Sendable (Evidence) throws -> Finding
    ) {
        self.sentence = sentence
        self.constancy = constancy
        self.services = services
        self.look = look
    }

    /// - Parameters:
    ///   - counting: SQL of one number: how many there are to look at.
    ///   - breaking: SQL of one text a row: each that breaks the invariant, by its id and what is wrong.
    init(_ sentence: String, of services: Set<String>, _ constancy: Constancy = .always, counting: String, breaking: String) {
        self.init(sentence, of: services, constancy) { evidence in
            try evidence.files.read { reader in
                Finding(count: try reader.count(counting), breaches: try reader.rows(breaking) { $0.text(0) })
            }
        }
    }
}

extension Reader {
    func count(_ sql: String) throws -> Int {
        try row(sql) { $0.int(0) } ?? 0
    }
}
