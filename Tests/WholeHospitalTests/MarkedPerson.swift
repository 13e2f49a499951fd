import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Storage
import Testing
import Vocabulary

/// What is kept of somebody, by number.
struct Kept: Equatable {
    let visits: Int
    let bills: Int
    let payments: Int
    let prescriptions: Int
}

/// A patient all of whose texts are to be recognized wherever they are, and a doctor who sees him.
final class MarkedPerson: Sendable {
    let canary = Canary(
        strings: [
            "Zqname", "zqmail", "98450 77123", "1931-07-19", "Zqallergy", "ZQSOURCE", "Zqmoved", "Zqnotes", "Zqcancelled", "Zqdressing",
            "Zqvoided", "Zqrefunded", "Zqoverride", "Zqwithdrawn", "Zqmessage", "Zqmetadata", "Zqkey",
        ])
    private let whole: WholeHospital
    private let patientID: String
    private let doctorID: String

    private static let fee: Int64 = 50_000

    init(_ whole: WholeHospital) async throws {
        self.whole = whole
        patientID = try await Self.register(whole)
        let doctor = CreateDoctorRequest(name: "Doctor", department: "Cardiology", specialization: "All", consultationFee: Self.fee)
        doctorID = try await DoctorServiceClient(whole.channel(to: "doctor")).createDoctor(doctor, whole.options()).doctor?.doctorID ?? ""
    }

    /// The same request under the same key.
    func register() async throws -> String { try await Self.register(whole) }

    private static func register(_ whole: WholeHospital) async throws -> String {
        let request = CreatePatientRequest(
            name: "Zqname Rao", email: "zqmail@mail.example", phone: "+91 98450 77123", dob: "1931-07-19",
            allergies: ["Penicillin", "Zqallergy"])
        let patients = PatientServiceClient(whole.channel(to: "patient"))
        return try await patients.createPatient(request, whole.options(key: "Zqkey registration")).patient?.patientID ?? ""
    }

