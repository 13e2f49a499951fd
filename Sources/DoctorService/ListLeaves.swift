public import Contracts
public import RPC
import ServiceKit
import Storage

extension DoctorService {
    /// Lists the leaves of a doctor, newest first, without those that were removed.
    public func listLeaves(_ request: ListLeavesRequest, _ context: CallContext) async throws -> ListLeavesResponse {
        let rows = try PageSize.rows(request.pageSize)
        let end = try request.sequenceOfPageToken()
        let found = try await database.read { reader in
            let doctor = try reader.doctor(request.doctorID)
            return try reader.leaves(of: doctor.doctorID, before: end, limit: rows + 1)
        }
        let page = found.prefix(rows)
        return ListLeavesResponse(
            leaves: page.map(\.leave), nextPageToken: found.count > rows ? request.pageToken(after: page.last) : "")
    }
}

extension ListLeavesRequest {
    /// - Throws: `INVALID_ARGUMENT` for the token of another list.
    fileprivate func sequenceOfPageToken() throws -> Int64? {
        try PageToken.sortKey(in: pageToken, filters: [doctorID]).flatMap { Int64($0) }
    }

    fileprivate func pageToken(after last: StoredLeave?) -> String {
        last.map { PageToken.make(after: String($0.sequence), filters: [doctorID]) } ?? ""
    }
}
