import AppointmentRules
import Contracts
import ServiceKit
import Vocabulary

extension AppointmentStatus {
    init(_ state: AppointmentState) {
        self =
            switch state {
            case .scheduled: .scheduled
            case .checkedIn: .checkedIn
            case .completed: .completed
            case .cancelled: .cancelled
            case .noShow: .noShow
            }
    }

    /// Nil where the status is none.
    var state: AppointmentState? {
        AppointmentState.allCases.first { AppointmentStatus($0) == self }
    }
}

extension Appointment {
    /// Nil for what the schema's checks keep out.
    var slot: Slot? {
        guard let start = slotStart?.instant, let end = slotEnd?.instant else { return nil }
        return Slot(start: start, end: end)
    }

    /// What the rules ask of an appointment; nil for what the schema's checks keep out.
    var facts: AppointmentFacts? {
        guard let state = status.state, let slot else { return nil }
        return AppointmentFacts(state: state, slot: slot, rescheduleCount: Int(rescheduleCount))
    }
}
