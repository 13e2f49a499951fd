public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension AppointmentService {
    /// Counts the active appointments of a patient or of a doctor.
    public func countActiveAppointments(
        _ request: CountActiveAppointmentsRequest, _ context: CallContext
    ) async throws -> CountActiveAppointmentsResponse {
        let these = try AppointmentsInTime(request)
        let count = try await database.read { try $0.countActive(these) }
        return CountActiveAppointmentsResponse(count: Int32(clamping: count))
    }

    /// Counts the active appointments of a patient or of a doctor, and those of a patient whose bill billing has not heard
    /// of. Where there are none, or they are to stay, lets no other appointment be made for ``BookingHold/length``.
    ///
    /// Counts and hold are one transaction, and so is every booking and every step: either a count has it, or it meets the
    /// hold. Without an active appointment no other can end in a bill meanwhile.
    public func holdBookings(_ request: HoldBookingsRequest, _ context: CallContext) async throws -> HoldBookingsResponse {
        let these = try AppointmentsInTime(request, calendar)
        return try await commit(context, on: database) { transaction in
            let active = try transaction.active(these).map(\.appointment.appointmentID)
            let awaitingBills = try transaction.countAwaitingBills(these)
            let isHeld = request.despiteActive || active.isEmpty && awaitingBills == 0
            if isHeld { try transaction.hold(these) }
            return HoldBookingsResponse(
                active: Int32(clamping: active.count), awaitingBills: Int32(clamping: awaitingBills),
                appointmentIds: Array(active.prefix(Self.appointmentsNamed)))
        }
    }
}

extension AppointmentService {
    /// As many as a person at the desk can go through, one by one.
    private static let appointmentsNamed = 20
}

extension AppointmentsInTime {
    fileprivate init(_ request: CountActiveAppointmentsRequest) throws(Rejection) {
        switch request.of {
        case .patientID(let id): try self.init(.patient(id), from: request.from, to: request.to)
        case .doctorID(let id): try self.init(.doctor(id), from: request.from, to: request.to)
        case nil: throw .nobodyNamed
        }
    }

    fileprivate init(_ request: HoldBookingsRequest, _ calendar: ClinicCalendar) throws(Rejection) {
        let person: Person
        switch request.of {
        case .patientID(let id): person = .patient(id)
        case .doctorID(let id): person = .doctor(id)
        case nil: throw .nobodyNamed
        }
        try self.init(person, from: request.from, to: request.to, outside: request.outsideHours, calendar)
    }
}

extension Rejection {
    fileprivate static let nobodyNamed = Rejection(
        invalid: [.init(field: "doctor_id", sentence: "either patient_id or doctor_id is needed")])
}
