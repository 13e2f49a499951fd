public import Contracts
import PatientRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Takes over a patient from another system, or finds the one who is here. Who is meant is decided in the transaction that
    /// makes, changes or remembers him, so that the same row many times at once is one patient.
    ///
    /// Whoever comes in is an ordinary patient: other services hear of him as of one who was registered.
    public func importPatient(_ request: ImportPatientRequest, _ context: CallContext) async throws -> ImportPatientResponse {
        let row = try PatientRow(request, on: today, in: phoneRegion)
        if request.validateOnly { return try await database.read { [today] in try $0.result(of: row, on: today).response } }
        let patientID = resources.ids.make(.patient)
        let now = resources.clock.now()
        return try await commit(context, on: database) { [self] transaction in
            var result = try transaction.result(of: row, on: today)
            result.register(as: patientID, at: now)
            try transaction.store(result, in: phoneRegion)
            if let change = result.event { try transaction.publish(event(change, of: result.patient, context)) }
            if let sourceID = row.sourceID, result.saysNews {
                try transaction.remember(
                    sourceID, of: result.patient.patientID, saying: request.name, born: row.dob.description, at: now)
            }
            return result.response
        }
    }
}

/// What the import of one patient comes to.
private struct ImportResult: Sendable {
    /// The record that was here; nil for a new patient.
    let present: StoredPatient?
    /// The patient as he is to be.
    var patient: Patient
    let possibleDuplicates: [String]
    /// Whether the source's id, or what it says of its patient, is to be remembered.
    let saysNews: Bool

    mutating func register(as patientID: String, at now: Instant) {
        guard present == nil else { return }
        patient.patientID = patientID
        patient.createdAt = ProtobufTimestamp(now)
        patient.version = 1
    }

    var event: PatientEvent? {
        guard let present else { return .registered }
        return patient == present.patient ? nil : .changed
    }

    var response: ImportPatientResponse {
        ImportPatientResponse(
            patient: patient, alreadyThere: present != nil, updated: event == .changed,
            possibleDuplicates: Array(possibleDuplicates.prefix(Identification.namedAtMost)))
    }
}

extension Reader {
    /// - Throws: `SOURCE_ID_TAKEN`, `POSSIBLE_DUPLICATE`, and what a change of the record is refused with.
    fileprivate func result(of row: PatientRow, on today: LocalDate) throws -> ImportResult {
        let imported = row.imported
        let known = try row.sourceID.flatMap { try patient(knownBy: $0) }
        let namesakes = try namesakes(of: imported.identity, knownTo: row.sourceID?.source).map(row.namesake)
        let found = Identification(of: imported, given: IdentificationFacts(owner: known?.owner(in: row.region), namesakes: namesakes))
        if let rejection = rejection(of: found) { throw rejection }
        guard case .present(let id, let duplicates) = found else {
            return ImportResult(
                present: nil, patient: row.newPatient, possibleDuplicates: namesakes.map(\.id), saysNews: row.sourceID != nil)
        }
        let present = try storedPatient(id)
        return ImportResult(
            present: present, patient: imported.updates ? try updated(present.patient, by: row, on: today) : present.patient,
            possibleDuplicates: duplicates, saysNews: known.map { imported.updates && $0.remembered != imported.identity } ?? true)
    }

    private func updated(_ patient: Patient, by row: PatientRow, on today: LocalDate) throws -> Patient {
        let updated = row.updating(patient)
        guard updated != patient else { return patient }
        let facts = RecordChangeFacts(isActive: patient.status == .active, version: patient.version, today: today)
        let change = RecordChange(expectedVersion: nil, dob: row.dob)
        if let rejection = rejection(of: change, given: facts) ?? rejection(ofAllergies: updated.allergies, field: "allergies") {
            throw rejection
        }
        return updated
    }
}

extension Transaction {
    fileprivate func store(_ result: ImportResult, in region: PhoneRegion) throws {
        guard let present = result.present else { return try insert(result.patient, in: region) }
        if result.patient != present.patient { try update(present, to: result.patient, in: region) }
    }
}
