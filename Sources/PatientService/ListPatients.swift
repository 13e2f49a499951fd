public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Lists patients, newest first. A page goes on after the last row of the one before, so patients who are registered
    /// meanwhile move nothing.
    public func listPatients(_ request: ListPatientsRequest, _ context: CallContext) async throws -> ListPatientsResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [
                request.query, request.email, request.phone, "\(request.status.rawValue)", request.dob, request.source, request.sourceID,
            ])
        let filter = try PatientFilter(request, phoneRegion)
        let patients = try await database.scan { try $0.patients(matching: filter, on: page) }
        return ListPatientsResponse(patients: patients.rows.map(\.patient), nextPageToken: patients.nextToken)
    }
}
