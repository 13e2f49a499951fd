public import Contracts
import PrescriptionRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PrescriptionService {
    /// Issues a prescription in the name of the appointment's doctor.
    public func issuePrescription(_ request: IssuePrescriptionRequest, _ context: CallContext) async throws -> IssuePrescriptionResponse {
        let appointment = try await peers.appointment(request.appointmentID, context)
        try context.requireOwner(doctorID: appointment.doctorID)
        let facts = try await peers.facts(of: appointment, context)
        if let rejection = rejections(of: PrescriptionWish(request), given: facts).first { throw rejection }
        let prescription = newPrescription(from: request, for: appointment)
        let issued = PrescriptionIssued(
            prescriptionID: prescription.prescriptionID, appointmentID: prescription.appointmentID, patientID: prescription.patientID,
            doctorID: prescription.doctorID)
        let event = resources.event(PrescriptionEvent.issued, of: prescription.prescriptionID, issued, context)
        return try await commit(context, on: database) { transaction in
            try transaction.insert(prescription)
            try transaction.publish(event)
            return IssuePrescriptionResponse(prescription: prescription)
        }
    }

    private func newPrescription(from request: IssuePrescriptionRequest, for appointment: Appointment) -> Prescription {
        let now = ProtobufTimestamp(resources.clock.now())
        return Prescription(
            prescriptionID: resources.ids.make(.prescription), appointmentID: request.appointmentID,
            patientID: appointment.patientID, doctorID: appointment.doctorID, medication: request.medication, dosage: request.dosage,
            days: request.days, status: .active, overrideReason: request.overrideReason, issuedAt: now, createdAt: now, version: 1)
    }
}

extension PrescriptionWish {
    fileprivate init(_ request: IssuePrescriptionRequest) {
        self.init(
            patientID: request.patientID.isEmpty ? nil : request.patientID,
            doctorID: request.doctorID.isEmpty ? nil : request.doctorID, medication: request.medication,
            overridesAllergies: request.overrideReason != nil)
    }
}
