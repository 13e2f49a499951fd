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
        return CountActiveAppointmentsResponse(count: Int32(count))
    }

    /// Counts the active appointments of a patient or of a doctor and, where there are none, lets none be made for
    /// ``BookingHold/length``.
    ///
    /// Count and hold are one transaction, and so is every booking: either the count has the booking, or the booking meets
    /// the hold.
    public func holdBookings(_ request: HoldBookingsRequest, _ context: CallContext) async throws -> HoldBookingsResponse {
        let these = try AppointmentsInTime(request)
        return try await commit(context, on: database) { transaction in
            let active = try transaction.countActive(these)
            if active == 0 { try transaction.hold(these, at: HospitalClock.system.now()) }
            return HoldBookingsResponse(active: Int32(active))
        }
    }
}

extension AppointmentsInTime {
    fileprivate init(_ request: CountActiveAppointmentsRequest) throws(Rejection) {
        switch request.of {
        case .patientID(let id): self.init(.patient(id), from: request.from, to: request.to)
        case .doctorID(let id): self.init(.doctor(id), from: request.from, to: request.to)
        case nil: throw .nobodyNamed
        }
    }

    fileprivate init(_ request: HoldBookingsRequest) throws(Rejection) {
        switch request.of {
        case .patientID(let id): self.init(.patient(id), from: request.from, to: request.to)
        case .doctorID(let id): self.init(.doctor(id), from: request.from, to: request.to)
        case nil: throw .nobodyNamed
        }
    }
}

extension Rejection {
    fileprivate static let nobodyNamed = Rejection(
        invalid: [.init(field: "doctor_id", sentence: "either patient_id or doctor_id is needed")])
}
