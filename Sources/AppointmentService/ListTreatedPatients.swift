import AppointmentRules
public import Contracts
public import RPC
import ServiceKit
import Storage

extension AppointmentService {
    /// Tells which of some patients a doctor treats.
    public func listTreatedPatients(
        _ request: ListTreatedPatientsRequest, _ context: CallContext
    ) async throws -> ListTreatedPatientsResponse {
        let treated = try await database.read { reader in
            try request.patientIds.filter { try reader.states(of: $0, with: request.doctorID).contains(where: \.isTreatment) }
        }
        return ListTreatedPatientsResponse(patientIds: treated)
    }
}
