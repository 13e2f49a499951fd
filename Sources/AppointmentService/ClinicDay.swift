import AppointmentRules
import MetricsRegistry
import ServiceKit
import Storage
import Vocabulary

/// How one day of the clinic stands, over all doctors.
struct ClinicDay: Hashable, Sendable {
    /// Doctors who have, or had, an appointment that day.
    var doctors = 0
    var scheduled = 0
    var checkedIn = 0
    var completed = 0
    var noShows = 0
    var cancelled = 0

    /// The part of the places under the daily cap, of doctors who see anybody, that is taken; nil where nobody does.
    var utilization: Double? {
        guard doctors > 0 else { return nil }
        return Double(scheduled + checkedIn + completed + noShows) / Double(doctors * BookingRule.appointmentsPerDay)
    }
}

extension AppointmentService {
    /// Has the present day read whenever metrics are asked for. Every replica tells the same of it.
    func tellDay(in metrics: Metrics) {
        let failures = metrics.counter(
            "hms_metrics_reads_failed_total", "How often the database did not say what metrics were to tell of it.")
        metrics.collect { [database, clock, calendar] in
            do {
                let today = calendar.day(of: clock.now())
                return try await database.scan { try $0.clinicDay(today) }.families
            } catch {
                // A number that is not known is not told.
                failures.add()
                return []
            }
        }
    }
}

extension ClinicDay {
    fileprivate var families: [MetricFamily] {
        let counts = [
            ("SCHEDULED", scheduled), ("CHECKED_IN", checkedIn), ("COMPLETED", completed), ("NO_SHOW", noShows), ("CANCELLED", cancelled),
        ]
        let today = MetricFamily(
            "hms_appointments_today", "Appointments of the clinic's present day, by status; each replica tells all of them.", .gauge,
            counts.map { .init($1, ["status": $0]) })
        guard let utilization else { return [today] }
        let help = "The part of today's places that is taken, of doctors who have an appointment today; each replica tells the same."
        return [today, MetricFamily("hms_slots_utilization_ratio", help, .gauge, [.init(utilization)])]
    }
}
