public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Vocabulary

extension DoctorService {
    /// Enters a leave, once no active appointment lies in it, and while none can be made there.
    ///
    /// With `cancel_appointments` those that have not begun are cancelled first. Should this process die before the leave is entered, entering
    /// it again cancels what is left and goes on.
    public func createLeave(_ request: CreateLeaveRequest, _ context: CallContext) async throws -> CreateLeaveResponse {
        let period = try LeavePeriod(start: request.start.exactInstant("start"), end: request.end.exactInstant("end"))
        try requireActive(try await doctor(request.doctorID))
        let hold = try await clear(period, for: request, context)
        let leave = newLeave(in: period, from: request)
        return try await commitChange(context) { transaction in
            try requireActive(try transaction.doctor(request.doctorID))
            try hold.requireTime()
            try transaction.insert(leave)
            return CreateLeaveResponse(leave: leave)
        }
    }

    private func clear(_ period: LeavePeriod, for request: CreateLeaveRequest, _ context: CallContext) async throws -> BookingHold {
        let appointments = AppointmentsOfDoctor(doctorID: request.doctorID, from: period.start, to: period.end)
        if request.cancelAppointments {
            return try await peers.cancel(appointments, because: "The doctor is on leave.", context)
        }
        let (active, hold) = try await peers.hold(appointments, context)
        if let rejection = rejectionOfLeave(over: active) { throw rejection }
        return hold
    }

    private func newLeave(in period: LeavePeriod, from request: CreateLeaveRequest) -> Leave {
        Leave(
            leaveID: resources.ids.make(.leave), doctorID: request.doctorID, start: ProtobufTimestamp(period.start),
            end: ProtobufTimestamp(period.end), reason: request.reason, createdAt: ProtobufTimestamp(resources.clock.now()), version: 1)
    }
}

private func requireActive(_ doctor: Doctor) throws(Rejection) {
    if let rejection = rejectionOfChange(whereDoctorIsActive: doctor.status == .active) { throw rejection }
}

extension ProtobufTimestamp? {
    /// - Throws: `INVALID_ARGUMENT` where the field holds no time to the millisecond.
    fileprivate func exactInstant(_ field: String) throws(Rejection) -> Instant {
        guard let self else { throw Rejection(invalid: [.init(field: field, sentence: "is required")]) }
        return try self.exactInstant(field)
    }
}
