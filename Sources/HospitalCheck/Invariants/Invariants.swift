import Storage

/// Every invariant of the hospital, in the order in which people read them.
enum Invariants {
    /// Those that are about services which the hospital has.
    static func all(of clinic: ClinicKnowledge) -> [Invariant] {
        let services = Set(clinic.services)
        let all = files(of: clinic.services) + bookings + histories + references(between: services) + events(along: clinic.routes)
        return all.filter { $0.services.isSubset(of: services) }
    }

    /// Whether something that the hospital has begun is not finished: an event on its way, a payment under way.
    static func hasWaitingWork(_ evidence: Evidence) throws -> Bool {
        try evidence.clinic.routes.contains { route in
            try !undelivered(route, in: evidence.files).isEmpty
        }
    }
}
