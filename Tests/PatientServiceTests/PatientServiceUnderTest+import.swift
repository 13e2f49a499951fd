import Contracts
import HMSTestKit
import PatientService
import RPC
import ServiceKit
import Storage
import Testing

extension PatientServiceUnderTest {
    /// The service as an administrator calls it.
    func administrator(idempotencyKey: String? = nil) async throws -> PatientServiceClient {
        PatientServiceClient(ChannelOfCaller(service.channel, try await hospital.options(.admin, idempotencyKey: idempotencyKey)))
    }

    func take(_ request: ImportPatientRequest) async throws -> ImportPatientResponse {
        try await administrator().importPatient(request)
    }

    /// Takes somebody in and answers his id.
    @discardableResult
    func takeNew(_ request: ImportPatientRequest) async throws -> String {
        let answer = try await take(request)
        #expect(!answer.alreadyThere && !answer.updated)
        return try #require(answer.patient?.patientID)
    }

    func note(_ allergy: String, of patientID: String, validateOnly: Bool = false) async throws -> ImportAllergyResponse {
        let request = ImportAllergyRequest(patientID: patientID, allergy: allergy, validateOnly: validateOnly)
        return try await administrator().importAllergy(request)
    }

    /// Whom a source's id means.
    func known(_ source: String, _ sourceID: String) async throws -> [String] {
        try await patients.listPatients(ListPatientsRequest(source: source, sourceID: sourceID)).patients.map(\.patientID)
    }

    /// Everything that the service keeps of patients, and what it has to tell of them.
    func contents() async throws -> [String] {
        try await service.resources.database.read { reader in
            try ["patients", "source_ids", "hms_outbox"].flatMap { table in
                try reader.rows("SELECT * FROM \(table)") { row in
                    table + " " + (0..<row.count).map { "\(row.value($0))" }.joined(separator: "|")
                }
            }
        }
    }

    func execute(_ sql: String) async throws {
        try await service.resources.database.write { _ = try $0.execute(sql) }
    }
}

/// Asha Rao of a source, as she says herself to be; `change` says what is other.
func asha(_ sourceID: String? = "7", source: String = "old", _ change: (inout ImportPatientRequest) -> Void = { _ in })
    -> ImportPatientRequest
{
    var request = ImportPatientRequest(name: "Asha Rao", email: "asha@example.org", dob: "1980-02-29")
    if let sourceID {
        request.source = source
        request.sourceID = sourceID
    }
    change(&request)
    return request
}
