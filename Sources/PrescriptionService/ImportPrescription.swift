public import Contracts
import FieldChecks
import PrescriptionRules
import ProtobufC
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PrescriptionService {
    /// Takes over a prescription of the past, and tells nobody of it. Every broken rule is a violation of the answer, whose
    /// code is the first one's. What was prescribed on an imported visit is a fact: an allergy is noted on it, not held
    /// against it.
    public func importPrescription(_ request: ImportPrescriptionRequest, _ context: CallContext) async throws -> ImportPrescriptionResponse
    {
        let sourceID = try SourceID(source: request.source, sourceID: request.sourceID)
        let appointment = try await peers.appointment(request.appointmentID, context)
        let facts = try await peers.facts(of: appointment, context)
        let now = resources.clock.now()
        let wish = PrescriptionWish(request)
        let broken = request.rejections(at: now) + rejectionsOfImport(of: wish, given: facts)
        if let first = broken.first { throw RPCError(first, withAll: broken) }
        var prescription = newPrescription(from: request, for: appointment, at: now)
        if needsOverride(wish, given: facts) { prescription.overrideReason = overrideOfImport }
        if request.validateOnly { return try await checked(prescription, request, sourceID) }
        return try await commit(context, on: database) { [prescription] transaction in
            if let known = try transaction.present(prescription, as: request, sourceID) {
                try transaction.remember(sourceID, of: known.sequence)
                return ImportPrescriptionResponse(prescription: known.prescription, alreadyThere: true)
            }
            try transaction.remember(sourceID, of: try transaction.insert(prescription))
            return ImportPrescriptionResponse(prescription: prescription)
        }
    }

    /// What an import would answer. What it would make leads nowhere, and has no id, time and version.
    private func checked(
        _ prescription: Prescription, _ request: ImportPrescriptionRequest, _ sourceID: SourceID?
    ) async throws -> ImportPrescriptionResponse {
        let known = try await database.read { try $0.present(prescription, as: request, sourceID) }
        if let known { return ImportPrescriptionResponse(prescription: known.prescription, alreadyThere: true) }
        var prescription = prescription
        prescription.prescriptionID = ""
        prescription.createdAt = nil
        prescription.version = 0
        return ImportPrescriptionResponse(prescription: prescription)
    }

    private func newPrescription(from request: ImportPrescriptionRequest, for appointment: Appointment, at now: Instant) -> Prescription {
        let issuedAt = request.issuedAt?.instant ?? min(appointment.slotStart?.instant ?? now, now)
        return Prescription(
            prescriptionID: resources.ids.make(.prescription), appointmentID: request.appointmentID,
            patientID: appointment.patientID, doctorID: appointment.doctorID, medication: request.medication, dosage: request.dosage,
            days: request.days, status: .active, overrideReason: request.overrideReason, issuedAt: ProtobufTimestamp(issuedAt),
            createdAt: ProtobufTimestamp(now), version: 1, imported: true)
    }
}

extension PrescriptionWish {
    fileprivate init(_ request: ImportPrescriptionRequest) {
        self.init(
            patientID: request.patientID.isEmpty ? nil : request.patientID,
            doctorID: request.doctorID.isEmpty ? nil : request.doctorID, medication: request.medication,
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
