public import Contracts
public import RPC
import ServiceKit
import Storage
import Vocabulary

extension PatientService {
    /// Lists patients, newest first. A page goes on after the last row of the one before, so patients who are registered
    /// meanwhile move nothing.
    public func listPatients(_ request: ListPatientsRequest, _ context: CallContext) async throws -> ListPatientsResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let filter = try PatientFilter(request, phoneRegion)
        let found = try await database.scan { try $0.patients(matching: filter, before: end, limit: rows + 1) }
        let page = found.prefix(rows)
        return ListPatientsResponse(
            patients: page.map(\.patient), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

extension ListPatientsRequest {
    private var filters: [String] { [query, email, phone, "\(status.rawValue)", dob, source, sourceID].map { $0 ?? "" } }

    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: filters).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredPatient?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: filters) } ?? ""
    }
}
