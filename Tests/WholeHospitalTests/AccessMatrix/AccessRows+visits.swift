import Contracts
import HMSTestKit
import ProtobufC
import RPC
import ServiceKit
import Vocabulary

/// Appointments and what is prescribed in them.
extension AccessMatrixTests {
    static let visits: [String: AccessRow] = [
        "hms.appointment.v1.AppointmentService/GetClinic": .ofNobody { _ in try AccessRequest(GetClinicRequest()) },
        "hms.appointment.v1.AppointmentService/ListSlots": .ofAnybody(absent: "DOCTOR_NOT_FOUND") {
            try AccessRequest(ListSlotsRequest(doctorID: $0.doctor, from: "2026-03-03", to: "2026-03-03"))
        },
        "hms.appointment.v1.AppointmentService/BookAppointment": .ofAnybody("PATIENT_SLOT_TAKEN", absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(
                BookAppointmentRequest(
                    patientID: $0.patient, doctorID: $0.doctor, department: AccessScene.department, slotStart: ProtobufTimestamp($0.slot)))
        },
        "hms.appointment.v1.AppointmentService/GetAppointment": .ofItsDoctor(absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(GetAppointmentRequest(appointmentID: $0.appointment))
        },
        "hms.appointment.v1.AppointmentService/ListAppointments": .ofItsDoctor(absent: "OK", forDoctors: "PERMISSION_DENIED") {
            try AccessRequest(ListAppointmentsRequest(doctorID: $0.doctor))
        },
        "hms.appointment.v1.AppointmentService/RescheduleAppointment": .ofAnybody("SAME_SLOT", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(RescheduleAppointmentRequest(appointmentID: $0.appointment, slotStart: ProtobufTimestamp($0.slot)))
        },
        "hms.appointment.v1.AppointmentService/CancelAppointment": .ofItsDoctor("INVALID_STATE", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(CancelAppointmentRequest(appointmentID: $0.cancelledAppointment, reason: "Travelling"))
        },
        "hms.appointment.v1.AppointmentService/CheckInAppointment": .ofAnybody("CHECK_IN_WINDOW", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(CheckInAppointmentRequest(appointmentID: $0.appointment))
        },
        "hms.appointment.v1.AppointmentService/CompleteAppointment": .ofItsDoctor(
            "APPOINTMENT_NOT_STARTED", absent: "APPOINTMENT_NOT_FOUND"
        ) {
            try AccessRequest(CompleteAppointmentRequest(appointmentID: $0.appointment))
        },
        "hms.appointment.v1.AppointmentService/MarkNoShow": .ofItsDoctor("NO_SHOW_TOO_EARLY", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(MarkNoShowRequest(appointmentID: $0.appointment))
        },
        "hms.appointment.v1.AppointmentService/UndoStep": .ofAnybody("INVALID_STATE", absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(UndoStepRequest(appointmentID: $0.appointment, reason: "A mistake"))
        },
        "hms.appointment.v1.AppointmentService/GetAppointmentHistory": .ofItsDoctor(absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(GetAppointmentHistoryRequest(appointmentID: $0.appointment))
        },
        "hms.appointment.v1.AppointmentService/ReportAppointments": .ofNobody { _ in
            try AccessRequest(ReportAppointmentsRequest(from: "2026-03-01", to: "2026-03-31", groupBy: .doctor))
        },
        "hms.appointment.v1.AppointmentService/ImportAppointment": .ofAnybody(absent: "PATIENT_NOT_FOUND") {
            try AccessRequest(ImportAppointmentRequest.pastVisit(of: $0))
        },
        "hms.appointment.v1.AppointmentService/CountActiveAppointments": .ofAnybody(absent: "OK") {
            try AccessRequest(CountActiveAppointmentsRequest(of: .patientID($0.patient)))
        },
        "hms.appointment.v1.AppointmentService/ListTreatedPatients": .ofAnybody(absent: "OK") {
            try AccessRequest(ListTreatedPatientsRequest(doctorID: $0.doctor, patientIds: [$0.patient]))
        },
        "hms.appointment.v1.AppointmentService/HoldBookings": .ofAnybody(absent: "OK") {
            try AccessRequest(HoldBookingsRequest(of: .patientID($0.patient)))
        },
        // A week in which nobody has an appointment.
        "hms.appointment.v1.AppointmentService/CancelDoctorAppointments": .ofAnybody(absent: "OK") {
            try AccessRequest(
                CancelDoctorAppointmentsRequest(
                    doctorID: $0.doctor, from: ProtobufTimestamp($0.now + .days(50)), to: ProtobufTimestamp($0.now + .days(57)),
                    reason: "Rest"))
        },
        "hms.appointment.v1.AppointmentService/ExportAppointments": .ofNobody { _ in try AccessRequest(ExportAppointmentsRequest()) },
    ]

    static let prescriptions: [String: AccessRow] = [
        "hms.prescription.v1.PrescriptionService/IssuePrescription": .ofItsDoctor(
            "APPOINTMENT_NOT_ELIGIBLE", absent: "APPOINTMENT_NOT_FOUND"
        ) {
            try AccessRequest(
                IssuePrescriptionRequest(appointmentID: $0.appointment, medication: "Loratadine", dosage: "1 daily", days: 10))
        },
        "hms.prescription.v1.PrescriptionService/GetPrescription": .ofItsDoctor(absent: "PRESCRIPTION_NOT_FOUND") {
            try AccessRequest(GetPrescriptionRequest(prescriptionID: $0.prescription))
        },
        "hms.prescription.v1.PrescriptionService/ListPrescriptions": .ofItsDoctor(absent: "OK", forDoctors: "PERMISSION_DENIED") {
            try AccessRequest(ListPrescriptionsRequest(doctorID: $0.doctor))
        },
        "hms.prescription.v1.PrescriptionService/CancelPrescription": .ofItsDoctor(absent: "PRESCRIPTION_NOT_FOUND") {
            try AccessRequest(CancelPrescriptionRequest(prescriptionID: $0.cancelledPrescription, reason: "Rash"))
        },
        "hms.prescription.v1.PrescriptionService/ImportPrescription": .ofAnybody(absent: "APPOINTMENT_NOT_FOUND") {
            try AccessRequest(ImportPrescriptionRequest.oldPaper(of: $0, "Loratadine"))
        },
        "hms.prescription.v1.PrescriptionService/ExportPrescriptions": .ofNobody { _ in try AccessRequest(ExportPrescriptionsRequest()) },
    ]
}