    func forget() async throws -> Patient {
        let request = ForgetPatientRequest(patientID: patientID, reason: "He has asked for it in writing")
        let deadline = ContinuousClock.now + .seconds(120)
        while true {
            do {
                return try #require(
                    try await PatientServiceClient(whole.channel(to: "patient")).forgetPatient(request, whole.options()).patient)
            } catch let error as RPCError where error.code == .unavailable && ContinuousClock.now < deadline {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    /// Leaves one of each string somewhere.
    func goThroughEverything() async throws {
        try await beImported()
        try await cancel(try await book(day: 2), because: "Zqcancelled")
        let visit = try await book(day: 3)
        try await move(visit, toDay: 1, because: "Zqmoved")
        let dressing = try await bill(visit, "Zqdressing")
        try await refund(try await pay(dressing), because: "Zqrefunded")
        try await void(try await bill(visit, "Bandage"), because: "Zqvoided")
        try await beSeen(visit)
        try await beTold()
        try await whole.settle()
        let bills = try await billing.listBills(ListBillsRequest(patientID: patientID, status: .open), whole.options()).bills
        for bill in bills { _ = try await pay(bill) }
    }

    func kept() async throws -> Kept {
        let options = try await whole.options()
        return Kept(
            visits: try await appointments.listAppointments(ListAppointmentsRequest(patientID: patientID), options).appointments.count,
            bills: try await billing.listBills(ListBillsRequest(patientID: patientID), options).bills.count,
            payments: try await payments.listPayments(ListPaymentsRequest(patientID: patientID), options).payments.count,
            prescriptions: try await prescriptions.listPrescriptions(ListPrescriptionsRequest(patientID: patientID), options)
                .prescriptions.count)
    }

    /// Why the audit says that he was forgotten.
    func reasonInAudit() async throws -> String? {
        let database = try #require(whole.databases["patient"])
        return try await database.scan { [patientID] reader in
            var reason: String?
            try reader.forEachAuditEntry { _, entry in
                guard entry.method.hasSuffix("/ForgetPatient"), entry.patients == [patientID] else { return true }
                reason = entry.reason
                return false
            }
            return reason
        }
    }
}

// MARK: - Steps

extension MarkedPerson {
    private var appointments: AppointmentServiceClient { AppointmentServiceClient(whole.channel(to: "appointment")) }
    private var billing: BillingServiceClient { BillingServiceClient(whole.channel(to: "billing")) }
    private var payments: PaymentServiceClient { PaymentServiceClient(whole.channel(to: "payment")) }
    private var prescriptions: PrescriptionServiceClient { PrescriptionServiceClient(whole.channel(to: "prescription")) }

    /// - Returns: the id of a visit at 11:00, so many days from now.
    func book(day: Int64) async throws -> String {
        let request = BookAppointmentRequest(
            patientID: patientID, doctorID: doctorID, department: "Cardiology", slotStart: ProtobufTimestamp(start(inDays: day)))
        return try #require(try await appointments.bookAppointment(request, whole.options(key: "Zqkey visit \(day)")).appointment)
            .appointmentID
    }

    func cancel(_ visit: String, because reason: String) async throws {
        let request = CancelAppointmentRequest(appointmentID: visit, reason: reason)
        _ = try await appointments.cancelAppointment(request, whole.options(key: "Zqkey cancelling"))
    }

    func bill(_ visit: String, _ description: String) async throws -> Bill {
        let request = CreateBillRequest(appointmentID: visit, kind: .other, subtotal: 20_000, descriptionValue: description)
        return try #require(try await billing.createBill(request, whole.options(key: "Zqkey bill \(description.count)")).bill)
    }

    func void(_ bill: Bill, because reason: String) async throws {
        _ = try await billing.voidBill(VoidBillRequest(billID: bill.billID, reason: reason), whole.options(key: "Zqkey voiding"))
    }

    private func start(inDays days: Int64) -> Instant {
        TestMorning.start + .seconds(days * 86_400 + 2 * 3_600)
    }

    private func beImported() async throws {
        let request = ImportPatientRequest(
            name: "Zqname Rao", email: "zqmail@mail.example", dob: "1931-07-19", source: "old-clinic", sourceID: "ZQSOURCE-1")
        let response = try await PatientServiceClient(whole.channel(to: "patient")).importPatient(request, whole.options())
        #expect(response.alreadyThere && response.patient?.patientID == patientID)
    }

    private func move(_ visit: String, toDay day: Int64, because reason: String) async throws {
        let request = RescheduleAppointmentRequest(
            appointmentID: visit, slotStart: ProtobufTimestamp(start(inDays: day)), reason: reason)
        _ = try await appointments.rescheduleAppointment(request, whole.options(key: "Zqkey moving"))
    }

    private func pay(_ bill: Bill) async throws -> String {
        let request = CreatePaymentRequest(billID: bill.billID, amount: bill.amount, method: .cash)
        return try #require(try await payments.createPayment(request, whole.options(key: "Zqkey pay \(bill.billID)")).payment).paymentID
    }

    private func refund(_ payment: String, because reason: String) async throws {
        let request = CreateRefundRequest(paymentID: payment, amount: 1_000, reason: reason)
        _ = try await payments.createRefund(request, whole.options(key: "Zqkey refund"))
    }

    private func beSeen(_ visit: String) async throws {
        whole.hospital.clock.now = start(inDays: 1)
        _ = try await appointments.checkInAppointment(CheckInAppointmentRequest(appointmentID: visit), whole.options())
        let wish = IssuePrescriptionRequest(
            appointmentID: visit, medication: "Penicillin V 500 mg", dosage: "1-0-1", days: 5, overrideReason: "Zqoverride")
        let prescription = try #require(try await prescriptions.issuePrescription(wish, whole.options(key: "Zqkey issue")).prescription)
        let end = CancelPrescriptionRequest(prescriptionID: prescription.prescriptionID, reason: "Zqwithdrawn")
        _ = try await prescriptions.cancelPrescription(end, whole.options(key: "Zqkey withdraw"))
        let completion = CompleteAppointmentRequest(appointmentID: visit, notes: "Zqnotes")
        _ = try await appointments.completeAppointment(completion, whole.options(key: "Zqkey complete"))
    }

    private func beTold() async throws {
        let message = SendNotificationRequest(
            recipientID: patientID, channel: .email, message: "Zqmessage",
            metadata: ProtobufStruct(fields: ["ward": ProtobufValue(kind: .stringValue("Zqmetadata"))]))
        _ = try await NotificationServiceClient(whole.channel(to: "notification")).sendNotification(message, whole.options(key: "tell"))
    }
}

/// Where the clock of a test hospital begins.
private enum TestMorning {
    static let start = Instant(millisecondsSinceEpoch: 1_772_422_200_000)
}
