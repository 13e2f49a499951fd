import HospitalClient
import PlainText
import Supervision
public import Vocabulary

/// Fills an empty hospital with two weeks of its life, through the public API and with its clock moved: everything
/// happens at its time and in the way in which people do it.
public struct DemoFilling: Sendable {
    static let days = 14

    private let staff: DemoStaff
    private let clock: MovedClock
    private let calendar: ClinicCalendar

    /// - Parameter clock: of the hospital; it is moved up to where the filling ends.
    public init(staff: DemoStaff, clock: MovedClock, calendar: ClinicCalendar) {
        self.staff = staff
        self.clock = clock
        self.calendar = calendar
    }

    /// 07:00 of the day on which a demo begins that ends at `end`.
    public static func beginning(before end: Instant, _ calendar: ClinicCalendar) -> Instant {
        let day = calendar.day(of: end).adding(days: -days)
        return TimeOfDay(hour: 7, minute: 0).flatMap { calendar.instants(of: day, at: $0).first } ?? end - .days(days)
    }

    public func fill(_ hospital: DemoHospital, until end: Instant) async throws -> DemoCounts {
        let present = try await staff.reception.get("/v1/patients", [("page_size", "1")])
        guard present["patients"]?.elements.isEmpty == true else {
            throw DemoFailed(reason: "the hospital has patients already; a demo needs an empty data folder")
        }
        try clock.move(to: Self.beginning(before: end, calendar))
        let people = try await register(hospital)
        var play = DemoPlay(people, staff, clock, calendar, seed: hospital.seed)
        play.plan(from: calendar.day(of: end).adding(days: -Self.days), through: calendar.day(of: end))
        try await play.run(until: end)
        try clock.move(to: end)
        return play.counts
    }

    private func register(_ hospital: DemoHospital) async throws -> DemoPeople {
        var people = DemoPeople()
        for (number, doctor) in hospital.doctors.enumerated() {
            let record = try await staff.admin.post("/v1/doctors", doctor.body, key: "demo-doctor-\(number)")
            let id = record["doctor_id"]?.text ?? ""
            _ = try await staff.admin.answer(APIRequest(.put, "/v1/doctors/\(id)/schedule", body: doctor.workingHours))
            people.doctors.append(
                .init(id: id, department: record["department"]?.text ?? "", sender: try await staff.doctor(id)))
        }
        for (number, patient) in hospital.patients.enumerated() {
            let record = try await staff.reception.post("/v1/patients", patient, key: "demo-patient-\(number)")
            people.patients.append(record["patient_id"]?.text ?? "")
        }
        return people
    }
}
