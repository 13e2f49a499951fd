import Contracts
import NotificationRules
import RPC
import ServiceKit
import Vocabulary

/// What other services say of the people and visits that announcements are about. Each is asked for once, however many
/// announcements it is for, and for two seconds more: a doctor is in every text of his patients.
struct AnnouncementFacts: Sendable {
    private let peers: NotificationPeers
    private var appointments: [String: Result<Appointment?, RPCError>] = [:]
    private var patients: [String: Result<Person?, RPCError>] = [:]
    private var doctors: [String: Result<Person?, RPCError>] = [:]
    private var askedFirst = ContinuousClock.now

    private static let bestBefore: Duration = .seconds(2)

    init(_ peers: NotificationPeers) {
        self.peers = peers
    }

    /// Asks for what is not known of these announcements.
    mutating func gather(for announcements: [Announcement]) async throws {
        forgetWhatIsOld()
        let peers = peers
        let asked = try await Self.answers(unknownAppointments(of: announcements)) { try await peers.appointment($0, correlationID: $1) }
        appointments.merge(asked) { $1 }
        let (patients, doctors) = unknownPeople(of: announcements)
        async let foundPatients = Self.answers(patients) { try await peers.person($0, .patient, correlationID: $1) }
        async let foundDoctors = Self.answers(doctors) { try await peers.person($0, .doctor, correlationID: $1) }
        self.patients.merge(try await foundPatients) { $1 }
        self.doctors.merge(try await foundDoctors) { $1 }
    }

    /// Who is to be told; nil where there is nobody of this id.
    func person(_ recipient: Recipient) throws -> Person? {
        try person(recipient.id, recipient.audience)
    }

    /// Whom and where a text is about. What nobody knows any more is left out.
    func whereabouts(of announcement: Announcement, in clinic: String) throws -> Whereabouts {
        let visit = try completed(announcement.visit)
        let doctor = try visit.doctorID.flatMap { try person($0, .doctor) }
        return Whereabouts(doctor: doctor?.name, department: visit.department, clinic: clinic)
    }

    /// When the appointment is now; nil where it is not SCHEDULED.
    func scheduledStart(ofAppointment appointmentID: String) throws -> Instant? {
        let appointment = try appointments[appointmentID]?.get()
        return appointment?.status == .scheduled ? appointment?.slotStart?.instant : nil
    }

    private func person(_ id: String, _ audience: Audience) throws -> Person? {
        switch audience {
        case .patient: try patients[id]?.get()
        case .doctor: try doctors[id]?.get()
        }
    }

    /// With what the appointment says where the event says less.
    private func completed(_ visit: Visit) throws -> Visit {
        guard let appointmentID = visit.appointmentID, visit.isIncomplete else { return visit }
        let appointment = try appointments[appointmentID]?.get()
        return Visit(
            appointmentID: appointmentID, doctorID: visit.doctorID ?? appointment?.doctorID,
            department: visit.department ?? appointment?.department)
    }
}

// MARK: - Asking

extension AnnouncementFacts {
    private mutating func forgetWhatIsOld() {
        guard .now - askedFirst > Self.bestBefore else {
            // Who could not be asked is asked again.
            (appointments, patients, doctors) = (appointments.answered(), patients.answered(), doctors.answered())
            return
        }
        (appointments, patients, doctors) = ([:], [:], [:])
        askedFirst = .now
    }

    /// By id, each with the correlation id of the first announcement that is about it.
    private func unknownAppointments(of announcements: [Announcement]) -> [String: String] {
        announcements.reduce(into: [:]) { unknown, announcement in
            let isReminder = announcement.occurrence.event == .appointmentReminder
            let id =
                isReminder ? announcement.occurrence.reference : announcement.visit.isIncomplete ? announcement.visit.appointmentID : nil
            guard let id, appointments[id] == nil, unknown[id] == nil else { return }
            unknown[id] = announcement.correlationID
        }
    }

    private func unknownPeople(of announcements: [Announcement]) -> (patients: [String: String], doctors: [String: String]) {
        var unknown: (patients: [String: String], doctors: [String: String]) = ([:], [:])
        for announcement in announcements {
            var doctorIDs: [String] = []
            switch announcement.audience {
            case .patient:
                let id = announcement.recipientID
                if patients[id] == nil { unknown.patients[id] = unknown.patients[id] ?? announcement.correlationID }
            case .doctor: doctorIDs.append(announcement.recipientID)
            }
            if let visit = try? completed(announcement.visit), let doctorID = visit.doctorID { doctorIDs.append(doctorID) }
            for id in doctorIDs where doctors[id] == nil { unknown.doctors[id] = unknown.doctors[id] ?? announcement.correlationID }
        }
        return unknown
    }

    /// - Throws: where the asking was cancelled, or failed by something else than a service that gives no answer.
    private static func answers<Found: Sendable>(
        _ unknown: [String: String], _ question: @escaping @Sendable (_ id: String, _ correlationID: String) async throws -> Found?
    ) async throws -> [String: Result<Found?, RPCError>] {
        try await withThrowingTaskGroup(of: (String, Result<Found?, RPCError>).self) { group in
            for (id, correlationID) in unknown {
                group.addTask {
                    do {
                        return (id, .success(try await question(id, correlationID)))
                    } catch let error as RPCError where !Task.isCancelled {
                        return (id, .failure(error))
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }
}

extension Dictionary {
    /// Without those who gave no answer.
    fileprivate func answered<Found>() -> Self where Value == Result<Found, RPCError> {
        filter { entry in
            switch entry.value {
            case .success: true
            case .failure: false
            }
        }
    }
}

extension Visit {
    /// Whether only the appointment knows who or where it is.
    fileprivate var isIncomplete: Bool { appointmentID != nil && (doctorID == nil || department == nil) }
}
