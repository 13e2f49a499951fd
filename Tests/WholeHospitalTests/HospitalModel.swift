/// The whole hospital in memory, as its rules say it: the oracle of random histories.
///
/// It is written from the rules alone, plainly and slowly, in the clinic's time zone of Asia/Kolkata (UTC+5:30, no changes
/// of the clock). Everything is known by its number: the order in which it was made. Times are milliseconds since 1970.
struct HospitalModel {
    struct Patient {
        var isActive = true
        let isAllergic: Bool
    }

    struct Doctor {
        var isActive = true
        let department: String
        let fee: Int64
        /// Minutes of the clinic's day in which he works, on every day.
        let hours: Range<Int64>
        var leaves: [Range<Int64>] = []
    }

    struct Appointment {
        let patient: Int
        let doctor: Int
        var start: Int64
        var status = "SCHEDULED"
        var moves = 0
        var feePercent: Int64?
        /// When a check-in or a no-show was noted, while it is the last step.
        var notedAt: Int64?
        let fee: Int64

        var isActive: Bool { status == "SCHEDULED" || status == "CHECKED_IN" }
    }

    struct Bill: Equatable {
        let appointment: Int
        let kind: String
        let subtotal: Int64
        var status = "OPEN"
        var refunded: Int64 = 0
        /// Whether it asks for a no-show that was none.
        var isTakenBack = false

        var tax: Int64 { (subtotal * 5 + 50) / 100 }
        var amount: Int64 { subtotal + tax }
    }

    struct Payment {
        let bill: Int
        let amount: Int64
        var refunded: Int64 = 0
    }

    var now: Int64
    var patients: [Patient] = []
    var doctors: [Doctor] = []
    var appointments: [Appointment] = []
    var bills: [Bill] = []
    var payments: [Payment] = []

    /// Twelve patients and three doctors of very different hours and fees.
    static func furnished(at now: Int64) -> HospitalModel {
        HospitalModel(
            now: now, patients: (0..<12).map { Patient(isAllergic: $0 % 3 == 0) },
            doctors: [
                Doctor(department: "Cardiology", fee: 50_001, hours: 9 * 60..<18 * 60),
                Doctor(department: "Dermatology", fee: 3, hours: 9 * 60..<13 * 60),
                Doctor(department: "Paediatrics", fee: 79_999, hours: 10 * 60..<11 * 60),
            ])
    }

    static let minute: Int64 = 60_000
    static let hour: Int64 = 3_600_000
    static let halfHour: Int64 = 1_800_000
    static let day: Int64 = 86_400_000

    /// The clinic's day of an instant, and the milliseconds since its midnight.
    static func local(_ instant: Int64) -> (day: Int64, time: Int64) {
        let shifted = instant + 5 * hour + 30 * minute
        return (shifted / day, shifted % day)
    }
}

/// What the hospital answers, as one line: a record, or the code of a refusal.
typealias Answer = String

// MARK: - Appointments

extension HospitalModel {
    mutating func book(_ patient: Int, with doctor: Int, in department: String, at start: Int64) -> Answer {
        guard patients.indices.contains(patient) else { return "PATIENT_NOT_FOUND" }  // 1
        guard patients[patient].isActive else { return "PATIENT_INACTIVE" }
        if let refusal = refusal(of: start, patient: patient, doctor: doctor, department: department, beside: nil) { return refusal }
        appointments.append(Appointment(patient: patient, doctor: doctor, start: start, fee: doctors[doctor].fee))
        return line(ofAppointment: appointments.count - 1)
    }

    /// Booking rules 2–10.
    private func refusal(of start: Int64, patient: Int, doctor: Int, department: String, beside moved: Int?) -> Answer? {
        guard doctors.indices.contains(doctor) else { return "DOCTOR_NOT_FOUND" }  // 2
        let known = doctors[doctor]
        guard known.isActive else { return "DOCTOR_INACTIVE" }
        let (_, time) = Self.local(start)
        if time % Self.halfHour != 0 { return "INVALID_SLOT" }  // 3
        if time < 9 * Self.hour || time > 17 * Self.hour + Self.halfHour { return "OUTSIDE_CLINIC_HOURS" }  // 4
        if start - now < 2 * Self.hour { return "LEAD_TIME_TOO_SHORT" }  // 5
        if department.lowercased() != known.department.lowercased() { return "DEPARTMENT_MISMATCH" }  // 6
        if !isWorking(known, at: start) { return "DOCTOR_UNAVAILABLE" }  // 7
        let others = appointments.indices.filter { $0 != moved }.map { appointments[$0] }
        if others.contains(where: { $0.patient == patient && $0.start == start && $0.isActive }) { return "PATIENT_SLOT_TAKEN" }  // 8
        if others.contains(where: { $0.doctor == doctor && $0.start == start && $0.isActive }) { return "DOCTOR_SLOT_TAKEN" }  // 9
        let day = Self.local(start).day
        let thatDay = others.count { $0.doctor == doctor && Self.local($0.start).day == day && $0.status != "CANCELLED" }
        return thatDay >= 8 ? "DOCTOR_DAILY_CAP" : nil  // 10
    }

