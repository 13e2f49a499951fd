import Storage

/// Every invariant of the hospital, in the order in which people read them.
enum Invariants {
    /// Those that are about services which the hospital has.
    static func all(of clinic: ClinicKnowledge) -> [Invariant] {
        let services = Set(clinic.services)
        let rules = bookings + people + histories + bills + payments + notifications
        let all = rules + references(between: services) + keys(of: services) + events(along: clinic.routes) + files(of: clinic.services)
        return all.filter { $0.services.isSubset(of: services) }
    }

    /// Whether something that the hospital has begun is not finished: an event on its way, a payment under way.
    static func hasWaitingWork(_ evidence: Evidence) throws -> Bool {
        if evidence.clinic.services.contains("payment"), try evidence.files.read(hasPendingPayment) { return true }
        return try evidence.clinic.routes.contains { try !undelivered($0, in: evidence.files).isEmpty }
    }
}
