public import Contracts
public import RPC
import ServiceKit
import Storage

extension DoctorService {
    /// Lists the leaves of a doctor, newest first, without those that were removed.
    public func listLeaves(_ request: ListLeavesRequest, _ context: CallContext) async throws -> ListLeavesResponse {
        let page = try PageRequest<Int64>(
            request.pageSize, after: request.pageToken,
            filters: [request.doctorID])
        let leaves = try await database.read { reader in
            let doctor = try reader.doctor(request.doctorID)
            return try reader.leaves(of: doctor.doctorID, on: page)
        }
        return ListLeavesResponse(leaves: leaves.rows.map(\.leave), nextPageToken: leaves.nextToken)
    }
}
