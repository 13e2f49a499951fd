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

/// When an invariant is true.
public enum Constancy: Sendable {
    /// In every state of every database.
    case always
    /// At every moment, but it is about several databases, and copies of different moments may deny it.
    case acrossServices
    /// When the hospital has finished what it has begun: the event that makes it true may be on its way.
    case inTheEnd
}

/// What a look found.
public struct Finding: Sendable, Hashable {
    /// How many things were looked at.
    public var count: Int
    /// Each that breaks the invariant: ids and what is wrong, never personal data.
    public var breaches: [String]

    public init(count: Int, breaches: [String]) {
        self.count = count
        self.breaches = breaches
    }
}

/// The databases of a hospital and what has to be known to judge them.
public struct Evidence {
    /// One schema for each service.
    public let files: DatabaseFiles
    public let clinic: ClinicKnowledge

    public init(files: DatabaseFiles, clinic: ClinicKnowledge) {
        self.files = files
        self.clinic = clinic
    }
}

extension Reader {
    func count(_ sql: String) throws -> Int {
        try row(sql) { $0.int(0) } ?? 0
    }
}