    private func isWorking(_ doctor: Doctor, at start: Int64) -> Bool {
        let minute = Self.local(start).time / Self.minute
        guard doctor.hours.lowerBound <= minute, minute + 30 <= doctor.hours.upperBound else { return false }
        return !doctor.leaves.contains { $0.lowerBound < start + Self.halfHour && start < $0.upperBound }
    }

    mutating func move(_ number: Int, to start: Int64) -> Answer {
        let appointment = appointments[number]
        if appointment.status != "SCHEDULED" { return "INVALID_STATE" }
        if appointment.moves >= 2 { return "RESCHEDULE_LIMIT" }
        if appointment.start - now <= Self.hour { return "RESCHEDULE_TOO_LATE" }
        if appointment.start == start { return "SAME_SLOT" }
        let (patient, doctor) = (appointment.patient, appointment.doctor)
        if let refusal = refusal(
            of: start, patient: patient, doctor: doctor, department: doctors[doctor].department, beside: number)
        {
            return refusal
        }
        appointments[number].start = start
        appointments[number].moves += 1
        return line(ofAppointment: number)
    }

    mutating func cancel(_ number: Int, byClinic: Bool) -> Answer {
        let appointment = appointments[number]
        if !appointment.isActive { return "INVALID_STATE" }
        let isTooLate = byClinic ? Self.local(now).day > Self.local(appointment.start).day : now >= appointment.start
        if isTooLate { return "APPOINTMENT_STARTED" }
        close(number, as: "CANCELLED", keeping: byClinic || appointment.start - now > 2 * Self.hour ? 0 : 50)
        return line(ofAppointment: number)
    }

    mutating func checkIn(_ number: Int) -> Answer {
        let appointment = appointments[number]
        if appointment.status != "SCHEDULED" { return "INVALID_STATE" }
        if now < appointment.start - Self.hour || now >= appointment.start + Self.halfHour { return "CHECK_IN_WINDOW" }
        appointments[number].status = "CHECKED_IN"
        appointments[number].notedAt = now
        return line(ofAppointment: number)
    }

    mutating func complete(_ number: Int) -> Answer {
        if !appointments[number].isActive { return "INVALID_STATE" }
        if now < appointments[number].start { return "APPOINTMENT_NOT_STARTED" }
        appointments[number].status = "COMPLETED"
        appointments[number].notedAt = nil
        if consultationBill(of: number) == nil {
            bills.append(Bill(appointment: number, kind: "CONSULTATION", subtotal: appointments[number].fee))
        }
        return line(ofAppointment: number)
    }

    mutating func noShow(_ number: Int) -> Answer {
        if appointments[number].status != "SCHEDULED" { return "INVALID_STATE" }
        if now < appointments[number].start + 15 * Self.minute { return "NO_SHOW_TOO_EARLY" }
        close(number, as: "NO_SHOW", keeping: 100)
        appointments[number].notedAt = now
        return line(ofAppointment: number)
    }

    mutating func undo(_ number: Int) -> Answer {
        let appointment = appointments[number]
        guard let notedAt = appointment.notedAt else { return "INVALID_STATE" }
        if Self.local(now).day != Self.local(notedAt).day { return "UNDO_TOO_LATE" }
        if appointment.status == "NO_SHOW" {
            if !patients[appointment.patient].isActive { return "PATIENT_INACTIVE" }
            let others = appointments.filter { $0.isActive && $0.start == appointment.start }
            if others.contains(where: { $0.patient == appointment.patient }) { return "PATIENT_SLOT_TAKEN" }
            if others.contains(where: { $0.doctor == appointment.doctor }) { return "DOCTOR_SLOT_TAKEN" }
            takeFeeBack(of: number)
        }
        appointments[number].status = "SCHEDULED"
        appointments[number].feePercent = nil
        appointments[number].notedAt = nil
        return line(ofAppointment: number)
    }

    func line(ofAppointment number: Int) -> Answer {
        let appointment = appointments[number]
        let percent = appointment.feePercent.map { "\($0)" } ?? "-"
        return "\(appointment.status) at \(appointment.start) moved \(appointment.moves) fee \(appointment.fee) kept \(percent)"
    }
}
