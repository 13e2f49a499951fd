import Contracts
import ProtobufC
import Storage

/// What is kept for idempotency keys, in every service.
extension Invariants {
    static func keys(of services: Set<String>) -> [Invariant] {
        let creations = creations.filter { services.contains($0.service) }
        let sentence = "Every answer kept for an idempotency key tells of one record, and no two keys of the same"
        return [
            Invariant(sentence, of: Set(creations.map(\.service))) { evidence in
                try creations.reduce(Finding(count: 0, breaches: [])) { finding, creation in
                    try evidence.files.read { reader in finding + (try look(at: creation, reader)) }
                }
            }
        ]
    }

    /// A method that creates a record, and where the record is.
    private struct Creation: Sendable {
        let service: String
        let method: String
        let table: String
        let column: String
        let id: @Sendable ([UInt8]) throws -> String?
    }

    private static let creations = [
        Creation(service: "patient", method: "CreatePatient", table: "patients", column: "patient_id") {
            try CreatePatientResponse(protobuf: $0).patient?.patientID
        },
        Creation(service: "doctor", method: "CreateDoctor", table: "doctors", column: "doctor_id") {
            try CreateDoctorResponse(protobuf: $0).doctor?.doctorID
        },
        Creation(service: "appointment", method: "BookAppointment", table: "appointments", column: "appointment_id") {
            try BookAppointmentResponse(protobuf: $0).appointment?.appointmentID
        },
        Creation(service: "billing", method: "CreateBill", table: "bills", column: "bill_id") {
            try CreateBillResponse(protobuf: $0).bill?.billID
        },
        Creation(service: "payment", method: "CreatePayment", table: "payments", column: "payment_id") {
            try CreatePaymentResponse(protobuf: $0).payment?.paymentID
        },
        Creation(service: "payment", method: "CreateRefund", table: "refunds", column: "refund_id") {
            try CreateRefundResponse(protobuf: $0).refund?.refundID
        },
        Creation(service: "prescription", method: "IssuePrescription", table: "prescriptions", column: "prescription_id") {
            try IssuePrescriptionResponse(protobuf: $0).prescription?.prescriptionID
        },
        Creation(service: "notification", method: "SendNotification", table: "notifications", column: "notification_id") {
            try SendNotificationResponse(protobuf: $0).notification?.notificationID
        },
    ]

    private static func look(at creation: Creation, _ reader: Reader) throws -> Finding {
        let answers = try reader.rows(
            "SELECT response FROM \(creation.service).hms_idempotency WHERE method LIKE ?", [.text("%/\(creation.method)")]
        ) { $0.blob(0) }
        var finding = Finding(count: answers.count, breaches: [])
        var seen: Set<String> = []
        for answer in answers {
            guard let id = try creation.id(answer) else { continue }
            let sql = "SELECT 1 FROM \(creation.service).\(creation.table) WHERE \(creation.column) = ?"
            if try !reader.exists(sql, [.text(id)]) { finding.breaches.append("\(id) is not there") }
            if !seen.insert(id).inserted { finding.breaches.append("\(id) answers two keys") }
        }
        return finding
    }
}
