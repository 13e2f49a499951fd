import AppointmentRules
import Contracts
import ServiceKit
import Vocabulary

/// An appointment of another system, as a request tells of it.
struct WantedImport: Sendable {
    let request: ImportAppointmentRequest
    let asked: AskedSlot
    let sourceID: SourceID?
    /// SCHEDULED where nothing is said.
    let state: AppointmentState
    /// What becomes of one that has begun and is said to be active.
    let unfinished: AppointmentState?

    /// - Throws: `INVALID_ARGUMENT`.
    init(_ request: ImportAppointmentRequest) throws(Rejection) {
        self.request = request
        asked = try AskedSlot(start: request.slotStart, end: request.slotEnd)
        sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
        state = try request.state()
        unfinished = try request.stateOfUnfinished()
    }
}

/// An appointment of another system, and what is known of it before its rules are asked.
struct JudgedImport: Sendable {
    let wanted: WantedImport
    let place: WantedPlace
    let takeOver: TakeOver
    let people: BookingPeople
    /// What it becomes where it is new.
    let appointment: Appointment
    let now: Instant

    var isBooking: Bool {
        if case .booking = takeOver { true } else { false }
    }

    /// What a booking of it would ask for: the doctor's department, where none is given.
    var booking: BookingRequest {
        let department = wanted.request.department
        return wanted.asked.request(in: department.isEmpty ? appointment.department : department)
    }

    /// Whether another appointment can be the same by its time. What is finer than a millisecond is cut off a fact, but is
    /// no slot.
    var hasTime: Bool { wanted.asked.isExact || !isBooking }
}

extension ImportAppointmentRequest {
    fileprivate func state() throws(Rejection) -> AppointmentState {
        if status == .unspecified { return .scheduled }
        guard let state = status.state else { throw Rejection(invalid: [.init(field: "status", sentence: "is not a status")]) }
        return state
    }

    fileprivate func stateOfUnfinished() throws(Rejection) -> AppointmentState? {
        switch pastScheduled {
        case .unspecified: return nil
        case .completed: return .completed
        case .noShow: return .noShow
        case .scheduled, .checkedIn, .cancelled, .unrecognized:
            throw Rejection(invalid: [.init(field: "past_scheduled", sentence: "must be NO_SHOW or COMPLETED")])
        }
    }
}
