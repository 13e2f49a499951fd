import HospitalClient
import PlainText
import SeededRandom
import Vocabulary

/// The front desk, and the doctors.
extension DemoPlay {
    /// Books some free slot of some doctor for some patient, within the next days, and knows how that visit will go.
    mutating func book(at now: Instant) async throws {
        let doctor = Int.random(in: 0..<people.doctors.count, using: &random)
        let patient = people.patients[Int.random(in: 0..<people.patients.count, using: &random)]
        let daysAhead = [0, 0, 1, 1, 2, 3, 4, 6][Int.random(in: 0..<8, using: &random)]
        let slots = try await freeSlots(of: doctor, on: calendar.day(of: now).adding(days: daysAhead))
        let choice = Int.random(in: 0..<max(1, slots.count), using: &random)
        let course = DemoCourse.random(using: &random)
        guard !slots.isEmpty else { return }
        let body: JSONValue = [
            "patient_id": .string(patient), "doctor_id": .string(people.doctors[doctor].id),
            "department": .string(people.doctors[doctor].department), "slot_start": .string(slots[choice].rfc3339),
        ]
        let request = APIRequest(.post, "/v1/appointments", body: body, headers: [("idempotency-key", nextKey())])
        // He may be somewhere else in that half hour: then he is not booked.
        if case .answered(let reply, _) = try await staff.reception.send(request), reply.code == "PATIENT_SLOT_TAKEN" { return }
        let id = try await staff.reception.answer(request)["appointment_id"]?.text ?? ""
        visits.append(DemoVisit(id: id, doctor: doctor, start: slots[choice], course: course))
        counts.appointments += 1
        planVisit(visits.count - 1, bookedAt: now)
    }

    private func freeSlots(of doctor: Int, on day: LocalDate) async throws -> [Instant] {
        let query = [("doctor_id", people.doctors[doctor].id), ("from", "\(day)"), ("to", "\(day)")]
        let slots = try await staff.reception.get("/v1/slots", query)["slots"]?.elements ?? []
        return slots.compactMap { $0["start"]?.text.flatMap { Instant(rfc3339: $0) } }
    }

    private mutating func planVisit(_ visit: Int, bookedAt: Instant) {
        let start = visits[visit].start
        switch visits[visit].course {
        case .seen: planArrival(visit)
        case .moved: diary.note(.move(visit: visit), at: bookedAt + .minutes(10))
        case .prepaid:
            planPrepayment(visit, bookedAt)
            planArrival(visit)
        case .prepaidAndCancelled:
            planPrepayment(visit, bookedAt)
            diary.note(.cancel(visit: visit, byClinic: false), at: max(bookedAt + .minutes(20), start - .minutes(5 * 60)))
        case .missed: diary.note(.missed(visit: visit), at: start + .minutes(20))
        case .cancelledEarly: diary.note(.cancel(visit: visit, byClinic: false), at: max(bookedAt + .minutes(5), start - .minutes(20 * 60)))
        case .cancelledLate: diary.note(.cancel(visit: visit, byClinic: false), at: start - .minutes(80))
        case .cancelledByClinic:
            diary.note(.cancel(visit: visit, byClinic: true), at: max(bookedAt + .minutes(15), start - .minutes(6 * 60)))
        }
    }

    private mutating func planPrepayment(_ visit: Int, _ bookedAt: Instant) {
        diary.note(.billInAdvance(visit: visit), at: bookedAt + .minutes(3))
        diary.note(.pay(visit: visit), at: bookedAt + .minutes(5))
    }

    private mutating func planArrival(_ visit: Int) {
        let start = visits[visit].start
        diary.note(.checkIn(visit: visit), at: start - .minutes(10))
        if chance(45) { diary.note(.prescribe(visit: visit), at: start + .minutes(15)) }
        diary.note(.complete(visit: visit), at: start + .minutes(25))
    }

