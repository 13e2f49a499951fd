import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Testing
import Vocabulary

/// The ids of one doctor's records.
struct AccessRecords: Sendable {
    /// Marks what is theirs where a text must differ: `own`.
    let name: String
    /// When the scene was made.
    let now: Instant
    var patient = "pat_00000000000000000000000000"
    var doctor = "doc_00000000000000000000000000"
    /// Tomorrow, SCHEDULED, with an OPEN bill.
    var appointment = "apt_00000000000000000000000000"
    var cancelledAppointment = "apt_00000000000000000000000000"
    /// A visit of last week, COMPLETED.
    var pastAppointment = "apt_00000000000000000000000000"
    var bill = "bil_00000000000000000000000000"
    var voidBill = "bil_00000000000000000000000000"
    var payment = "pay_00000000000000000000000000"
    var prescription = "rx_00000000000000000000000000"
    var cancelledPrescription = "rx_00000000000000000000000000"
    var notification = "ntf_00000000000000000000000000"

    /// Tomorrow at 11:00 in the clinic.
    var slot: Instant { now + .days(1) + .seconds(7_200) }
    var lastWeek: Instant { now - .days(7) }
    var patientName: String { "Patient \(name)" }
}

/// Two doctors with a patient each, who has been here, is to come, owes and has paid.
struct AccessScene: Sendable {
    let own: AccessRecords
    let anothers: AccessRecords
    let absent: AccessRecords

    func records(_ record: WhoseRecord) -> AccessRecords {
        switch record {
        case .own: own
        case .anothers: anothers
        case .absent: absent
        }
    }

    static let department = "Cardiology"
    static let hours = (1...7).map { WorkingHoursMessage(weekday: .init(rawValue: $0), start: "09:00", end: "18:00") }

    static func make(in whole: WholeHospital) async throws -> AccessScene {
        let scene = AccessScene(
            own: try await records("own", in: whole), anothers: try await records("anothers", in: whole),
            absent: AccessRecords(name: "absent", now: whole.hospital.clock.now))
        try await whole.settle()
        return scene
    }

    private static func records(_ name: String, in whole: WholeHospital) async throws -> AccessRecords {
        var records = AccessRecords(name: name, now: whole.hospital.clock.now)
        try await addPeople(to: &records, in: whole)
        try await addVisits(to: &records, in: whole)
        try await addMoney(to: &records, in: whole)
        try await addPaper(to: &records, in: whole)
        return records
    }

    private static func addPeople(to records: inout AccessRecords, in whole: WholeHospital) async throws {
        let options = try await whole.options()
        let patient = CreatePatientRequest(name: records.patientName, email: "\(records.name)@mail.example", dob: "1980-01-01")
        records.patient =
            try await PatientServiceClient(whole.channel(to: "patient")).createPatient(patient, options).patient?.patientID ?? ""
        let doctors = DoctorServiceClient(whole.channel(to: "doctor"))
        let doctor = CreateDoctorRequest(name: "Doctor \(records.name)", department: department, specialization: "All")
        records.doctor = try await doctors.createDoctor(doctor, options).doctor?.doctorID ?? ""
        _ = try await doctors.setDoctorSchedule(SetDoctorScheduleRequest(doctorID: records.doctor, workingHours: hours), options)
    }

    private static func addVisits(to records: inout AccessRecords, in whole: WholeHospital) async throws {
        let appointments = AppointmentServiceClient(whole.channel(to: "appointment"))
        let options = try await whole.options()
        func book(_ start: Instant) async throws -> String {
            let request = BookAppointmentRequest(
                patientID: records.patient, doctorID: records.doctor, department: department, slotStart: ProtobufTimestamp(start))
            return try #require(try await appointments.bookAppointment(request, options).appointment).appointmentID
        }
        records.appointment = try await book(records.slot)
        records.cancelledAppointment = try await book(records.slot + .seconds(1_800))
        _ = try await appointments.cancelAppointment(
            CancelAppointmentRequest(appointmentID: records.cancelledAppointment, reason: "Travelling"), options)
        records.pastAppointment =
            try #require(try await appointments.importAppointment(.pastVisit(of: records), options).appointment).appointmentID
    }

    private static func addMoney(to records: inout AccessRecords, in whole: WholeHospital) async throws {
        let billing = BillingServiceClient(whole.channel(to: "billing"))
        let options = try await whole.options()
        let visit = CreateBillRequest(appointmentID: records.appointment, kind: .consultation)
        let other = CreateBillRequest(appointmentID: records.appointment, kind: .other, subtotal: 1_000, descriptionValue: "A certificate")
        records.bill = try #require(try await billing.createBill(visit, options).bill).billID
        records.voidBill = try #require(try await billing.createBill(other, options).bill).billID
        _ = try await billing.voidBill(VoidBillRequest(billID: records.voidBill, reason: "A mistake"), options)
        let paid = try #require(try await billing.createBill(other, options).bill)
        let payment = CreatePaymentRequest(billID: paid.billID, amount: paid.amount, method: .cash)
        let keyed = try await whole.options(key: "scene-\(records.name)")
        records.payment =
            try #require(try await PaymentServiceClient(whole.channel(to: "payment")).createPayment(payment, keyed).payment).paymentID
    }

    private static func addPaper(to records: inout AccessRecords, in whole: WholeHospital) async throws {
        let options = try await whole.options()
        let prescriptions = PrescriptionServiceClient(whole.channel(to: "prescription"))
        records.prescription =
            try #require(try await prescriptions.importPrescription(.oldPaper(of: records, "Loratadine"), options).prescription)
            .prescriptionID
        records.cancelledPrescription =
            try #require(try await prescriptions.importPrescription(.oldPaper(of: records, "Cetirizine"), options).prescription)
            .prescriptionID
        _ = try await prescriptions.cancelPrescription(
            CancelPrescriptionRequest(prescriptionID: records.cancelledPrescription, reason: "Rash"), options)
        let letter = SendNotificationRequest(recipientID: records.patient, channel: .email, message: "Please call us.")
        records.notification =
            try #require(
                try await NotificationServiceClient(whole.channel(to: "notification")).sendNotification(letter, options).notification
            ).notificationID
    }
}

extension ImportAppointmentRequest {
    static func pastVisit(of records: AccessRecords) -> ImportAppointmentRequest {
        ImportAppointmentRequest(
            patientID: records.patient, doctorID: records.doctor, slotStart: ProtobufTimestamp(records.lastWeek), status: .completed,
            source: "old-desk", sourceID: "visit-\(records.name)")
    }
}

extension ImportPrescriptionRequest {
    static func oldPaper(of records: AccessRecords, _ medication: String) -> ImportPrescriptionRequest {
        ImportPrescriptionRequest(
            appointmentID: records.pastAppointment, medication: medication, dosage: "1 daily", days: 10, source: "old-desk",
            sourceID: "\(medication)-\(records.name)")
    }
}
