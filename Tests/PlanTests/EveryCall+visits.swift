import Contracts
import FieldChecks
import HMSTestKit
import RPC
import ServiceKit
import Testing
import Vocabulary

/// Everything that can be asked of the appointment and the prescription service.
extension BusyHospital {
    func book(_ patient: Patient, with doctor: Doctor, at start: Instant) async throws -> Appointment {
        let request = BookAppointmentRequest(
            patientID: patient.patientID, doctorID: doctor.doctorID, department: "Cardiology", slotStart: ProtobufTimestamp(start))
        return try #require(
            try await AppointmentServiceClient(way(to: "appointment", key: "book-\(start)")).bookAppointment(request).appointment)
    }

    /// Takes every step with some appointments of tomorrow, and asks for them in every way.
    ///
    /// - Returns: those that were completed.
    func askOfAppointments(_ patients: [Patient], _ doctor: Doctor) async throws -> [Appointment] {
        let appointments = AppointmentServiceClient(try await way(to: "appointment"))
        let opening = hospital.clock.now + .days(1)
        var booked: [Appointment] = []
        for number in 0..<5 {
            booked.append(try await book(patients[number], with: doctor, at: opening + .seconds(1_800 * number)))
        }
        let ids = booked.map(\.appointmentID)
        _ = try await appointments.rescheduleAppointment(
            RescheduleAppointmentRequest(appointmentID: ids[4], slotStart: ProtobufTimestamp(opening + .days(1))))
        _ = try await appointments.cancelAppointment(CancelAppointmentRequest(appointmentID: ids[4], reason: "Travelling"))
        hospital.clock.now = opening
        _ = try await appointments.cancelAppointment(CancelAppointmentRequest(appointmentID: ids[3], reason: "Travelling"))
        _ = try await appointments.checkInAppointment(CheckInAppointmentRequest(appointmentID: ids[0]))
        hospital.clock.now = opening + .seconds(3_600 + 900)
        for id in ids[..<2] { _ = try await appointments.completeAppointment(CompleteAppointmentRequest(appointmentID: id)) }
        _ = try await appointments.markNoShow(MarkNoShowRequest(appointmentID: ids[2]))
        _ = try await appointments.undoStep(UndoStepRequest(appointmentID: ids[2], reason: "He is here"))
        _ = try await appointments.markNoShow(MarkNoShowRequest(appointmentID: ids[2]))
        _ = try await appointments.getAppointmentHistory(GetAppointmentHistoryRequest(appointmentID: ids[0]))
        try await list(booked[0], appointments)
        try await count(booked[0], opening, appointments)
        return Array(booked[..<2])
    }

    private func list(_ appointment: Appointment, _ appointments: AppointmentServiceClient) async throws {
        let lists = everyChoice(
            of: [
                { $0.patientID = appointment.patientID }, { $0.doctorID = appointment.doctorID }, { $0.department = "cardiology" },
                { $0.status = .scheduled }, { $0.order = .slot },
            ], from: ListAppointmentsRequest())
        let periods: [(String?, String?)] = [
            (nil, nil), ("2026-03-01", "2026-03-31"), ("2026-01-01", "2026-12-31"), ("2026-03-01", nil), (nil, "2026-03-31"),
        ]
        for var list in lists {
            for (from, to) in periods {
                (list.from, list.to) = (from, to)
                _ = try await appointments.listAppointments(list)
            }
        }
        for order in [AppointmentOrder.newest, .slot] {
            _ = try await appointments.listAppointments(ListAppointmentsRequest(order: order, source: "old-desk", sourceID: "4711"))
        }
    }

    private func count(_ appointment: Appointment, _ opening: Instant, _ appointments: AppointmentServiceClient) async throws {
        for grouping in [AppointmentGrouping.department, .doctor, .day, .status] {
            for includeHistory in [false, true] {
                _ = try await appointments.reportAppointments(
                    ReportAppointmentsRequest(
                        from: "2026-03-01", to: "2026-03-31", groupBy: grouping, includeHistory: includeHistory))
            }
        }
        _ = try await appointments.listSlots(ListSlotsRequest(department: "Cardiology", from: "2026-03-05", to: "2026-03-06"))
        for status in [AppointmentStatus.completed, .noShow] {
            _ = try await appointments.importAppointment(
                ImportAppointmentRequest(
                    patientID: appointment.patientID, doctorID: appointment.doctorID, slotStart: ProtobufTimestamp(opening - .days(7)),
                    status: status, source: "old-desk", sourceID: "4711", update: true))
        }
        let asService = AppointmentServiceClient(try await way(to: "appointment", as: .service))
        for whom in [CountActiveAppointmentsRequest.OneOf_Of.patientID(appointment.patientID), .doctorID(appointment.doctorID)] {
            _ = try await asService.countActiveAppointments(CountActiveAppointmentsRequest(of: whom))
        }
        _ = try await asService.listTreatedPatients(
            ListTreatedPatientsRequest(doctorID: appointment.doctorID, patientIds: [appointment.patientID]))
    }

    func askOfPrescriptions(_ appointment: Appointment) async throws {
        let prescriptions = PrescriptionServiceClient(try await way(to: "prescription"))
        let request = IssuePrescriptionRequest(
            appointmentID: appointment.appointmentID, medication: "Ibuprofen", dosage: "1 daily", days: 5)
        let issued = try #require(try await prescriptions.issuePrescription(request).prescription)
        _ = try await prescriptions.getPrescription(GetPrescriptionRequest(prescriptionID: issued.prescriptionID))
        let lists = everyChoice(
            of: [
                { $0.patientID = appointment.patientID }, { $0.doctorID = appointment.doctorID },
                { $0.appointmentID = appointment.appointmentID },
            ], from: ListPrescriptionsRequest())
        for list in lists { _ = try await prescriptions.listPrescriptions(list) }
        _ = try await prescriptions.cancelPrescription(
            CancelPrescriptionRequest(prescriptionID: issued.prescriptionID, reason: "A mistake"))
        _ = try await prescriptions.importPrescription(
            ImportPrescriptionRequest(
                appointmentID: appointment.appointmentID, medication: "Ibuprofen", dosage: "2 daily", days: 5, source: "old-desk",
                sourceID: "4711"))
    }
}
