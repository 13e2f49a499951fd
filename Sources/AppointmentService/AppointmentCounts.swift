import Contracts
import MetricsRegistry
import ServiceKit
import Storage

/// What becomes of bookings, for metrics: counted once it is committed, by the process that has committed it. A request that is
/// answered again counts once; what a process did before it was started anew is in the sum that a Prometheus keeps.
struct AppointmentCounts: Sendable {
    private let created: Counter
    private let rescheduled: Counter
    private let completed: Counter
    private let noShows: Counter
    private let cancelledByPatient: Counter
    private let cancelledByClinic: Counter

    init(_ metrics: Metrics) {
        created = metrics.counter("hms_appointments_created_total", "Appointments that were booked, imported ones of the future too.")
        rescheduled = metrics.counter("hms_appointments_rescheduled_total", "Appointments that were moved.")
        completed = metrics.counter("hms_appointments_completed_total", "Visits that took place.")
        noShows = metrics.counter("hms_appointments_no_shows_total", "Patients who did not come, those too for whom that was taken back.")
        let (name, help) = ("hms_appointments_cancelled_total", "Appointments that were called off, by whom.")
        cancelledByPatient = metrics.counter(name, help, ["by": "patient"])
        cancelledByClinic = metrics.counter(name, help, ["by": "clinic"])
    }

    /// Counts what an event tells of, once it is committed.
    func count(_ event: AppointmentEvent, of appointment: Appointment, in transaction: Transaction) {
        guard let counter = counter(of: event, appointment) else { return }
        transaction.onCommit { counter.add() }
    }

    private func counter(of event: AppointmentEvent, _ appointment: Appointment) -> Counter? {
        switch event {
        case .booked: created
        case .rescheduled: rescheduled
        case .completed: completed
        case .noShow: noShows
        case .cancelled: appointment.cancelledBy == .clinic ? cancelledByClinic : cancelledByPatient
        case .reinstated: nil
        }
    }
}
