public import Contracts
import PrescriptionRules
import ProtobufC
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PrescriptionService {
    /// Takes over a prescription of the past, and tells nobody of it. Every broken rule is a violation of the answer, whose
    /// code is the first one's.
    public func importPrescription(_ request: ImportPrescriptionRequest, _ context: CallContext) async throws -> ImportPrescriptionResponse
    {
        let appointment = try await peers.appointment(request.appointmentID, context)
        let facts = try await peers.facts(of: appointment, context)
        let now = resources.clock.now()
        let broken = request.rejections(at: now) + rejections(of: PrescriptionWish(request), given: facts)
        if let first = broken.first { throw RPCError(first, withAll: broken) }
        let issuedAt = request.issuedAt?.instant ?? min(appointment.slotStart?.instant ?? now, now)
        let prescription = newPrescription(from: request, for: appointment, issuedAt: issuedAt, at: now)
        return try await commit(context, on: database) { transaction in
            if let known = try transaction.prescription(like: prescription) {
                return ImportPrescriptionResponse(prescription: known, alreadyThere: true)
            }
            try transaction.insert(prescription)
            return ImportPrescriptionResponse(prescription: prescription)
        }
    }

    private func newPrescription(
        from request: ImportPrescriptionRequest, for appointment: Appointment, issuedAt: Instant, at now: Instant
    ) -> Prescription {
        Prescription(
            prescriptionID: resources.ids.make(PrescriptionID.self).rawValue, appointmentID: request.appointmentID,
            patientID: appointment.patientID, doctorID: appointment.doctorID, medication: request.medication, dosage: request.dosage,
            days: request.days, status: .active, overrideReason: request.overrideReason, issuedAt: ProtobufTimestamp(issuedAt),
            createdAt: ProtobufTimestamp(now), version: 1)
    }
}

extension PrescriptionWish {
    fileprivate init(_ request: ImportPrescriptionRequest) {
        self.init(
            patientID: request.patientID.isEmpty ? nil : PatientID(rawValue: request.patientID),
            doctorID: request.doctorID.isEmpty ? nil : DoctorID(rawValue: request.doctorID), medication: request.medication,
            overridesAllergies: request.overrideReason != nil)
    }
}

extension ImportPrescriptionRequest {
    /// What is wrong with the request itself.
    fileprivate func rejections(at now: Instant) -> [Rejection] {
        guard let issuedAt else { return [] }
        if let instant = issuedAt.instant, instant <= now { return [] }
        return [Rejection(invalid: [.init(field: "issued_at", sentence: "must be a time that has passed")])]
    }
}

extension RPCError {
    /// The first rejection's code, and the reasons of all of them.
    fileprivate init(_ first: Rejection, withAll rejections: [Rejection]) {
        self.init(first)
        violations = rejections.flatMap(\.violations).map { FieldViolation(field: $0.field, message: $0.sentence) }
    }
}
