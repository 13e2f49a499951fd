import Contracts
import ServiceKit
import Storage
import Vocabulary

extension Reader {
    /// The prescription that an import is about, where it is there already: the one that its source id means, or else one
    /// that says the same, whatever its status.
    ///
    /// - Throws: `SOURCE_ID_TAKEN` where the source id means another.
    func present(
        _ prescription: Prescription, as request: ImportPrescriptionRequest, _ sourceID: SourceID?
    ) throws -> StoredPrescription? {
        guard let sourceID else { return try self.prescription(like: prescription, isTimed: request.issuedAt != nil) }
        if let known = try self.prescription(of: sourceID) {
            guard known.prescription.isAbout(prescription) else {
                throw Rejection.sourceIDTaken(by: known.prescription.prescriptionID, .prescription)
            }
            return known
        }
        return try self.prescription(like: prescription, isTimed: request.issuedAt != nil, withoutSource: true)
    }

    private func prescription(of sourceID: SourceID) throws -> StoredPrescription? {
        try row(
            """
            SELECT \(StoredPrescription.columns) FROM prescriptions
            WHERE seq = (SELECT prescription_seq FROM prescription_sources WHERE source = ? AND source_id = ?)
            """,
            [.text(sourceID.source), .text(sourceID.value)], StoredPrescription.init)
    }

    /// The prescription of the same medication, dosage and days for the same appointment.
    ///
    /// - Parameters:
    ///   - isTimed: whether it was issued at the same time, too.
    ///   - withoutSource: whether only those are looked at that no source id means.
    private func prescription(like other: Prescription, isTimed: Bool, withoutSource: Bool = false) throws -> StoredPrescription? {
        try row(
            """
            SELECT \(StoredPrescription.columns) FROM prescriptions
            WHERE appointment_id = ? AND medication = ? AND dosage = ? AND days = ? AND (? = 0 OR issued_at = ?)
                AND (? = 0 OR NOT EXISTS (SELECT 1 FROM prescription_sources o WHERE o.prescription_seq = prescriptions.seq))
            ORDER BY seq LIMIT 1
            """,
            [
                .text(other.appointmentID), .text(other.medication), .text(other.dosage), SQLValue(other.days), SQLValue(isTimed),
                SQLValue(other.issuedAt?.instant?.millisecondsSinceEpoch), SQLValue(withoutSource),
            ], StoredPrescription.init)
    }
}

extension Transaction {
    /// Keeps what a source id means. Once known it means the same for ever.
    func remember(_ sourceID: SourceID?, of sequence: Int64) throws {
        guard let sourceID else { return }
        try enqueue(
            """
            INSERT INTO prescription_sources (source, source_id, prescription_seq) VALUES (?, ?, ?)
            ON CONFLICT (source, source_id) DO NOTHING
            """,
            [.text(sourceID.source), .text(sourceID.value), .integer(sequence)])
    }
}

extension Prescription {
    /// Whether both say that this medication was prescribed for this visit. How it is taken is told better at times.
    fileprivate func isAbout(_ other: Prescription) -> Bool {
        appointmentID == other.appointmentID && medication == other.medication
    }
}
