import Storage

/// What holds for the file of every service, whatever is in it.
extension Invariants {
    static func files(of services: [String]) -> [Invariant] {
        [
            Invariant("Every page, index and row of every database is sound", of: Set(services)) { evidence in
                try Finding(looking: services) { service in
                    try evidence.files.damage(of: service).map { "\(service): \($0)" }
                }
            },
            Invariant("No row of a database refers to a row that it does not have", of: Set(services)) { evidence in
                try Finding(looking: services) { service in
                    try evidence.files.danglingReferences(of: service).map { "\(service): \($0)" }
                }
            },
        ]
    }
}

extension Finding {
    /// Looks at each of some things and adds up what it finds.
    init<Thing>(looking things: [Thing], _ breaches: (Thing) throws -> [String]) rethrows {
        self.init(count: things.count, breaches: try things.flatMap(breaches))
    }

    static func + (first: Finding, second: Finding) -> Finding {
        Finding(count: first.count + second.count, breaches: first.breaches + second.breaches)
    }
}