    /// To the next free slot of the day, where there is one.
    mutating func move(_ visit: Int) async throws {
        let start = visits[visit].start
        let later = try await freeSlots(of: visits[visit].doctor, on: calendar.day(of: start)).first { $0 > start }
        if let later {
            let body: JSONValue = ["slot_start": .string(later.rfc3339)]
            let request = APIRequest(
                .post, "/v1/appointments/\(visits[visit].id)/reschedule", body: body, headers: [("idempotency-key", nextKey())])
            if case .answered(let reply, _) = try await staff.reception.send(request), reply.isSuccess { visits[visit].start = later }
        }
        planArrival(visit)
    }

    /// Whoever was booked into a leave that was entered later is not seen any more.
    private func isActive(_ visit: Int) async throws -> Bool {
        let status = try await staff.reception.get("/v1/appointments/\(visits[visit].id)")["status"]?.text
        return status == "SCHEDULED" || status == "CHECKED_IN"
    }

    mutating func checkIn(_ visit: Int) async throws {
        guard try await isActive(visit) else { return }
        _ = try await staff.reception.post("/v1/appointments/\(visits[visit].id)/check-in", key: nextKey())
    }

    mutating func complete(_ visit: Int) async throws {
        guard try await isActive(visit) else { return }
        let doctor = people.doctors[visits[visit].doctor].sender
        _ = try await doctor.post("/v1/appointments/\(visits[visit].id)/complete", key: nextKey())
        counts.seen += 1
        if visits[visit].course != .prepaid { planPayment(visit) }
    }

    mutating func markNoShow(_ visit: Int) async throws {
        guard try await isActive(visit) else { return }
        _ = try await staff.reception.post("/v1/appointments/\(visits[visit].id)/no-show", key: nextKey())
        counts.missed += 1
        if chance(40) { diary.note(.pay(visit: visit), at: visits[visit].start + .minutes(24 * 60)) }
    }

    mutating func cancel(_ visit: Int, byClinic: Bool) async throws {
        guard try await isActive(visit) else { return }
        let body: JSONValue = [
            "reason": byClinic ? "The doctor is called away" : "The patient can't come", "initiated_by": byClinic ? "CLINIC" : "PATIENT",
        ]
        _ = try await staff.reception.post("/v1/appointments/\(visits[visit].id)/cancel", body, key: nextKey())
        counts.cancelled += 1
        if visits[visit].course == .cancelledLate, chance(50) {
            diary.note(.pay(visit: visit), at: visits[visit].start + .minutes(24 * 60))
        }
    }

    mutating func prescribe(_ visit: Int) async throws {
        guard try await isActive(visit) else { return }
        let medications = [
            "Amlodipine 5 MG", "Metformin 500 MG", "Paracetamol 650 MG", "Cetirizine 10 MG", "Atorvastatin 10 MG", "Omeprazole 20 MG",
        ]
        let body: JSONValue = [
            "appointment_id": .string(visits[visit].id),
            "medication": .string(medications[Int.random(in: 0..<medications.count, using: &random)]),
            "dosage": chance(50) ? "one in the morning" : "one after dinner", "days": .integer(Int64.random(in: 1...6, using: &random) * 5),
        ]
        _ = try await people.doctors[visits[visit].doctor].sender.post("/v1/prescriptions", body, key: nextKey())
        counts.prescriptions += 1
    }

    mutating func enterLeave(of doctor: Int, from day: LocalDate, days: Int) async throws {
        guard let start = calendar.instants(of: day, at: ClinicHours.opening).first,
            let end = calendar.instants(of: day.adding(days: days - 1), at: ClinicHours.closing).first
        else { return }
        let body: JSONValue = [
            "start": .string(start.rfc3339), "end": .string(end.rfc3339), "reason": "Annual leave", "cancel_appointments": true,
        ]
        _ = try await staff.reception.post("/v1/doctors/\(people.doctors[doctor].id)/leaves", body, key: nextKey())
    }
}

extension Duration {
    static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
}
