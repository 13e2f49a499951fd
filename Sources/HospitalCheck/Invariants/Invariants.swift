import Storage

/// Every invariant of the hospital, in the order in which people read them.
enum Invariants {
    /// Those that are about services which the hospital has.
    static func all(of clinic: ClinicKnowledge) -> [Invariant] {
        let services = Set(clinic.services)
        let rules = bookings + past + people + texts + histories + bills + payments + notifications + forgotten
        let all =
            rules + references(between: services) + belongings(of: services) + sourceIDs(of: services) + keys(of: services)
            + events(along: clinic.routes)
            + files(of: clinic.services)
        return all.filter { $0.services.isSubset(of: services) }
    }

    /// What the hospital has begun and not finished.
    static func waitingWork(_ evidence: Evidence) throws -> WaitingWork {
        let hasPayments = evidence.clinic.services.contains("payment")
        return WaitingWork(
            routes: try evidence.clinic.routes.filter { try !undelivered($0, in: evidence.files).isEmpty },
            hasPendingPayment: hasPayments ? try evidence.files.read(hasPendingPayment) : false)
    }
}

/// What goes on when the hospital does: events on their way, a payment under way.
struct WaitingWork {
    /// The ways on which there are events.
    let routes: [EventRoute]
    let hasPendingPayment: Bool

    var isNone: Bool { routes.isEmpty && !hasPendingPayment }

    /// Whether it can be what makes the invariant true in the end: only what goes on between the invariant's services can.
    func excuses(_ invariant: Invariant) -> Bool {
        guard invariant.constancy == .inTheEnd else { return false }
        if hasPendingPayment && invariant.services.contains("payment") { return true }
        return routes.contains { invariant.services.isSuperset(of: [$0.producer, $0.subscriber]) }
    }
}
