public import Contracts
import DoctorRules
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension DoctorService {
    /// Takes over a doctor from another system, or finds the one who is here. Who is meant is decided in the transaction that
    /// makes, changes or remembers him, so that the same row many times at once is one doctor.
    ///
    /// Whoever comes in is an ordinary doctor: other services hear of him as of one who was registered.
    public func importDoctor(_ request: ImportDoctorRequest, _ context: CallContext) async throws -> ImportDoctorResponse {
        let row = try DoctorRow(request, in: resources.clinic.phoneRegion)
        if request.validateOnly { return try await database.read { try $0.result(of: row).response } }
        let doctorID = resources.ids.make(.doctor)
        let now = resources.clock.now()
        return try await commitChange(context) { [self] transaction in
            var result = try transaction.result(of: row)
            result.register(as: doctorID, at: now)
            try transaction.store(result)
            if let change = result.event { try transaction.publish(event(change, of: result.doctor, context)) }
            if let sourceID = row.sourceID, result.saysNews {
                try transaction.remember(sourceID, of: result.doctor.doctorID, saying: request, at: now)
            }
            return result.response
        }
    }
}

/// What the import of one doctor comes to.
private struct ImportResult: Sendable {
    /// The record that was here; nil for a new doctor.
    let present: Doctor?
    /// The doctor as he is to be.
    var doctor: Doctor
    let possibleDuplicates: [String]
    /// Whether the source's id, or what it says of its doctor, is to be remembered.
    let saysNews: Bool

    mutating func register(as doctorID: String, at now: Instant) {
        guard present == nil else { return }
        doctor.doctorID = doctorID
        doctor.createdAt = ProtobufTimestamp(now)
        doctor.version = 1
    }

    var event: DoctorEvent? {
        guard let present else { return .registered }
        return doctor == present ? nil : .changed
    }

    var response: ImportDoctorResponse {
        ImportDoctorResponse(
            doctor: doctor, alreadyThere: present != nil, updated: event == .changed,
            possibleDuplicates: Array(possibleDuplicates.prefix(Identification.namedAtMost)))
    }
}

extension Reader {
    /// - Throws: `SOURCE_ID_TAKEN`, `POSSIBLE_DUPLICATE`, and what a change of the record is refused with.
    fileprivate func result(of row: DoctorRow) throws -> ImportResult {
        let imported = row.imported
        let known = try row.sourceID.flatMap { try doctor(knownBy: $0) }
        let namesakes = try namesakes(of: imported.identity, knownTo: row.sourceID?.source).map(row.namesake)
        let found = Identification(of: imported, given: IdentificationFacts(owner: known?.owner(in: row.region), namesakes: namesakes))
        if let rejection = rejection(of: found) { throw rejection }
        guard case .present(let id, let duplicates) = found else {
            return ImportResult(
                present: nil, doctor: row.newDoctor, possibleDuplicates: namesakes.map(\.id), saysNews: row.sourceID != nil)
        }
        let present = try doctor(id)
        return ImportResult(
            present: present, doctor: imported.updates ? try updated(present, by: row) : present, possibleDuplicates: duplicates,
            saysNews: known.map { imported.updates && $0.remembered != imported.identity } ?? true)
    }

    private func updated(_ doctor: Doctor, by row: DoctorRow) throws -> Doctor {
        let updated = row.updating(doctor)
        guard updated != doctor else { return doctor }
        let facts = RecordChangeFacts(isActive: doctor.status == .active, version: doctor.version)
        if let rejection = rejectionOfChange(expecting: nil, given: facts) { throw rejection }
        return updated
    }
}

extension Transaction {
    fileprivate func store(_ result: ImportResult) throws {
        guard let present = result.present else { return try insert(result.doctor) }
        if result.doctor != present { try update(present, to: result.doctor) }
    }
}
